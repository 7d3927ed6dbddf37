import pandas as pd
import pytest

from survey.cities import CITIES, TIERS, about_cities, about_tiers, city_tiers
from survey.findings import InputError
from survey.register import load_register

TABLE = load_register().table
FILE = pd.read_csv(TIERS, dtype="str")


def test_the_published_tiers_divide_all_units():
    sizes = {name: tier.units for name, tier in about_tiers().tiers.items()}
    assert sizes == {"一线": 4, "新一线": 15, "二线": 30, "三线": 70, "四线": 90, "五线": 128}
    assert sum(sizes.values()) == about_cities().units


def test_a_tier_is_stated_for_all_of_its_units_or_for_none():
    stated = {name: tier.units for name, tier in about_tiers().tiers.items() if tier.stated}
    assert FILE["tier"].value_counts().to_dict() == stated
    assert FILE["unit"].is_unique


def test_the_file_names_units_as_the_register_does():
    assert set(FILE["unit"]) <= set(TABLE.index)


def test_the_register_has_the_tiers_and_says_nothing_of_the_rest():
    tier = TABLE["tier"]
    assert tier.dropna().to_dict() == FILE.set_index("unit")["tier"].to_dict()
    assert tier.isna().sum() == len(TABLE) - len(FILE)
    assert tier.dtype == TABLE["level"].dtype


def test_every_unit_has_a_tier_of_the_list_of_2025():
    tier = TABLE["tier"]
    assert about_tiers().edition == 2025
    assert tier.notna().all()
    assert set(tier.index[tier == "一线"]) == {"北京", "上海", "广州", "深圳"}
    assert tier[["佛山", "昆明", "无锡"]].tolist() == ["新一线", "二线", "二线"]


def test_cities_are_found_in_any_order_and_strangers_have_none():
    found = city_tiers(pd.Index(["苏州", "某市", "上海"]))
    assert found.index.tolist() == ["苏州", "某市", "上海"]
    assert found.isna().tolist() == [False, True, False]
    assert found.dropna().tolist() == ["新一线", "一线"]


def test_the_tier_is_no_column_of_the_register_file():
    assert "tier" not in CITIES.read_text(encoding="utf-8").splitlines()[0].split(",")


def test_a_missing_file_is_one_clear_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("survey.cities.TIERS", TIERS.with_name("no-tiers.csv"))
    with pytest.raises(InputError, match="no-such-file"):
        city_tiers(TABLE.index)
