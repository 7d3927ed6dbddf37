import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from analysis.audit.index import CHECKS, OF_SCORES, audit_index, untested
from analysis.audit.page import details, lines, page
from analysis.audit.verdicts import COLUMNS
from indicators.scores import score
from indicators.system_file import load_system
from survey.records import Records

UNITS = [f"u{at:02d}" for at in range(16)]
PUBLISHED = pd.DataFrame(
    {
        "rule": ["counts-sum", "rank-claims", "rank-claims", "printed-order", "new-rule"],
        "where": ["表1", "第一章", "第二章", "表2", "表3"],
        "gap": [0.0, 1.0, np.nan, np.nan, np.nan],
        "verdict": ["consistent", "contradiction", "consistent", "not-checkable", "consistent"],
        "zh": ["相符。", "不符。", "相符。", "无法核对。", "相符。"],
        "en": ["Agrees.", "Differs.", "Agrees.", "Unknown.", "Agrees."],
    }
)
META = {"title": {"zh": "某指数", "en": "An index"}, "units": 16, "simulated": True}


@pytest.fixture(scope="module")
def hotline():
    system = load_system("hotline-2021")
    records = random_records(system, UNITS, seed=1)
    return records, system, score(records, system, UNITS)[0]


@pytest.fixture(scope="module")
def audited(hotline):
    return audit_index(hotline[2], published=PUBLISHED, seed=3)


def test_every_row_is_of_a_known_check_in_order(audited):
    table = audited
    assert tuple(table.columns) == COLUMNS
    known = [list(CHECKS).index(each) for each in table["check"] if each in CHECKS]
    assert known == sorted(known)
    assert set(table["verdict"]) <= {"pass", "warn", "fail"}
    assert not table[["where", "zh", "en", "rule_zh", "rule_en"]].isin([""]).any().any()
    assert table["zh"].str.endswith("。").all()
    assert table["en"].str.endswith(".").all()
    assert not table[["zh", "en"]].apply(lambda column: column.str.contains("nan")).any().any()


def test_what_cannot_be_tested_is_told(audited):
    """16 units are fewer than the 17 indicators; there are no standard errors and no other ranks."""
    expected = ["kmo", "tree", "rank-range", "reliability"]
    assert [each.id for each in untested(audited)] == expected
    told = "、".join(CHECKS[each].name[0] for each in expected)
    assert f"未检验（没有相应数据或数据过少）：{told}。" in page(audited, META)


def test_neither_the_order_of_records_nor_a_second_run_changes_the_audit(hotline, audited):
    records, system, scores = hotline
    random = np.random.default_rng(0)
    shuffled = {
        name: frame.iloc[random.permutation(len(frame))] for name, frame in records.tables.items()
    }
    again, _ = score(Records(shuffled), system, UNITS)
    for each in (scores, again):
        repeated = audit_index(each, published=PUBLISHED, seed=3)
        pd.testing.assert_frame_equal(audited, repeated)


def test_published_figures_only():
    table = audit_index(None, published=PUBLISHED)
    verdicts = dict(zip(table["check"], table["verdict"], strict=True))
    assert verdicts["published-rank-claims"] in ("fail", "pass")
    told = {line.check: (line.verdict, line.flagged, line.n) for line in lines(table)}
    assert told == {
        "published-rank-claims": ("fail", 1, 2),
        "published-printed-order": ("warn", 1, 1),
        "published-counts-sum": ("pass", 0, 1),
        "published-new-rule": ("pass", 0, 1),
    }
    text = page(table, META)
    assert "通过 2 项，警示 1 项，不通过 1 项" in text
    assert "未检验" not in text


def test_nothing_at_all():
    table = audit_index(None)
    assert table.empty
    assert "0项检查" in page(table, META)


@pytest.mark.parametrize("system", ["hotline-quality", "hotline-operations"])
def test_every_shipped_system_can_be_audited(system):
    loaded = load_system(system)
    scores, _ = score(random_records(loaded, UNITS, seed=2), loaded, UNITS)
    table = audit_index(scores)
    assert {"coverage", "effective-weight", "idle"} <= set(table["check"])
    page(table, META, "en")


@pytest.mark.parametrize("units", [1, 2, 3, 9, 11])
def test_few_units(index_of, units):
    values = np.random.default_rng(0).uniform(1, 9, (units, 4))
    table = audit_index(index_of(values, {"x": ["a", "b"], "y": ["c", "d"]}))
    assert "coverage" in set(table["check"])
    page(table, META)


def test_an_index_without_any_score(index_of):
    table = audit_index(index_of(np.full((15, 3), np.nan), list("abc")))
    assert set(table["verdict"]) == {"warn", "fail"}
    page(table, META)


def test_an_index_where_all_units_are_equal(index_of):
    table = audit_index(index_of(np.full((15, 3), 5.0), list("abc")))
    verdicts = dict(zip(table["check"], table["verdict"], strict=True))
    assert verdicts["idle"] == "fail"
    assert verdicts["coverage"] == "pass"


def test_a_single_indicator(index_of):
    table = audit_index(index_of(np.linspace(1, 9, 20)[:, None], ["a"]))
    assert set(table["check"]) <= {"coverage", "outliers", "item-extremes"}


def test_a_sound_index_has_no_fail_and_a_broken_one_does(index_of, correlated):
    sound = correlated([[0.75, 0.1]] * 3 + [[0.1, 0.75]] * 3)
    tree = {"x": ["a", "b", "c"], "y": ["d", "e", "f"]}
    assert "fail" not in set(audit_index(index_of(sound, tree))["verdict"])
    broken = sound.copy()
    broken[:, 0] = 10 - broken[:, 1]
    broken[:, 4] = broken[:, 3]
    table = audit_index(index_of(broken, tree))
    failed = set(table.loc[table["verdict"] == "fail", "check"])
    assert {"siblings", "one-dimension", "double-counting"} <= failed


def test_the_page_is_one_page_the_worst_first(audited):
    for lang, marks in (
        ("zh", ("不通过 (", "警示 (", "通过 (")),
        ("en", ("Fail (", "Warning (", "Pass (")),
    ):
        text = page(audited, META, lang)
        assert len(text.splitlines()) < 75
        places = [text.index(f"## {mark}") for mark in marks]
        assert places == sorted(places)
    assert "**模拟数据，不得引用**" in page(audited, META)
    assert "模拟" not in page(audited, META | {"simulated": False})


def test_the_page_counts_checks_and_names_the_worst(audited):
    table = audited
    told = lines(table)
    counts = {each: sum(line.verdict == each for line in told) for each in ("pass", "warn", "fail")}
    text = page(table, META)
    assert f"通过 {counts['pass']} 项，警示 {counts['warn']} 项，不通过 {counts['fail']} 项" in text
    rest = next(line for line in told if line.check == "item-rest")
    worst = table[table["check"] == "item-rest"]["value"].min()
    assert rest.worst["value"] == worst
    assert rest.worst["zh"] in text


def test_other_places_are_named_by_their_labels(index_of):
    values = np.random.default_rng(0).uniform(1, 9, (20, 5))
    values[:12, :3] = np.nan
    table = audit_index(index_of(values, list("abcde")))
    labels = {each: {"zh": f"{each}甲", "en": each} for each in "abcde"}
    assert "“b甲”、“c甲”" in page(table, META | {"labels": labels})


def test_names_line_up_in_a_terminal(audited):
    rows = [row for row in page(audited, META).splitlines() if row.startswith("- ")]
    wide = [sum(1 + (char > "⺀") for char in row.split("  ")[0]) for row in rows]
    assert len(rows) > 15
    assert max(wide) < 30


def test_details_hold_every_row(audited):
    text = details(audited)
    assert text.count("\n") == len(audited) + 2
    order = [row.split(" | ")[0].strip("| ") for row in text.splitlines()[2:]]
    assert order == sorted(order, key=["不通过", "警示", "通过"].index)
    assert len(OF_SCORES) == 22
