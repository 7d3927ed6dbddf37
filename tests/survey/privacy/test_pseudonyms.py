"""Pseudonyms: stable with a key, unlinkable without it."""

import hashlib
import hmac
import stat

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.findings import InputError
from survey.privacy import pseudonyms
from survey.privacy.pseudonyms import (
    key_mark,
    new_key,
    pseudonymise,
    pseudonymise_records,
    read_key,
)
from survey.records import Records

KEY = b"0123456789abcdef0123456789abcdef"


def of(*names: str | None, key: bytes = KEY, letter: str = "S") -> list:
    return pseudonymise(pd.Series(names, dtype="str"), key, letter).tolist()


def test_a_code_is_the_hmac_of_the_name():
    digest = hmac.new(KEY, "王伟".encode(), hashlib.sha256).hexdigest()
    number = int(digest[:8], 16) >> 2
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    code = ""
    for _ in range(6):
        number, digit = divmod(number, 32)
        code = digits[digit] + code
    assert of("王伟") == [f"S-{code}"]


def test_codes_are_stable_and_other_with_another_key():
    first = of("王伟", "李娜", "王伟")
    assert first[0] == first[2] != first[1]
    assert of("李娜")[0] == first[1]
    assert of("王伟", key=KEY[::-1])[0] != first[0]
    assert key_mark(KEY) != key_mark(KEY[::-1])


def test_spellings_of_one_name_have_one_code():
    assert len({*of("王伟", " 王　伟", "王 伟")}) == 1
    assert len({*of("Li Lei", "li lei", "ＬＩ ＬＥＩ")}) == 1


@given(st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=8)), min_size=1, max_size=20))
def test_coding_twice_is_coding_once_and_blanks_stay(names):
    series = pd.Series(names, dtype="str", index=range(7, 7 + len(names)))
    once = pseudonymise(series, KEY)
    pd.testing.assert_series_equal(pseudonymise(once, KEY), once)
    assert (once.isna() == series.isna()).all() and (once.index == series.index).all()
    assert once.dropna().str.fullmatch(r"[A-Z]-[0-9A-HJKMNP-TV-Z]{6}").all()


def test_two_names_with_one_code_are_refused_without_telling_them(monkeypatch):
    monkeypatch.setattr(pseudonyms, "_code", lambda name, key: "AAAAAA")
    with pytest.raises(InputError) as error:
        of("王伟", "李娜")
    assert "王伟" not in str(error.value) and "one code for two names" in str(error.value)


def test_every_table_and_the_ledger_use_the_same_codes():
    calls = pd.DataFrame({"call_id": ["C1"], "shopper": ["王伟"]}, dtype="str")
    plan = calls.assign(role="main")
    cases = pd.DataFrame({"case_id": ["K1"], "reviewer": ["李娜"]}, dtype="str")
    ledger = pd.DataFrame(
        {
            "record_id": ["C1", "K1 / 李娜", "C1"],
            "item": ["shopper", "novelty", "slot"],
            "old": ["王伟", "2", "王伟"],
            "new": ["张三", "3", None],
        },
        dtype="str",
    )
    tables = {"calls": calls, "plan": plan, "cases": cases, "corrections": ledger}
    coded = pseudonymise_records(Records(tables, {"calls": "calls.csv"}), KEY)
    (shopper,), (reviewer,) = of("王伟"), of("李娜", letter="R")
    assert coded["calls"]["shopper"].tolist() == coded["plan"]["shopper"].tolist() == [shopper]
    assert coded["cases"]["reviewer"].tolist() == [reviewer]
    assert coded["corrections"]["old"].tolist() == [shopper, "2", "王伟"]
    assert coded["corrections"]["new"].iloc[0] == of("张三")[0]
    assert coded["corrections"]["record_id"].tolist() == ["C1", f"K1 / {reviewer}", "C1"]
    assert calls["shopper"].tolist() == ["王伟"] and coded.files == {"calls": "calls.csv"}


def test_a_new_key_is_its_owners_alone_and_never_replaced(tmp_path):
    path = tmp_path / "edition.key"
    new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = read_key(path)
    assert len(key) == 64
    with pytest.raises(InputError, match="keep it"):
        new_key(path)
    assert read_key(path) == key


def test_the_key_may_stand_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("HOTLINE_KEY", raising=False)
    with pytest.raises(InputError, match="HOTLINE_KEY"):
        read_key(tmp_path / "absent.key")
    monkeypatch.setenv("HOTLINE_KEY", "short")
    with pytest.raises(InputError, match="at least 16"):
        read_key(None)
    monkeypatch.setenv("HOTLINE_KEY", KEY.decode())
    assert read_key(tmp_path / "absent.key") == KEY


def test_a_million_records_take_a_moment():
    names = pd.Series([f"拨测员{n % 200}" for n in range(1_000_000)], dtype="str")
    assert pseudonymise(names, KEY).nunique() == 200
