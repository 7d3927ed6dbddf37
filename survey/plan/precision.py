"""What a design can tell apart: campaigns simulated from the variance parts of an earlier one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtri

from survey.plan.settings import Wanted

MOST_CALLS = 480
"""Calls of a unit beyond which none are sought."""
LEVEL = 0.95
Grade = Callable[[np.ndarray], np.ndarray]
"""Returns the position of each unit's grade, from scores of shape (..., U)."""


@dataclass(frozen=True)
class VarianceParts:
    """Why the totals of units differ, in squared points of the total.

    Parameters
    ----------
    truth
        Totals as they would be without error: of the variance between units. Shape (units,).
    call
        From call to call of a unit: its part of the variance of a total, times the calls.
    slot
        From slot to slot of a unit, beyond what calls and the slot itself do. Where every slot is
        called it is no error, as it is the same slots next time.
    shopper
        From shopper to shopper, in what all calls of one would change in the total.
    response
        From respondent to respondent of a unit, times the questionnaires.
    other
        Of everything else, such as innovation cases: the same in every design.
    """

    truth: np.ndarray
    call: float
    shopper: float
    response: float
    slot: float = 0.0
    other: float = 0.0

    @property
    def between(self) -> float:
        """Variance of the true totals between units."""
        return float(np.var(self.truth, ddof=1))


@dataclass(frozen=True)
class Design:
    """How much is collected.

    Parameters
    ----------
    units
        Number of units.
    calls, responses
        Calls and questionnaires of each unit.
    shoppers
        Number of shoppers, dealt evenly.
    slots
        Number of time slots there are.
    calls_of_slot
        Calls of a unit in a slot, where it is called: with few calls, fewer slots are.
    """

    units: int
    calls: int
    responses: float
    shoppers: int
    slots: int = 1
    calls_of_slot: int = 1


@dataclass(frozen=True)
class Simulated:
    """What many campaigns of one design come to.

    Parameters
    ----------
    se
        Root mean squared error of a unit's total.
    reliability
        Share of the variance of totals that is not error.
    right_grade, near_grade
        Expected share of units that get the grade of their true score, and at most the next one.
    ordered, told_apart
        By number of places: probability that of two units so many places apart the better one
        scores higher, and that it does so by more than the margin of error of their difference.
    """

    se: float
    reliability: float
    right_grade: float
    near_grade: float
    ordered: dict[int, float]
    told_apart: dict[int, float]


def error_parts(parts: VarianceParts, design: Design) -> dict[str, float]:
    """Return the variance of a unit's total by source.

    Parameters
    ----------
    parts
        The variance parts.
    design
        How much is collected.

    Notes
    -----
    Dealt evenly, a shopper's share in the m calls of a unit is what `shopper_spread` says; that
    all shoppers call all units cancels what they have in common. Of S slots, s called ones leave
    1 / s - 1 / S of the variance from slot to slot, as every sample of a finite population does
    (Cochran 1977, Sampling Techniques, 3rd edition, equation 2.12).
    """
    called = min(max(design.calls // design.calls_of_slot, 1), design.slots)
    return {
        "call": parts.call / design.calls,
        "slot": parts.slot * (1 / called - 1 / design.slots),
        "shopper": parts.shopper * shopper_spread(design.calls, design.shoppers),
        "response": parts.response / design.responses if parts.response else 0.0,
        "other": parts.other,
    }


def shopper_spread(calls: int, shoppers: int) -> float:
    """Return the sum of squared shares of shoppers in a unit's calls, less that of equal shares."""
    each, more = divmod(calls, shoppers)
    squares = more * (each + 1) ** 2 + (shoppers - more) * each**2
    return squares / calls**2 - 1 / shoppers


def expected_se(parts: VarianceParts, design: Design) -> float:
    """Return the expected standard error of a unit's total, points."""
    return float(np.sqrt(sum(error_parts(parts, design).values())))


def simulate_design(
    parts: VarianceParts,
    design: Design,
    grade: Grade,
    *,
    campaigns: int = 400,
    places: Sequence[int] = (10, 30, 60, 100),
    seed: int = 0,
) -> Simulated:
    """Simulate campaigns of one design, and count what they get right.

    Parameters
    ----------
    parts, design
        What varies, and how much is collected.
    grade
        How scores become grades; of every campaign anew, so that a scheme that takes its cuts from
        the scores takes them from each campaign's.
    campaigns
        How many.
    places
        How far apart two units stand in the true order, to be told apart.
    seed
        The same seed draws the same errors, whatever the design, so that designs compare.

    Returns
    -------
    `Simulated`.
    """
    random = np.random.default_rng(seed)
    truth = true_scores(parts.truth, design.units)
    own = error_parts(parts, design)
    severity = random.standard_normal((campaigns, design.shoppers)) * np.sqrt(parts.shopper)
    alone = sum(variance for source, variance in own.items() if source != "shopper")
    error = random.standard_normal((campaigns, len(truth))) * np.sqrt(alone)
    severity -= severity.mean(axis=1, keepdims=True)
    error += severity @ _shares(design, np.random.default_rng([seed, 1])).T
    observed = truth + error
    apart = np.abs(grade(observed) - grade(truth))
    margin = float(ndtri((1 + LEVEL) / 2)) * expected_se(parts, design) * np.sqrt(2)
    order = np.argsort(-truth, kind="stable")
    gaps = {k: observed[:, order[:-k]] - observed[:, order[k:]] for k in places if k < len(truth)}
    mse = float((error**2).mean())
    return Simulated(
        se=float(np.sqrt(mse)),
        reliability=float(np.var(truth, ddof=1) / (np.var(truth, ddof=1) + mse)),
        right_grade=float((apart == 0).mean()),
        near_grade=float((apart <= 1).mean()),
        ordered={k: float((gap > 0).mean()) for k, gap in gaps.items()},
        told_apart={k: float((gap > margin).mean()) for k, gap in gaps.items()},
    )


def true_scores(truth: np.ndarray, units: int) -> np.ndarray:
    """Return true scores of another number of units, with the same distribution."""
    if len(truth) == units:
        return truth
    return np.quantile(truth, (np.arange(units) + 0.5) / units)


def _shares(design: Design, random: np.random.Generator) -> np.ndarray:
    """Return the share of each shopper in the calls of each unit, shape (units, shoppers)."""
    each, more = divmod(design.calls, design.shoppers)
    place = np.argsort(random.random((design.units, design.shoppers)), axis=1)
    return (each + (place < more)) / design.calls


def design_table(
    parts: VarianceParts,
    design: Design,
    calls: Sequence[int],
    grade: Grade,
    *,
    campaigns: int = 400,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare designs that differ in the calls of each unit.

    Returns
    -------
    One row a number of calls: columns calls, all_calls, shoppers, responses, se, reliability,
    right_grade, wrong_grade, near_grade, one ordered_K and told_apart_K for each distance of K
    places, then the standard error by source (se_call, se_slot, se_shopper, se_response,
    se_other).
    """
    rows = []
    for number in calls:
        own = replace(design, calls=number)
        found = simulate_design(parts, own, grade, campaigns=campaigns, seed=seed)
        rows.append(
            {
                "calls": number,
                "all_calls": number * design.units,
                "shoppers": design.shoppers,
                "responses": design.responses,
                "se": found.se,
                "reliability": found.reliability,
                "right_grade": found.right_grade,
                "wrong_grade": 1 - found.right_grade,
                "near_grade": found.near_grade,
                **{f"ordered_{k}": share for k, share in found.ordered.items()},
                **{f"told_apart_{k}": share for k, share in found.told_apart.items()},
                **{f"se_{k}": np.sqrt(each) for k, each in error_parts(parts, own).items()},
            }
        )
    return pd.DataFrame(rows)


def calls_needed(
    parts: VarianceParts,
    design: Design,
    wanted: Wanted,
    grade: Grade,
    *,
    campaigns: int = 200,
    seed: int = 0,
) -> dict[str, int | None]:
    """Return the fewest calls of each unit that give the precision wanted.

    Returns
    -------
    By what was wanted (``se``, ``right_grades``); None where `MOST_CALLS` are not enough, as
    questionnaires and shoppers leave an error that no call takes away.
    """
    found: dict[str, int | None] = {}
    if (se := wanted.se) is not None:
        found["se"] = _fewest(lambda m: expected_se(parts, replace(design, calls=m)) <= se)
    if (share := wanted.right_grades) is not None:

        def right(calls: int) -> bool:
            own = replace(design, calls=calls)
            return (
                simulate_design(
                    parts, own, grade, campaigns=campaigns, places=(), seed=seed
                ).right_grade
                >= share
            )

        found["right_grades"] = _fewest(right)
    return found


def _fewest(enough: Callable[[int], bool]) -> int | None:
    """Find by bisection the least number that is enough, as all greater ones are."""
    low, high = 0, MOST_CALLS
    if not enough(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
