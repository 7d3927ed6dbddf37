import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.audit.evidence import Evidence
from analysis.audit.items import check_items, discrimination
from indicators.scores import score
from indicators.system import System
from survey.records import Records

WORDS = {"zh": "甲", "en": "a"}
LIKERT = {"likert": [1, 5]}


def survey(columns: dict[str, np.ndarray], table: str = "responses", **more: np.ndarray):
    n = len(next(iter(columns.values())))
    items = [{"id": name, **WORDS, "table": table, "rule": LIKERT} for name in columns]
    system = System.model_validate(
        {"id": "made", "title": WORDS, "source": WORDS, "children": [
            {"id": "scale", **WORDS, "items": items}
        ]}
    )  # fmt: skip
    units = ["u0", "u1", "u2"]
    key = {"responses": "response_id", "calls": "call_id"}[table]
    frame = pd.DataFrame(
        {key: [f"r{at}" for at in range(n)], "unit": np.resize(units, n), **columns, **more},
        index=pd.RangeIndex(2, n + 2, name="row"),
    )
    return score(Records({table: frame}), system, units)[0]


def found(scores) -> dict[tuple[str, str], object]:
    return {(row.check.id, row.where): row for row in check_items(Evidence(scores))}


def answers(n: int = 120, seed: int = 0) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(seed)
    common = random.normal(size=n)
    return tuple(np.clip(np.rint(3 + common + 0.7 * random.normal(size=n)), 1, 5) for _ in range(3))


def test_good_items_pass():
    one, two, three = answers()
    rows = found(survey({"q1": one, "q2": two, "q3": three}))
    assert {row.verdict for row in rows.values()} == {"pass"}
    assert len(rows) == 12


def test_a_reversed_item_fails():
    one, two, three = answers()
    rows = found(survey({"q1": one, "q2": two, "q3": 6 - three}))
    assert rows[("item-rest", "q3")].verdict == "fail"
    assert rows[("item-discrimination", "q3")].verdict == "fail"


@pytest.mark.parametrize(("blank", "verdict"), [(0.1, "pass"), (0.3, "warn"), (0.6, "fail")])
def test_item_response(blank, verdict):
    one, two, three = answers()
    one[: int(blank * len(one))] = np.nan
    rows = found(survey({"q1": one, "q2": two, "q3": three}))
    assert rows[("item-answered", "q1")].verdict == verdict
    assert rows[("item-answered", "q1")].value == pytest.approx(1 - blank)


def test_an_item_nobody_answered():
    one, two, _ = answers()
    rows = found(survey({"q1": one, "q2": two, "q3": np.full(len(one), np.nan)}))
    assert rows[("item-answered", "q3")].verdict == "fail"
    assert ("item-extremes", "q3") not in rows


@pytest.mark.parametrize(("end", "told"), [(5, "满分"), (1, "零分")])
def test_ceiling_and_floor(end, told):
    one, two, three = answers()
    one[:] = end
    one[:4] = 3
    row = found(survey({"q1": one, "q2": two, "q3": three}))[("item-extremes", "q1")]
    assert row.verdict == "fail"
    assert told in row.found[0]
    assert row.value == pytest.approx(116 / 120)


def test_an_item_alone_has_no_rest():
    rows = found(survey({"q1": answers()[0]}))
    assert {check for check, _ in rows} == {"item-answered", "item-extremes"}


def test_calls_nobody_answered_are_not_asked():
    one, two, three = answers()
    outcome = np.where(np.arange(120) < 60, "answered", "busy").astype(object)
    blank = np.where(np.arange(120) < 60, one, np.nan)
    rows = found(survey({"q1": blank, "q2": two, "q3": three}, "calls", outcome=outcome))
    assert rows[("item-answered", "q1")].value == 1


@given(st.integers(0, 1000))
def test_discrimination_is_between_minus_one_and_one(seed):
    random = np.random.default_rng(seed)
    points, rest = random.random((2, 30))
    d = discrimination(points, rest)
    assert -1 <= d <= 1
    assert discrimination(1 - points, rest) == pytest.approx(-d)
    order = random.permutation(30)
    assert discrimination(points[order], rest[order]) == pytest.approx(d)


def test_an_item_that_decides_all_has_discrimination_one():
    rest = np.linspace(0, 1, 50)
    assert discrimination((rest > 0.5).astype(float), rest) == 1
