"""What COINr takes in silence is an error or counted here.

Each test names what COINr 1.1.14 does (seen in its R sources and runs) and shows what happens here.
"""

import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.bootstrap import bootstrap
from analysis.uncertainty.factors import method_factors
from analysis.uncertainty.method import method_draws
from analysis.uncertainty.sobol import variance_indices
from indicators.scores import score
from indicators.system import System
from indicators.system_file import load_system, revised
from indicators.what_if import what_if
from survey.contracts import AnswerColumn
from survey.findings import InputError
from survey.intake import read_records
from survey.records import Records
from survey.register import Register


def flat(weights=(1, 1), indicators=49):
    """A system of one indicator with many figures, all higher is better."""
    items = [
        {"id": f"i{at}", "zh": "x", "en": "x", "table": "figures", "weight": weights[at % 2]}
        for at in range(indicators)
    ]
    words = {"zh": "x", "en": "x"}
    node = {"id": "all_of_it", **words, "items": items}
    return {"id": "flat", "title": words, "source": words, "children": [node]}


def figures(values: np.ndarray) -> Records:
    frame = pd.DataFrame(values, columns=[f"i{at}" for at in range(values.shape[1])])
    frame.insert(0, "unit", [f"u{at}" for at in range(len(values))])
    frame.index = pd.RangeIndex(2, len(values) + 2, name="row")
    return Records({"figures": frame})


def test_a_misspelt_target_of_an_uncertainty_or_a_what_if_is_an_error():
    """SA_specs$Addr with a wrong address perturbs nothing and reports no uncertainty."""
    system = load_system("hotline-2021")
    scores, _ = score(random_records(system, ["a", "b", "c"]), system, ["a", "b", "c"])
    plan = MethodPlan.model_validate(
        {"weights": {"goal": {"normal": 0.1}, "proces": {"normal": 0.1}}}
    )
    with pytest.raises(InputError, match="did you mean 'process'"):
        method_factors(plan, system)
    for changes in ({"proces": {"weight": 2}}, {"process": {"wieght": 2}}):
        with pytest.raises(InputError, match=r"did you mean .(process|weight)."):
            what_if(scores, changes)
    with pytest.raises(InputError, match="did you mean 'transparency'"):
        what_if(scores, leave_out=["transparancy"])


def test_a_unit_with_one_of_49_indicators_has_no_rank():
    """With na.rm means, Aggregate ranks a unit first that has one figure, the best of all."""
    values = np.random.default_rng(1).uniform(0, 9, (10, 49))
    values[0] = np.nan
    values[0, 7] = 10
    system = System.model_validate(flat())
    scores, findings = score(figures(values), system, [f"u{at}" for at in range(10)])
    ranking = scores.ranking().set_index("unit")
    assert pd.isna(ranking.loc["u0", "rank"])
    assert ranking["rank"].notna().sum() == 9
    assert scores.coverage[0, -1, 1] == pytest.approx(1 / 49)
    assert any(f.check == "no-score" and "u0" in f.got and f.count == 1 for f in findings)


def test_failed_replicates_are_counted():
    """get_sensitivity drops replications that end in an error, and tells nobody."""
    system = load_system("hotline-2021")
    units = ["a", "b", "c", "d"]
    records = random_records(system, units, seed=2, calls=4, responses=4, missing=0.55)
    scores, _ = score(records, system, units)
    draws, findings = bootstrap(scores, replicates=200, seed=3)
    ranked = ~np.isnan(scores.score[:, -1, 0])
    lost = int(np.isnan(draws.total[:, ranked]).sum())
    assert lost > 0
    (finding,) = [f for f in findings if f.check == "draws-without-total"]
    assert finding.count == lost and str(lost) in finding.got
    plan = MethodPlan.model_validate({"draws": 100, "missing": ["no_score"]})
    of_method, findings = method_draws(scores, plan)
    lost = int(np.isnan(of_method.ranks[:, ranked]).sum())
    assert lost > 0 and of_method.table()["failed"].sum() == lost
    (finding,) = [f for f in findings if f.check == "method-without-total"]
    assert finding.count == lost and str(lost) in finding.got


@pytest.mark.parametrize("weight", [-1, float("inf"), float("nan")])
def test_negative_and_infinite_weights_are_refused(weight):
    """new_coin takes both; a negative weight turns an indicator round in silence."""
    with pytest.raises(InputError) as error:
        revised(System.model_validate(flat()), flat(weights=(1, weight), indicators=2))
    assert "weight" in error.value.findings[0].column


@pytest.mark.parametrize("cell", ["Inf", "-inf", "1e999"])
def test_infinite_figures_are_refused(tmp_path, cell):
    """Inf in iData passes every check and makes min-max scores of 0 and NaN."""
    path = tmp_path / "figures.csv"
    path.write_text(f"unit,i0\nu0,1\nu1,{cell}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_records(
            {"figures": path},
            Register.of_figures(path),
            {"figures": (AnswerColumn("i0", "number"),)},
            audiences=False,
        )
    (finding,) = error.value.findings
    assert (finding.check, finding.row, finding.column) == ("not-a-number", 3, "i0")


def test_the_sensitivity_estimator_is_centred():
    """SA_estimate uses f(A), f(B) as they are: a constant added to the output moves the indices."""
    a, b = np.random.default_rng(4).uniform(size=(2, 2048, 2))
    points = [a, b, np.column_stack([b[:, 0], a[:, 1]]), np.column_stack([a[:, 0], b[:, 1]])]

    def output(level: float) -> list[np.ndarray]:
        return [level + x[:, :1] + 0.5 * x[:, 1:] for x in points]

    plain, lifted = (
        variance_indices(f_a, f_b, np.stack(mixed)).interval("first", 0.95)[0][:, 0]
        for f_a, f_b, *mixed in map(output, (0.0, 1000.0))
    )
    assert lifted == pytest.approx(plain, abs=1e-9)
    assert plain == pytest.approx([0.8, 0.2], abs=0.06)
    f_a, f_b, *mixed = output(1000.0)
    uncentred = (f_b * (mixed[0] - f_a)).mean() / np.concatenate([f_a, f_b]).var()
    assert abs(uncentred - 0.8) > 1
