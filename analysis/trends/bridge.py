"""The bridge from one edition's totals to the next: real change, and change of the indicators."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.trends.common import CommonPart, common_system, item_fates, score_both
from analysis.trends.judging import Adjustment, judge
from analysis.uncertainty.degrees import pooled_degrees
from analysis.uncertainty.linearised import linearised_variances
from indicators.hierarchy import ALL
from indicators.scores import Scores
from survey.findings import Finding, Severity

BridgeWeights = Literal["before", "after", "average"]
PARTS = ("dropped", "real", "reweighted", "added")
_SHARES: dict[BridgeWeights, tuple[float, float]] = {
    "before": (1, 0), "after": (0, 1), "average": (0.5, 0.5),
}  # fmt: skip


@dataclass(frozen=True)
class Bridge:
    """How the totals of the units in both editions changed, in parts that sum to the change.

    Parameters
    ----------
    units
        Columns unit, before, after, change, ``dropped`` (what leaving out the items that are no
        longer asked does to the earlier score), ``real`` (change of the common items under the
        same weights), ``reweighted`` (what the new tree and weights do to them), ``added`` (what
        the new items do to the later score), low, high, p, p_adjusted, verdict of ``real``. The
        parts are NaN where a unit's common items are too few for a score.
    nation
        The same for the mean of the units whose parts are known, in one row, with their number n.
    items
        Columns item, fate: see `analysis.trends.common.item_fates`.
    audience, weights, level
        Whose totals, whose weights the real change is weighed by, and the level.
    """

    units: pd.DataFrame
    nation: pd.DataFrame
    items: pd.DataFrame
    audience: str
    weights: BridgeWeights
    level: float


def bridge_editions(
    before: Scores,
    after: Scores,
    *,
    weights: BridgeWeights = "average",
    audience: str = ALL,
    level: float = 0.95,
    adjust: Adjustment = "bh",
) -> tuple[Bridge | None, tuple[Finding, ...]]:
    """Tell real change apart from change of the indicators.

    Parameters
    ----------
    before, after
        Scores of two editions.
    weights
        Whose weights the real change is weighed by: those of ``before`` (as a Laspeyres index),
        of ``after`` (as a Paasche index), or the ``average`` of both.
    audience
        Whose totals.
    level, adjust
        Level of the intervals of the real change, and how its p values are adjusted over units.

    Returns
    -------
    bridge
        `Bridge`; None where the editions have no item that is measured alike.
    findings
        Items that are not common, and units whose common items are too few.

    Raises
    ------
    InputError
        Where the scales differ, or only one of the systems has audiences.

    Notes
    -----
    With S the system of an edition, D its data and c its common items only, and 0 and 1 the
    editions, the whole change S1(D1) - S0(D0) is the sum of

    - dropped: S0c(D0) - S0(D0);
    - real: Sc(D1) - Sc(D0), with S0c, S1c, or the mean of both differences;
    - reweighted: S1c(D) - S0c(D) for D1, D0, or the mean of both;
    - added: S1(D1) - S1c(D1).

    The mean treats both editions alike (Bennet 1920, JRSS 83:455-462). Indicators that stay under
    their id but are scored otherwise are among what was dropped and what was added. The standard
    error of the real change is that of both editions, linearised; under both sets of weights the
    mean of theirs, which it is at most. A unit's change is judged by Student's t, with the fewer
    of their `pooled_degrees`; that of the nation as normal.
    """
    fates = item_fates(before.system, after.system)
    found = [*_of_fate(fates, "relative"), *_of_fate(fates, "changed")]
    systems = [common_system(before, after, side) for side in ("before", "after")]
    if systems[0] is None or systems[1] is None:
        return None, (*found, _nothing_common())
    first = score_both(before, after, systems[0])
    last = first if systems[0] == systems[1] else score_both(before, after, systems[1])
    panel = [unit for unit in before.units if unit in set(after.units)]

    def total(scores: Scores, figures: np.ndarray | None = None) -> np.ndarray:
        figures = scores.score if figures is None else figures
        column = figures[:, scores.audience_index(audience), 0]
        return pd.Series(column, scores.units).reindex(panel).to_numpy(dtype=float)

    start, end = total(before), total(after)
    early = np.array([total(part.before) for part in (first, last)])
    late = np.array([total(part.after) for part in (first, last)])
    share = np.array(_SHARES[weights])
    units = pd.DataFrame(
        {
            "unit": panel, "before": start, "after": end, "change": end - start,
            "dropped": early[0] - start,
            "real": share @ (late - early),
            "reweighted": share @ [late[1] - late[0], early[1] - early[0]],
            "added": end - late[1],
        }
    )  # fmt: skip
    parts = ((first, share[0]), (last, share[1])) if last is not first else ((first, 1),)
    errors, degrees = zip(*(_error(part, total) for part, of in parts if of), strict=True)
    error = np.array([of for _, of in parts if of]) @ np.array(errors)
    certainty = error, np.min(degrees, axis=0)
    return _assembled(units, certainty, fates, (audience, weights), (level, adjust), found)


def _error(
    part: CommonPart, total: Callable[[Scores, np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the standard error of each unit's change of the common items, and its degrees."""
    sides = [(each, linearised_variances(each)) for each in (part.before, part.after)]
    variances = np.array([total(each, of.total) for each, of in sides])
    degrees = np.array([total(each, of.degrees) for each, of in sides])
    return np.sqrt(variances.sum(axis=0)), pooled_degrees(variances, degrees)


def _assembled(
    units: pd.DataFrame,
    certainty: tuple[np.ndarray, np.ndarray],
    fates: pd.DataFrame,
    choice: tuple[str, BridgeWeights],
    judging: tuple[float, Adjustment],
    found: list[Finding],
) -> tuple[Bridge, tuple[Finding, ...]]:
    """Judge the real changes, and add up the nation."""
    known = units["change"].notna().to_numpy()
    units = units[known].reset_index(drop=True)
    error, degrees = (each[known] for each in certainty)
    whole = units[list(PARTS)].notna().all(axis=1).to_numpy()
    units.loc[~whole, list(PARTS)] = np.nan
    n = int(whole.sum())
    if n < len(units):
        found = [*found, _unbridged(units.loc[~whole, "unit"].tolist())]
    nation = units.drop(columns="unit")[whole].mean().to_frame().T
    nation.insert(0, "n", n)
    nation_error = np.sqrt((error[whole] ** 2).sum()) / max(n, 1)
    of_units, of_nation = (
        table.join(pd.DataFrame(judge(table["real"].to_numpy(), of, *judging, on), table.index))
        for table, of, on in (
            (units, error, degrees),
            (nation, np.array([nation_error]), np.inf),
        )
    )
    return Bridge(of_units, of_nation, fates, *choice, judging[0]), tuple(found)


def _of_fate(fates: pd.DataFrame, fate: str) -> list[Finding]:
    names = fates.loc[fates["fate"] == fate, "item"].tolist()
    got = {
        "relative": f"{len(names)} placed among the units of their own edition",
        "changed": f"{len(names)} scored otherwise under the same id",
    }[fate]
    finding = Finding(
        f"{fate}-items", Severity.WARNING if fate == "changed" else Severity.NOTE,
        column=", ".join(names), expected="items that are measured alike in both editions",
        got=got, hint="not part of the real change", count=len(names),
    )  # fmt: skip
    return [finding] if names else []


def _nothing_common() -> Finding:
    return Finding(
        "no-common-indicators", Severity.WARNING,
        expected="items that are measured alike in both editions", got="none that weighs",
        hint="no change can be told apart from that of the indicators",
    )  # fmt: skip


def _unbridged(units: list[str]) -> Finding:
    return Finding(
        "too-little-in-common", Severity.WARNING,
        expected="a score of the common items in both editions",
        got=", ".join(units[:5]) + ("…" if len(units) > 5 else ""),
        hint="their change is not taken apart", count=len(units),
    )  # fmt: skip
