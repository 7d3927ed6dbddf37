"""Editions that read a database, a statistical file or an export of a platform."""

import shutil

import pandas as pd
import pytest
import sqlalchemy as sa
import yaml

from hotline_index.edition import open_edition
from hotline_index.manifest import fingerprint
from hotline_index.own_records import read_own
from hotline_index.reading import read_and_check
from survey.findings import InputError


@pytest.fixture
def home(small_edition, tmp_path):
    folder = tmp_path / "small"
    shutil.copytree(small_edition, folder)
    config = yaml.safe_load((folder / "edition.yaml").read_text(encoding="utf-8"))
    config.pop("simulation", None)
    (folder / "edition.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return folder


def reconfigure(folder, **changed):
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    text = yaml.safe_dump(config | changed, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return config


def into_database(folder) -> sa.Engine:
    config = reconfigure(folder)
    cells = pd.read_csv(folder / config["data"]["calls"], dtype=str)
    engine = sa.create_engine(f"sqlite:///{folder / 'data/survey.db'}")
    cells.to_sql("calls", engine, index=False)
    source = {"url": "sqlite:///data/survey.db", "table": "calls"}
    reconfigure(folder, data=config["data"] | {"calls": source})
    return engine


def test_a_database_gives_the_records_of_the_file(home):
    plain, _ = read_and_check(open_edition(home))
    into_database(home)
    records, _ = read_and_check(open_edition(home))
    pd.testing.assert_frame_equal(
        records["calls"].reset_index(drop=True), plain["calls"].reset_index(drop=True)
    )


def test_a_change_in_the_database_is_noticed(home):
    engine = into_database(home)
    first = fingerprint(open_edition(home))
    assert "sqlite:///data/survey.db#calls" in first["inputs"]
    assert fingerprint(open_edition(home)) == first
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE calls SET talk_seconds = '77' WHERE rowid = 1")
    changed = fingerprint(open_edition(home))
    assert {key for key in first if first[key] != changed[key]} == {"inputs"}


def test_a_map_of_columns_is_the_edition_s_and_not_of_a_unit_s_own_file(home):
    plain, _ = read_and_check(open_edition(home))
    config = reconfigure(home)
    path = home / config["data"]["calls"]
    own = home / "own.csv"
    cells = pd.read_csv(path, dtype=str)
    unit = plain["calls"]["unit"].iloc[0]
    cells[plain["calls"]["unit"].to_numpy() == unit].to_csv(own, index=False)
    cells.rename(columns={"unit": "1、被测城市", "call_id": "编号"}).to_csv(path, index=False)
    with pytest.raises(InputError, match="missing-column"):
        read_and_check(open_edition(home))
    reconfigure(home, columns={"calls": {"unit": "1、", "call_id": {"from": "编号"}}})
    edition = open_edition(home)
    records, _ = read_and_check(edition)
    pd.testing.assert_frame_equal(records["calls"], plain["calls"])
    assert set(read_own(edition, unit, {"calls": own})[0]["calls"]["unit"]) == {unit}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"columns": {"cals": {"unit": "城市"}}}, ""),
        ({"columns": {"channel_tests": {"unit": "城市"}}}, "'channel_tests' under data:"),
        ({"columns": {"calls": {"unit": {"form": "城市"}}}}, "a known key"),
        ({"data": {"calls": "postgresql://u:secret7@h/d#calls"}}, "a file, or for a database"),
        ({"data": {"calls": {"url": "sqlite:///x.db", "tabel": "calls"}}}, "a known key"),
    ],
)
def test_a_wrong_key_is_one_finding_with_its_line(home, changed, expected):
    reconfigure(home, **changed)
    with pytest.raises(InputError) as caught:
        open_edition(home)
    assert any(expected in finding.expected for finding in caught.value.findings)
    assert all(finding.row for finding in caught.value.findings)
    assert "secret7" not in str(caught.value)
