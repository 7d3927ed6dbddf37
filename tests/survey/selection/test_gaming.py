"""Selection and gaming: planted cases are found, honest ones are left alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.selection.against_calls import survey_against_calls
from survey.selection.gaming import FLAGS, VERDICTS, judge
from survey.selection.gaps import Answers, source_gaps
from survey.selection.settings import SelectionSettings
from survey.selection.typical import typical_effect

SETTINGS = SelectionSettings()
CITIES = 120


def answers(seed: int, *, n=60, mode=0.3, spread=0.1, cities=CITIES) -> Answers:
    """Honest answers with standard deviation 1 and a mode effect of 0.3."""
    random = np.random.default_rng(seed)
    unit = np.repeat(np.arange(cities), 2 * n)
    distributed = np.tile(np.arange(2 * n) >= n, cities)
    kindness = random.normal(mode, spread, cities)[unit] * distributed
    points = 6 + random.normal(0, 1, cities)[unit] + random.normal(0, 1, len(unit)) + kindness
    seconds = np.exp(random.normal(5, 0.4, len(unit)))
    return Answers(unit, distributed, points, (points > 7) * 1.0, seconds, np.ones(len(unit)))


def names(cities: int = CITIES) -> list[str]:
    return [f"u{city}" for city in range(cities)]


def judged(given: Answers, cities: int = CITIES, **settings) -> pd.DataFrame:
    chosen = SelectionSettings(**settings)
    gaps = source_gaps(given, names(cities), least=chosen.least, least_units=chosen.least_units)
    return judge(gaps.table.assign(residual_p=np.nan), chosen).set_index("unit")


def changed(given: Answers, **columns: np.ndarray) -> Answers:
    held = {name: getattr(given, name) for name in Answers.__dataclass_fields__}
    return Answers(**(held | columns))


def test_the_gap_is_the_welch_difference_when_nothing_is_borrowed():
    given = answers(1, n=4000, cities=12)
    row = source_gaps(given, names(12), least=20, least_units=10).table.iloc[3]
    own = given.unit == 3
    kind = given.points[own & given.distributed]
    plain = given.points[own & ~given.distributed]
    se = np.sqrt(kind.var(ddof=1) / len(kind) + plain.var(ddof=1) / len(plain))
    assert row["gap"] == pytest.approx(kind.mean() - plain.mean())
    assert (row["gap_high"] - row["gap_low"]) / 2 == pytest.approx(1.96 * se, rel=2e-3)
    assert row["sd_ratio"] == pytest.approx(kind.std(ddof=1) / plain.std(ddof=1))
    assert row["top_distributed"] == pytest.approx((kind > 7).mean())


def test_weights_move_the_gap():
    given = answers(2)
    heavy = np.where(given.points > 6, 3.0, 1.0) * np.where(given.distributed, 1, 0) + (
        ~given.distributed
    )
    plain, weighted = judged(given), judged(changed(given, weight=heavy))
    moved = weighted["gap"] - plain["gap"]
    assert moved.min() > -1e-12
    assert moved.mean() > 0.2


def test_a_record_of_weight_two_counts_as_two_in_the_mean():
    given = answers(2, cities=12)
    twice = changed(given, weight=np.where(given.unit == 0, 2.0, 1.0))
    assert judged(twice, 12)["gap"]["u0"] == pytest.approx(judged(given, 12)["gap"]["u0"])


def test_a_mode_effect_alone_is_not_flagged():
    flagged = [(judged(answers(seed))["verdict"] == "suspect").mean() for seed in range(10)]
    assert np.mean(flagged) < 0.01


def test_cities_whose_answers_were_raised_are_flagged():
    found, right = 0, 0
    for seed in range(5):
        given = answers(seed)
        raised = changed(given, points=given.points + 1.3 * (given.distributed & (given.unit < 8)))
        suspect = judged(raised)["flags"].str.contains("gap").to_numpy()
        found, right = found + suspect.sum(), right + suspect[:8].sum()
    assert right >= 0.9 * 40
    assert right >= 0.95 * found


def test_cities_whose_answers_are_too_uniform_are_flagged():
    given = answers(3)
    centre = pd.Series(given.points).groupby(given.unit * 2 + given.distributed).transform("mean")
    drawn = np.where(
        given.distributed & (given.unit < 5), centre + 0.4 * (given.points - centre), given.points
    )
    flags = judged(changed(given, points=drawn))["flags"]
    assert set(flags.index[flags.str.contains("uniform")]) == {f"u{city}" for city in range(5)}


def test_answers_that_are_all_equal_are_too_uniform():
    given = answers(4)
    points = np.where(given.distributed & (given.unit == 7), 6.0, given.points)
    assert "uniform" in judged(changed(given, points=points))["flags"]["u7"]


def test_a_country_of_equal_answers_is_no_error():
    given = answers(4)
    table = judged(changed(given, points=np.full(len(given.unit), 8.0)))
    assert (table["verdict"] != "suspect").all()


def test_kindness_downward_and_spread_upward_are_not_flagged():
    given = answers(5)
    shift = np.where(given.distributed & (given.unit < 5), -2.0, 0)
    noise = np.random.default_rng(0).normal(0, 2, len(shift)) * (shift < 0)
    table = judged(changed(given, points=given.points + shift + noise))
    assert (table["verdict"].iloc[:5] == "clear").all()


def test_what_cannot_be_judged_says_why():
    given = answers(6)
    kept = ~(given.distributed & (given.unit == 0)) & ~(
        given.distributed & (given.unit == 1) & (np.arange(len(given.unit)) % 10 > 0)
    )
    rest = Answers(*(getattr(given, name)[kept] for name in Answers.__dataclass_fields__))
    table = judged(rest)
    assert table["verdict"]["u0"] == "no-distributed"
    assert table["verdict"]["u1"] == "few-answers"
    assert np.isnan(table["p"]["u1"])
    assert table["gap"].notna()["u1"]


def test_a_handful_of_units_do_not_tell_what_is_typical():
    table = judged(answers(7, cities=6), 6)
    assert (table["verdict"] == "few-units").all()


def test_nothing_distributed_anywhere():
    given = answers(8)
    table = judged(changed(given, distributed=np.zeros(len(given.unit), dtype=bool)))
    assert (table["verdict"] == "no-distributed").all()
    assert (table["n_distributed"] == 0).all()


def test_holm_flags_no_more_than_fdr():
    given = answers(9)
    raised = changed(given, points=given.points + 0.9 * (given.distributed & (given.unit < 20)))
    holm = judged(raised, control="holm")["verdict"] == "suspect"
    fdr = judged(raised)["verdict"] == "suspect"
    assert holm.sum() < fdr.sum()
    assert not (holm & ~fdr).any()


@given(centre=st.floats(-2, 2), scale=st.floats(0.1, 10), seed=st.integers(0, 1000))
def test_what_is_typical_moves_with_shift_and_scale(centre, scale, seed):
    random = np.random.default_rng(seed)
    se = random.uniform(0.1, 0.5, 50)
    effect = random.normal(0, np.sqrt(se**2 + 0.3**2))
    plain, moved = typical_effect(effect, se), typical_effect(effect * scale + centre, se * scale)
    assert moved.centre == pytest.approx(plain.centre * scale + centre, abs=1e-6 * scale)
    assert moved.spread == pytest.approx(plain.spread * scale, abs=1e-6 * scale)


def test_what_is_typical_is_recovered_beside_a_tenth_of_odd_units():
    random = np.random.default_rng(0)
    se = random.uniform(0.1, 0.3, 4000)
    effect = random.normal(0.5, np.sqrt(se**2 + 0.2**2))
    effect[:400] += 5
    found = typical_effect(effect, se)
    assert found.centre == pytest.approx(0.5, abs=0.06)
    assert found.spread == pytest.approx(0.2, abs=0.06)
    assert typical_effect(np.full(3, np.nan), np.ones(3)).units == 0


def cities(seed: int, size: int = 400):
    random = np.random.default_rng(seed)
    true = random.normal(5, 1, size)
    calls_se, survey_se = random.uniform(0.4, 0.7, size), random.uniform(0.1, 0.3, size)
    calls = true + random.normal(0, calls_se)
    survey = 2 + 0.8 * true + random.normal(0, 0.3, size) + random.normal(0, survey_se)
    return survey, survey_se, calls, calls_se


def test_the_line_is_free_of_the_errors_of_the_calls():
    lines = [survey_against_calls(*cities(seed), least_units=10)[1] for seed in range(10)]
    assert np.mean([line.slope for line in lines]) == pytest.approx(0.8, abs=0.04)
    assert np.mean([line.scatter for line in lines]) == pytest.approx(0.3, abs=0.06)
    survey, _, calls, _ = cities(0)
    assert np.polyfit(calls, survey, 1)[0] < 0.7


def test_a_survey_far_above_the_calls_stands_out_and_only_upward():
    survey, survey_se, calls, calls_se = cities(1)
    survey[:5] += 5
    survey[5:10] -= 5
    table, _ = survey_against_calls(survey, survey_se, calls, calls_se, least_units=10)
    evidence = pd.DataFrame(
        {"unit": range(400), "n_independent": 0, "n_distributed": 50, "p": np.nan, "sd_p": np.nan}
    ).assign(residual_p=table["residual_p"])
    flags = judge(evidence, SETTINGS)["flags"]
    found = set(flags.index[flags == "survey-above-calls"])
    assert found <= set(range(5))
    assert len(found) >= 4
    assert table["survey_rank"].notna().all()


def test_calls_that_tell_nothing_and_too_few_units_give_no_slope():
    random = np.random.default_rng(0)
    noise, se = random.normal(5, 0.5, 50), np.full(50, 0.5)
    survey = random.normal(6, 1, 50)
    assert survey_against_calls(survey, se, noise, se * 2, least_units=10)[1].slope == 0
    table, line = survey_against_calls(survey[:5], se[:5], noise[:5], se[:5], least_units=10)
    assert np.isnan(line.slope)
    assert table["residual_p"].isna().all()


def test_every_flag_and_verdict_has_words_in_both_languages():
    assert all(zh and en for zh, en in (*FLAGS.values(), *VERDICTS.values()))
