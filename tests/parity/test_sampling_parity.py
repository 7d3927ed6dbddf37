"""Standard errors by linearisation and the variance component of shoppers, as R has them."""

from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.uncertainty.design import Sample
from analysis.uncertainty.linearised import linearised_se
from analysis.uncertainty.shoppers import estimate_shoppers
from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

RESPONSES = """response_id,unit,audience,weight,q1,q2,q3
r01,u,citizen,1.0,4,5,3
r02,u,citizen,2.0,2,3,4
r03,u,citizen,0.5,5,4,
r04,u,citizen,1.5,3,,2
r05,u,citizen,1.0,4,4,5
r06,u,enterprise,1.0,2,3,2
r07,u,enterprise,3.0,3,5,4
r08,u,enterprise,0.7,4,2,
r09,u,enterprise,1.1,5,3,3
"""
CASES = """case_id,unit,kind,reviewer,novelty
k1,u,content,,6
k1,u,content,,7
k2,u,content,,3
k3,u,content,,8
k3,u,content,,6
k4,u,method,,5
k5,u,method,,9
k5,u,method,,8
k6,u,method,,4
"""


def words(name: str) -> dict[str, str]:
    return {"id": name, "zh": name, "en": name}


def item(name: str, table: str, rule: dict[str, Any], **more: Any) -> dict[str, Any]:
    return words(name) | {"table": table, "rule": rule} | more


def system() -> System:
    told, likert, rubric = {"zh": "s", "en": "s"}, {"likert": [1, 5]}, {"likert": [0, 10]}
    service = [
        words("a") | {"items": [item("q1", "responses", likert), item("q2", "responses", likert)], "aggregate": "geometric"},
        words("b") | {"items": [item("q3", "responses", likert)], "weight": 2},
    ]  # fmt: skip
    new = [
        words(kind) | {"items": [item(f"{kind}_n", "cases", rubric, column="novelty", where={"kind": [kind]})]}
        for kind in ("content", "method")
    ]  # fmt: skip
    return System.model_validate({
        "id": "s", "title": told, "source": told,
        "audiences": {"citizen": told | {"weight": 3}, "enterprise": told | {"weight": 1}},
        "children": [
            words("service") | {"children": service, "aggregate": "harmonic"},
            words("new") | {"children": new, "role": "innovation", "bonus": 1},
        ],
    })  # fmt: skip


@pytest.fixture(scope="module")
def scores() -> Scores:
    responses, cases = (pd.read_csv(StringIO(text)) for text in (RESPONSES, CASES))
    for frame in (responses, cases):
        frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return score(Records({"responses": responses, "cases": cases}), system(), ["u"])[0]


SURVEY = {
    ("a", "citizen"): 1.245456434,
    ("b", "citizen"): 1.485593224,
    ("service", "citizen"): 0.9846192051,
    ("a", "enterprise"): 0.8018267822,
    ("b", "enterprise"): 1.321341998,
    ("service", "enterprise"): 1.130260213,
    ("a", "all"): 0.9553592827,
    ("b", "all"): 1.162132461,
    ("service", "all"): 0.7966631037,
    ("content", "all"): 0.916515139,
    ("method", "all"): 1.515544457,
    ("new", "all"): 0.8855612627,
}


@pytest.mark.parametrize(("indicator", "audience"), list(SURVEY))
def test_standard_errors_are_those_of_the_survey_package(scores, indicator, audience):
    """R 4.2.2, survey 4.1.1; r and k are the tables above, read with read.csv.

    ``one <- function(x, d) { x[is.na(x)] <- 0; x * d }``;
    ``r <- transform(r, c = audience == "citizen", e = audience == "enterprise")``;
    for each item i and audience d: ``r$y<i><d> <- one(2.5 * (r$q<i> - 1), r$<d>)`` and
    ``r$n<i><d> <- !is.na(r$q<i>) & r$<d>``;
    ``t <- svytotal(~ y1c + n1c + ... + y3e + n3e, svydesign(~1, strata = ~audience,
    weights = ~weight, data = r))``;
    ``a <- "sqrt(y1c / n1c * y2c / n2c)"``, ``b <- "y3c / n3c"``, and so on with e;
    ``SE(svycontrast(t, parse(text = ...)[[1]]))`` with a and b, ``3 / (1 / a + 2 / b)`` for
    service, and 0.75 and 0.25 of the two audiences for all of a and of b.
    Cases: ``SE(svymean(~novelty, subset(svydesign(~case_id, strata = ~kind, weights = ~one,
    data = k), kind == "content")))``; new is half the root of the sum of both squares.
    """
    at = scores.audience_index(audience), scores.hierarchy.index(indicator)
    assert linearised_se(scores)[0][at] == pytest.approx(SURVEY[indicator, audience], rel=1e-6)


def test_balanced_calls_have_the_variance_component_of_lme4():
    """Five shoppers who each call six units once.

    R 4.2.2, lme4 1.1.31: ``y <- c(5, 7, 6, 9, 4, 3, 6, 4, 8, 2, 6, 8, 9, 9, 5, 2, 5, 3, 6, 1, 7, 7,
    8, 10, 4, 4, 7, 5, 9, 3); unit <- factor(rep(1:6, each = 5)); shopper <- factor(rep(1:5, 6));
    VarCorr(lmer(y ~ unit + (1 | shopper)))$shopper[1]`` gives 4.073333.
    """
    points = [5, 7, 6, 9, 4, 3, 6, 4, 8, 2, 6, 8, 9, 9, 5, 2, 5, 3, 6, 1, 7, 7, 8, 10, 4, 4, 7, 5, 9, 3]  # fmt: skip
    unit = np.repeat(np.arange(6), 5)
    sample = Sample(
        table="calls", items=np.array([0]), unit=unit, audience=np.full(30, -1), stratum=unit,
        thing=np.arange(30), shopper=np.tile(np.arange(5), 6), kind=np.zeros(6, int),
        shoppers=("s1", "s2", "s3", "s4", "s5"), weight=np.ones(30),
        points=np.array(points, float)[:, None],
    )  # fmt: skip
    shoppers, _ = estimate_shoppers(sample)
    assert shoppers is not None
    assert shoppers.lift.var(ddof=1) == pytest.approx(4.073333, rel=1e-6)
