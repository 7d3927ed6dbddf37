import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from analysis.ranks.population import Population
from analysis.ranks.shrinkage import normal_posterior, shrink, shrinkage_table

FIGURES = ("adjusted", "sd", "low", "high", "reliability", "expected_rank")
BIMODAL = (-1.3, 0.87)


def sample(seed: int, *, units: int = 120, se: float = 0.7, bimodal: bool = False):
    random = np.random.default_rng(seed)
    truth = random.normal(0, 1, units)
    if bimodal:
        truth = np.where(random.random(units) < 0.4, *BIMODAL) + 0.2 * truth
    errors = se * np.exp(random.normal(0, 0.25, units))
    return truth, truth + errors * random.standard_normal(units), errors


def checks(findings) -> list[str]:
    return [finding.check for finding in findings]


@pytest.mark.parametrize("method", ["normal", "deconvolution"])
@pytest.mark.parametrize("bimodal", [False, True])
def test_adjusted_scores_are_nearer_to_the_truth_and_intervals_hold_it(method, bimodal):
    raw = held = ours = 0.0
    for seed in range(8):
        truth, estimates, se = sample(seed, bimodal=bimodal)
        shrunk, findings = shrink(estimates, se, method=method)
        assert shrunk.method == method
        assert not findings
        raw += ((estimates - truth) ** 2).mean()
        ours += ((shrunk.adjusted - truth) ** 2).mean()
        held += ((shrunk.low <= truth) & (truth <= shrunk.high)).mean() / 8
    assert ours < 0.8 * raw
    assert 0.9 < held < 0.99


def test_deconvolution_beats_the_normal_where_the_truth_has_two_peaks():
    normal = deconvolved = 0.0
    for seed in range(6):
        truth, estimates, se = sample(seed, bimodal=True)
        for method in ("normal", "deconvolution"):
            error = ((shrink(estimates, se, method=method)[0].adjusted - truth) ** 2).mean()
            normal += error * (method == "normal")
            deconvolved += error * (method == "deconvolution")
    assert deconvolved < 0.85 * normal


def test_expected_ranks_beat_ranks_of_scores_where_errors_differ():
    ours = theirs = 0.0
    for seed in range(10):
        random = np.random.default_rng(seed)
        truth = random.normal(0, 1, 60)
        se = np.where(np.arange(60) % 2, 0.2, 2.0)
        estimates = truth + se * random.standard_normal(60)
        right = (-truth).argsort().argsort() + 1
        ours += ((shrink(estimates, se)[0].expected_rank - right) ** 2).mean()
        theirs += (((-estimates).argsort().argsort() + 1 - right) ** 2).mean()
    assert ours < 0.7 * theirs


@settings(max_examples=60)
@given(
    arrays(float, st.integers(0, 7), elements=st.integers(0, 4).map(float) | st.just(np.nan)),
    st.data(),
)
def test_figures_of_any_scores(estimates, data):
    errors = st.sampled_from([0.0, 0.3, 1.0, np.nan])
    se = data.draw(arrays(float, len(estimates), elements=errors))
    shrunk, _ = shrink(estimates, se, bounds=(0, 4))
    there = ~np.isnan(estimates) & ~np.isnan(se)
    n = int(there.sum())
    for name in FIGURES:
        assert np.isnan(getattr(shrunk, name)[~there]).all()
        if name != "reliability" or n >= 3:
            assert not np.isnan(getattr(shrunk, name)[there]).any()
    assert np.isnan(shrunk.better[~there]).all()
    own = shrunk.better[np.ix_(there, there)]
    assert own + own.T == pytest.approx(np.ones((n, n)))
    assert np.diag(own) == pytest.approx(0.5)
    assert shrunk.expected_rank[there].sum() == pytest.approx(n * (n + 1) / 2)
    x, s = estimates[there], se[there]
    adjusted = shrunk.adjusted[there]
    if n:
        assert (adjusted >= x.min() - 1e-9).all()
        assert (adjusted <= x.max() + 1e-9).all()
    assert (shrunk.low[there] <= adjusted + 1e-9).all()
    assert (shrunk.high[there] >= adjusted - 1e-9).all()
    exact = s == 0
    for name in ("adjusted", "low", "high"):
        assert getattr(shrunk, name)[there][exact] == pytest.approx(x[exact], abs=1e-9)
    if n >= 3:
        assert (shrunk.reliability[there][exact] == 1).all()
        assert (shrunk.reliability[there] >= 0).all()


@settings(max_examples=20)
@given(st.permutations(range(8)), st.sampled_from([0.01, 1.0, 300.0]), st.integers(-50, 50))
def test_figures_follow_their_units_whatever_the_order_scale_and_level_of_scores(
    order, scale, level
):
    _, estimates, se = sample(3, units=8)
    plain, _ = shrink(estimates, se)
    turned, _ = shrink(level + scale * estimates[order], scale * se[order])
    assert turned.expected_rank == pytest.approx(plain.expected_rank[order], rel=1e-6)
    assert turned.reliability == pytest.approx(plain.reliability[order], rel=1e-6)
    assert (turned.low - level) / scale == pytest.approx(plain.low[order], abs=1e-6)


def test_known_variance_gives_the_textbook_posterior():
    """Three units under tau 2: precision-weighted means, worked by hand."""
    estimates, se = np.array([8.0, 6, 1]), np.array([2.0, 2, 2])
    found = normal_posterior(estimates, se, Population(5, 4, np.array([2.0]), np.ones(1)))
    assert found.reliability == pytest.approx([0.5] * 3)
    assert found.adjusted == pytest.approx([6.5, 5.5, 3])
    assert found.sd == pytest.approx(np.sqrt([2 + 8 / 3 / 4] * 3))
    # differences do not hold the error of the mean: sd 2
    assert found.better[0] == pytest.approx([0.5, 0.6914625, 0.9599408], abs=1e-7)
    assert found.expected_rank[0] == pytest.approx(1 + 0.3085375 + 0.0400592, abs=1e-7)


def test_intervals_are_as_wide_as_those_of_student():
    scores, se = np.array([2.0, 4.0, 5.0, 9.0]), np.full(4, 0.8)
    degrees = np.array([3.0, 8.0, 30.0, np.inf])
    known, few = shrink(scores, se)[0], shrink(scores, se, degrees=degrees)[0]
    expected = stats.t.ppf(0.975, degrees) / stats.norm.ppf(0.975)
    for end in ("low", "high"):
        reach, wider = (getattr(each, end) - each.adjusted for each in (known, few))
        assert wider / reach == pytest.approx(expected)
    assert few.adjusted == pytest.approx(known.adjusted)


def test_scores_stay_as_they_are_where_errors_are_nil_or_units_too_few():
    exact, findings = shrink(np.array([3.0, 3, 1, 5]), np.zeros(4))
    assert exact.adjusted.tolist() == [3, 3, 1, 5]
    assert exact.expected_rank == pytest.approx([2.5, 2.5, 4, 1])
    assert checks(findings) == ["zero-standard-error"]
    two, findings = shrink(np.array([3.0, 5]), np.array([1.0, 1]))
    assert two.adjusted == pytest.approx([3, 5], abs=1e-5)
    assert two.sd == pytest.approx([1, 1], abs=1e-5)
    assert two.better[1, 0] == pytest.approx(0.9213504, abs=1e-5)
    assert np.isnan([two.tau2, *two.reliability]).all()
    assert checks(findings) == ["too-few-to-adjust"]


def test_tied_perfect_scores_do_not_drag_the_others_along():
    """Twenty units at the top without error: their tie must not pass for a variance of 0."""
    random = np.random.default_rng(2)
    estimates = np.concatenate([np.full(20, 10.0), random.normal(6, 1, 40)])
    se = np.concatenate([np.zeros(20), np.full(40, 0.4)])
    for method in ("normal", "deconvolution"):
        shrunk, findings = shrink(estimates, se, method=method)
        assert (shrunk.adjusted[:20] == 10).all()
        assert np.abs(shrunk.adjusted - estimates).max() < 0.6
        assert shrunk.tau2 > 1
        assert "zero-standard-error" in checks(findings)
        assert shrunk.expected_rank[:20] == pytest.approx(10.5, abs=0.6)


def test_scores_that_differ_by_chance_alone_are_drawn_together():
    random = np.random.default_rng(5)
    estimates = random.standard_normal(60) * 0.9
    shrunk, findings = shrink(estimates, np.ones(60), method="deconvolution")
    assert shrunk.method == "normal"
    assert shrunk.tau2 == 0
    assert checks(findings) == ["no-true-differences", "deconvolution-not-possible"]
    assert np.ptp(shrunk.adjusted) < 0.2 * np.ptp(estimates)
    assert (np.sign(np.diff(shrunk.expected_rank)) == -np.sign(np.diff(estimates))).all()


def test_findings_tell_of_lost_errors_few_units_and_scores_tied_to_their_error():
    _, estimates, se = sample(1, units=40)
    assert checks(shrink(estimates, se, method="deconvolution")[1]) == [
        "deconvolution-not-possible"
    ]
    se[3] = np.nan
    assert checks(shrink(estimates, se)[1]) == ["no-standard-error"]
    tied = np.linspace(0, 9, 40)
    found = shrink(tied, 1 - tied / 10)[1]
    assert checks(found) == ["score-tied-to-error"]
    assert "-1.00" in found[0].got


def test_a_better_unit_of_the_deconvolved_has_the_better_expected_rank():
    estimates, se = np.linspace(1, 9, 60), np.full(60, 0.5)
    shrunk, _ = shrink(estimates, se, method="deconvolution", bounds=(0, 8))
    assert (np.diff(shrunk.expected_rank) < 0).all()
    assert shrunk.expected_rank.sum() == pytest.approx(60 * 61 / 2)
    assert shrunk.high.max() == 8
    assert shrunk.better[50, 10] > 0.99


def test_table():
    estimates, se = np.array([4.0, 7, np.nan, 5]), np.array([0.5, 0.5, 0.5, 2])
    shrunk, _ = shrink(estimates, se)
    table = shrinkage_table("abcd", estimates, se, shrunk)
    assert table.columns.tolist() == [
        "unit", "score", "se", "adjusted", "adjusted_low", "adjusted_high", "reliability",
        "expected_rank",
    ]  # fmt: skip
    assert table["unit"].tolist() == ["b", "d", "a", "c"]
    assert table.iloc[3, 3:].isna().all()


def test_wrong_calls():
    x = np.array([1.0, 2, 3])
    for wrong in (x[:2], -x, x[None]):
        with pytest.raises(ValueError, match="shape"):
            shrink(x, wrong)
    with pytest.raises(ValueError, match="'bayes'"):
        shrink(x, x, method="bayes")  # pyright: ignore[reportArgumentType]
