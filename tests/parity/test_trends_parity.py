"""Changes between editions beside the same contrasts in R's survey; each names the call."""

import numpy as np
import pandas as pd
import pytest

from analysis.trends.bridge import bridge_editions
from analysis.trends.changes import compare_editions
from analysis.trends.judging import adjusted
from analysis.uncertainty.linearised import linearised_se
from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

# R 4.2.2, survey 4.1.1:
# d <- data.frame(year = rep(1:2, each = 12), unit = rep(rep(c("a", "b", "c"), each = 4), 2),
#   y = c(BEFORE, AFTER), w = 1)
# m <- svyby(~y, ~unit + year, svydesign(~1, strata = ~interaction(unit, year), weights = ~w,
#   data = d), svymean, covmat = TRUE)
# x <- svycontrast(m, list(a = c(-1,0,0,1,0,0), b = c(0,-1,0,0,1,0), c = c(0,0,-1,0,0,1),
#   nation = c(-1,-1,-1,1,1,1) / 3)); confint(x); 2 * pnorm(-abs(coef(x) / SE(x)))
BEFORE = [3, 5, 4, 6, 7, 7, 5, 8, 2, 4, 3, 1]
AFTER = [6, 7, 5, 7, 7, 6, 6, 8, 2, 3, 5, 1]
LOW = [0.1748993191, -1.5494875808, -1.8480161023]
HIGH = [3.325100681, 1.549487581, 2.348016102]
P = [0.02943593693, 1.0, 0.81533459436]
# with k the four answers of a unit: t.test(AFTER[k], BEFORE[k]), Welch's
WELCH_LOW = [-0.2573147825909, -1.96829329943, -2.417220622474]
WELCH_HIGH = [3.7573147825909, 1.96829329943, 2.917220622474]
WELCH_P = [0.0761113577413, 1.0, 0.823657802107]
NATION = (0.6666666667, -0.3489626119, 1.682295945, 0.19825639744)

SYSTEM = System.model_validate(
    {
        "id": "one", "title": {"zh": "一", "en": "one"}, "source": {"zh": "一", "en": "one"},
        "children": [{"id": "y", "zh": "甲", "en": "y", "items": [
            {"id": "answer", "zh": "甲", "en": "y", "table": "responses",
             "rule": {"likert": [0, 10]}}]}],
    }
)  # fmt: skip


def edition(answers: list[int]) -> Scores:
    frame = pd.DataFrame(
        {"response_id": range(12), "unit": np.repeat(["a", "b", "c"], 4), "answer": answers},
        index=pd.RangeIndex(2, 14, name="row"),
    )
    scores, _ = score(Records({"responses": frame.astype({"answer": float})}), SYSTEM, list("abc"))
    return scores.with_se(linearised_se(scores))


def test_changes_and_their_intervals_are_surveys_contrasts():
    changes, _ = compare_editions(edition(BEFORE), edition(AFTER))
    units = changes.units[changes.units["indicator"] == "total"]
    assert units["low"].to_numpy() == pytest.approx(LOW, abs=1e-7)
    assert units["high"].to_numpy() == pytest.approx(HIGH, abs=1e-7)
    assert units["p"].to_numpy() == pytest.approx(P, abs=1e-7)
    nation = changes.national.set_index("indicator").loc["total"]
    assert nation[["change", "low", "high", "p"]].tolist() == pytest.approx(NATION, abs=1e-7)


def test_real_change_under_one_system_is_judged_as_welch_judges_it():
    bridge, _ = bridge_editions(edition(BEFORE), edition(AFTER))
    assert bridge.units["low"].to_numpy() == pytest.approx(WELCH_LOW, abs=1e-7)
    assert bridge.units["high"].to_numpy() == pytest.approx(WELCH_HIGH, abs=1e-7)
    assert bridge.units["p"].to_numpy() == pytest.approx(WELCH_P, abs=1e-7)
    nation = bridge.nation.iloc[0]
    assert nation[["real", "low", "high", "p"]].tolist() == pytest.approx(NATION, abs=1e-7)


def test_adjusted_p_values_of_r():
    # R: p.adjust(p, "BH") and p.adjust(p, "holm") of P
    p = np.array(P)[:, None]
    for way in ("bh", "holm"):
        assert adjusted(p, way)[:, 0] == pytest.approx([0.0883078108, 1, 1], abs=1e-9)
    # R: p.adjust(c(0.001, 0.012, 0.02, 0.04, 0.3), "BH") and "holm"
    p = np.array([0.001, 0.012, 0.02, 0.04, 0.3])[:, None]
    assert adjusted(p, "bh")[:, 0] == pytest.approx([0.005, 0.03, 1 / 30, 0.05, 0.3])
    assert adjusted(p, "holm")[:, 0] == pytest.approx([0.005, 0.048, 0.06, 0.08, 0.3])
