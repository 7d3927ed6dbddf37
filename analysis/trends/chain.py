"""A series over several editions on like terms: the real changes linked one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.trends.bridge import Bridge, BridgeWeights, bridge_editions
from indicators.hierarchy import ALL
from indicators.scores import Scores
from survey.findings import Finding


@dataclass(frozen=True)
class Chain:
    """A linked series.

    Parameters
    ----------
    nation
        One row an edition: columns edition, n (units linked with the edition before), score (mean
        over the units of the edition, as published), link (real change since the edition before),
        link_low, link_high, verdict, chained (level on like terms with the last edition).
    units
        One row a unit and edition: columns unit, edition, score, link, verdict, chained.
    bridges
        The links; None where two editions have nothing in common.
    """

    nation: pd.DataFrame
    units: pd.DataFrame
    bridges: tuple[Bridge | None, ...]


def chain_editions(
    editions: Sequence[tuple[str, Scores]],
    *,
    weights: BridgeWeights = "average",
    audience: str = ALL,
    level: float = 0.95,
) -> tuple[Chain, tuple[Finding, ...]]:
    """Link editions by the real change of what each has in common with the one before.

    Parameters
    ----------
    editions
        Name and scores of each edition, the earliest first; at least two.
    weights, audience, level
        As for `analysis.trends.bridge.bridge_editions`.

    Returns
    -------
    chain
        `Chain`.
    findings
        Of every link.

    Raises
    ------
    InputError
        Where the scales differ, or only one of two systems has audiences.
    ValueError
        For fewer than two editions, or names that are not unique.

    Notes
    -----
    As in a chained price index, where each link compares a basket in two neighbouring periods and
    the series is spliced at their overlap (ILO, IMF, OECD, Eurostat, UNECE and World Bank 2020,
    Consumer Price Index Manual: Concepts and Methods); with sums in place of products, as scores
    are differences on one scale. The level is that of the last edition; each earlier one lies
    below it by the links between. Editions before a missing link have no level. As with any
    chain, what comes and goes between editions can make it drift; compare first and last directly
    where they have enough in common. A unit is chained as far back as its own links reach; the
    nation's links are means over the units of both editions, so that units coming and going do
    not move them.
    """
    names = [name for name, _ in editions]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError("two editions or more, each with a name of its own")
    links = [
        bridge_editions(before, after, weights=weights, audience=audience, level=level)
        for (_, before), (_, after) in pairwise(editions)
    ]
    bridges = tuple(bridge for bridge, _ in links)
    units = list(dict.fromkeys(unit for _, scores in editions for unit in scores.units))
    score = np.column_stack(
        [_total(scores, audience).reindex(units).to_numpy(dtype=float) for _, scores in editions]
    )
    link = np.column_stack([np.full(len(units), np.nan), *(_real(b, units) for b in bridges)])
    verdicts = [pd.Series("", units), *(_verdict(b).reindex(units).fillna("") for b in bridges)]
    each = {"unit": np.repeat(units, len(names)), "edition": names * len(units)}
    by_unit = pd.DataFrame(
        each
        | {
            "score": score.ravel(), "link": link.ravel(),
            "verdict": np.column_stack(verdicts).ravel(),
            "chained": _chained(score[:, -1], link).ravel(),
        }
    )  # fmt: skip
    there = by_unit["score"].notna()
    nation = _nation([np.nanmean(of) if (~np.isnan(of)).any() else np.nan for of in score.T],
                     names, bridges)  # fmt: skip
    found = tuple(finding for _, findings in links for finding in findings)
    return Chain(nation, by_unit[there].reset_index(drop=True), bridges), found


def _total(scores: Scores, audience: str) -> pd.Series:
    return pd.Series(scores.score[:, scores.audience_index(audience), 0], list(scores.units))


def _real(bridge: Bridge | None, units: list[str]) -> np.ndarray:
    if bridge is None:
        return np.full(len(units), np.nan)
    return bridge.units.set_index("unit")["real"].reindex(units).to_numpy(dtype=float)


def _verdict(bridge: Bridge | None) -> pd.Series:
    return pd.Series(dtype=object) if bridge is None else bridge.units.set_index("unit")["verdict"]


def _chained(last: np.ndarray, link: np.ndarray) -> np.ndarray:
    """Return levels that end at the last score and step back by the links, shape as `link`."""
    later = np.cumsum(link[:, :0:-1], axis=1)[:, ::-1]
    return last[:, None] - np.column_stack([later, np.zeros(len(last))])


def _nation(
    mean: list[float], names: list[str], bridges: tuple[Bridge | None, ...]
) -> pd.DataFrame:
    columns = ["n", "real", "low", "high", "verdict"]
    none = pd.DataFrame({"n": [0], "verdict": [""]})
    links = [none, *(none if bridge is None else bridge.nation for bridge in bridges)]
    table = pd.concat([link.reindex(columns=columns) for link in links], ignore_index=True).rename(
        columns={"real": "link", "low": "link_low", "high": "link_high"}
    )
    table.insert(0, "edition", names)
    table.insert(2, "score", mean)
    link = table["link"].to_numpy(dtype=float)[None]
    return table.assign(chained=_chained(np.array(mean[-1:]), link)[0])
