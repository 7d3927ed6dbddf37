"""Gaps to the mean: what is called a difference, and that judgements made already are kept."""

import numpy as np
import pytest
from scipy import stats

from report.profiles.gaps import against_mean, deviations, gap_verdicts, unit_gaps
from report.profiles.gather import profiles
from report.profiles.notation import against, chance, signed
from report.profiles.provinces import provinces


def test_the_error_of_a_gap_counts_that_the_unit_is_part_of_the_mean():
    rng = np.random.default_rng(1)
    error = np.array([0.3, 0.5, 1.0, 0.2])[:, None]
    drawn = rng.normal(0, error.T, (200_000, 4))
    gaps = drawn - drawn.mean(axis=1, keepdims=True)
    mean, gap, found = against_mean(np.zeros((4, 1)), error)
    assert mean[0] == 0 and (gap == 0).all()
    assert found[:, 0] == pytest.approx(gaps.std(axis=0), rel=0.01)


def test_words_follow_interval_and_size():
    gap = np.array([0.1, 0.3, 1.0, 1.0, -1.0, 1.0])
    low = np.array([0.05, 0.1, 0.5, -0.1, -2.0, np.nan])
    high = np.array([0.2, 0.5, 1.5, 2.1, -0.5, np.nan])
    words = gap_verdicts(gap, low, high, np.ones(6))
    assert words.tolist() == ["negligible", "slight", "clear", "none", "clear", ""]
    assert against(-1.0, "clear", "zh") == ("明显低于", "bad")
    assert against(0.3, "slight", "en") == ("slightly above", "good")
    assert against(1.0, "none", "zh") == ("无可检出差别", "quiet")


def test_deviations_leave_missing_scores_out():
    score = np.array([[1.0, np.nan], [3.0, 2.0], [np.nan, 4.0]])
    assert deviations(score) == pytest.approx([np.sqrt(2), np.sqrt(2)])


def test_judgements_of_priorities_are_kept(two_years):
    names = ["total", "goal", "convenience", "efficiency"]
    table = unit_gaps(two_years, names).set_index(["unit", "indicator"])
    held = two_years["priorities"].set_index(["unit", "indicator"])
    for unit in ("长沙", "北京"):
        for name in ("convenience", "efficiency"):
            row, own = table.loc[(unit, name)], held.loc[(unit, name)]
            assert row["gap_low"] == own["gap_low"] and row["gap"] == own["gap"]
            assert (row["verdict"] == "none") == (own["gap_low"] <= 0 <= own["gap_high"])


def test_a_unit_like_the_mean_is_rarely_said_to_differ(records):
    """All gaps of a unit together: with no true difference at most one row of 20 errs."""
    rng = np.random.default_rng(4)
    units, names, wrong, runs = 40, 6, 0, 60
    for _ in range(runs):
        error = np.full((units, names), 0.5)
        _, gap, se = against_mean(rng.normal(5, error), error)
        reach = stats.norm.ppf(1 - 0.025 / names) * se
        words = gap_verdicts(gap, gap - reach, gap + reach, np.full(names, 0.5))
        wrong += (words != "none").any(axis=1).sum()
    assert wrong / (runs * units) < 0.06


def test_the_mean_of_a_province_is_that_of_its_cities(records):
    made = {each.key: each for each in provinces(records, profiles(records))}
    units = records["units"].merge(records["grades"], on="unit")
    hunan = units[units["province"] == "湖南"]
    total = made["湖南"].rows[0]
    assert total.n == len(hunan)
    assert total.mean.value == pytest.approx(hunan["score"].mean())
    assert total.gap.value == pytest.approx(hunan["score"].mean() - units["score"].mean())
    assert (total.lowest, total.highest) == (hunan["score"].min(), hunan["score"].max())
    scores = records["scores"].query("audience == 'all' and indicator == 'total'")
    own = scores[scores["unit"].isin(hunan["unit"])]
    z = stats.norm.ppf(0.975)
    arm = np.maximum(own["score"] - own["low"], own["high"] - own["score"]) / z
    error = np.sqrt((np.maximum(own["se"], arm) ** 2).sum()) / len(own)
    assert total.mean.high - total.mean.value == pytest.approx(z * error)
    assert [each.unit for each in made["湖南"].cities] == hunan.sort_values("rank")["unit"].tolist()


def test_figures_are_never_written_as_certain_or_minus_nought():
    assert chance(1.0, "zh") == "99%以上" and chance(0.001, "en") == "below 1%"
    assert chance(0.5, "zh") == "50%" and chance(float("nan"), "zh") == "—"
    assert signed(-0.001) == "0.00" and signed(-1.2) == "−1.20"
