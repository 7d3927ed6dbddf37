"""What COINr takes in silence is an error or counted here.

Each test names what COINr 1.1.14 does (seen in its R sources and runs) and shows what happens here.
"""

import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from analysis.uncertainty.bootstrap import bootstrap
from analysis.uncertainty.sensitivity import variance_indices, weight_sensitivity
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
    with pytest.raises(InputError, match="did you mean 'process'"):
        weight_sensitivity(scores, ["goal", "proces"], base=8)
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

    def output(factors: np.ndarray, level: float) -> np.ndarray:
        return (level + factors[0] + 0.5 * factors[1])[None]

    plain, lifted = (
        variance_indices(lambda x, at=at: output(x, at), 2, base=256, seed=4)["first"]
        for at in (0.0, 1000.0)
    )
    assert lifted.to_numpy() == pytest.approx(plain.to_numpy(), abs=1e-9)
    assert plain.to_numpy() == pytest.approx([0.8, 0.2], abs=0.06)
    assert abs(uncentred(output, 1000.0)[0] - 0.8) > 1


def uncentred(output, level: float) -> np.ndarray:
    """First-order indices without centring: mean(f_B * (f_AB - f_A)) / var (Saltelli 2010)."""
    random = np.random.default_rng(4)
    a, b = random.uniform(0.75, 1.25, (2, 2, 256))
    f_a, f_b = output(a, level)[0], output(b, level)[0]
    found = []
    for at in range(2):
        mixed = a.copy()
        mixed[at] = b[at]
        found.append((f_b * (output(mixed, level)[0] - f_a)).mean())
    return np.array(found) / np.concatenate([f_a, f_b]).var()
