import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ranks.deconvolution import PENALTIES, deconvolve, fit_prior, posterior, quantile


def sample(seed: int, units: int = 150) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    se = random.uniform(0.3, 0.8, units)
    return np.where(np.arange(units) % 5 < 2, -1.3, 0.87) + se * random.standard_normal(units), se


def test_the_penalty_gives_the_variance_asked_for_or_comes_as_near_as_it_can():
    estimates, se = sample(1)
    least, most = (fit_prior(estimates, se, penalty).variance for penalty in PENALTIES)
    for share in (0.2, 0.6):
        wanted = least + share * (most - least)
        prior = deconvolve(estimates, se, wanted)
        assert prior.variance == pytest.approx(wanted, rel=0.01)
        assert PENALTIES[0] < prior.penalty < PENALTIES[1]
    assert deconvolve(estimates, se, least / 2).penalty == pytest.approx(PENALTIES[0])
    assert deconvolve(estimates, se, most * 2).penalty == pytest.approx(PENALTIES[1])


def test_two_peaks_are_found_where_they_are():
    prior = fit_prior(*sample(2), penalty=0.1)
    assert prior.mass.sum() == pytest.approx(1)
    at = prior.support
    low, high = (at[(prior.mass * side).argmax()] for side in (at < 0, at > 0))
    assert low == pytest.approx(-1.3, abs=0.3)
    assert high == pytest.approx(0.87, abs=0.3)
    valley = prior.mass[np.abs(at + 0.2).argmin()]
    assert valley < 0.3 * min(prior.mass[at < 0].max(), prior.mass[at > 0].max())


def test_no_other_spline_of_the_family_is_likelier():
    """Mixing the fitted mass with that of another penalty lowers the unpenalised likelihood."""
    estimates, se = sample(3)
    best = fit_prior(estimates, se, penalty=1e-6)

    def likelihood(mass):
        density = np.exp(-(((estimates[:, None] - best.support) / se[:, None]) ** 2) / 2)
        return np.log(density @ mass).sum()

    for penalty in (0.1, 1, 10):
        assert likelihood(fit_prior(estimates, se, penalty).mass) < likelihood(best.mass)


@given(st.integers(0, 20))
def test_posteriors_are_distributions_ordered_by_their_estimates(seed):
    estimates, _ = sample(seed, 60)
    se = np.full(60, 0.5)
    prior = fit_prior(estimates, se)
    mass = posterior(prior, estimates, se)
    assert mass.sum(axis=1) == pytest.approx(np.ones(60))
    order = estimates.argsort()
    assert (np.diff((mass @ prior.support)[order]) >= -1e-9).all()
    medians = quantile(prior.support, mass, 0.5)[order]
    assert (np.diff(medians) >= -1e-9).all()


def test_errors_finer_than_the_grid_leave_estimates_where_they_are():
    estimates, _ = sample(4)
    se = np.full(150, 1e-9)
    prior = fit_prior(estimates, se)
    step = prior.support[1] - prior.support[0]
    found = posterior(prior, estimates, se) @ prior.support
    assert np.abs(found - estimates).max() < step


def test_quantiles_of_an_even_and_of_a_single_point():
    support = np.arange(5.0)
    mass = np.array([[0.2] * 5, [0, 0, 1, 0, 0]])
    assert quantile(support, mass, 0.25) == pytest.approx([0.75, 1.75])
    assert quantile(support, mass, 0.5) == pytest.approx([2, 2])
