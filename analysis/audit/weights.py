"""Weights: what an indicator is said to weigh, and how much it moves its parent."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.interpolate import make_lsq_spline

from analysis.audit.evidence import FEWEST, Evidence
from analysis.audit.verdicts import Check, Row
from indicators.scores import Scores

EFFECTIVE = Check(
    "effective-weight",
    ("名义权重与实际影响", "nominal and effective weights"),
    (
        "实际影响占比与名义权重之比在三分之二至一倍半之间；超出二分之一至两倍为不通过",
        "the share of effect is two thirds to one and a half times the nominal weight; beyond half "
        "or double fails",
    ),
    "Paruolo, Saisana & Saltelli (2013)",
    (
        "调整名义权重，或在报告中公布实际影响，不以名义权重代表重要程度",
        "change the weights, or publish the effects: the nominal weight does not tell importance",
    ),
    warn=2 / 3,
    fail=0.5,
)
COLUMNS = ("parent", "child", "nominal", "pearson", "linear", "main_effect", "share")


def effective_weights(scores: Scores) -> pd.DataFrame:
    """Compare the weight of every indicator with its effect on its parent.

    Parameters
    ----------
    scores
        Scores of units; those over all audiences are looked at.

    Returns
    -------
    One row an indicator that enters the average of its parent with a weight, beside others:
    parent, child, nominal (weight, out of 1), pearson (correlation with the parent), linear (its
    square), main_effect (correlation ratio, 0 to 1), share (main effect, out of 1 among siblings).
    Missing where too few units have both scores or one never varies.

    Notes
    -----
    The main effect S = V(E(y | x)) / V(y) is the share of the parent's variance that would go if x
    were fixed; Paruolo, Saisana and Saltelli (2013), JRSS A 176:609-634. E(y | x) is a cubic
    spline in place of their kernel regression (`main_effect`).
    """
    tree, values = scores.hierarchy, scores.score[:, -1]
    rows = []
    for node in range(len(tree.ids)):
        children = tree.core(node)
        children = children[tree.weight[children] > 0]
        if len(children) < 2:
            continue
        nominal = tree.weight[children] / tree.weight[children].sum()
        figures = np.array([_effects(values[:, child], values[:, node]) for child in children])
        total = figures[:, 2].sum()
        share = figures[:, 2] / total if total > 0 else np.full(len(children), np.nan)
        rows += [
            (tree.ids[node], tree.ids[child], *each)
            for child, *each in zip(children, nominal, *figures.T, share, strict=True)
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _effects(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Return correlation, its square, and main effect of x on y."""
    there = ~(np.isnan(x) | np.isnan(y))
    x, y = x[there], y[there]
    if len(x) < FEWEST or np.ptp(y) <= 1e-9:
        return np.nan, np.nan, np.nan
    if np.ptp(x) <= 1e-9:
        return np.nan, 0.0, 0.0
    r = float(np.corrcoef(x, y)[0, 1])
    return r, r * r, main_effect(x, y)


def main_effect(x: np.ndarray, y: np.ndarray) -> float:
    """Return the share of the variance of y that its mean given x makes up.

    Parameters
    ----------
    x, y
        Complete, both varying; shape (n,), n of ten or more.

    Returns
    -------
    0 to 1: the adjusted coefficient of determination of a cubic spline of x with knots at its
    quartiles, or of the groups of equal x where x has fewer than ten values.
    """
    points, at, counts = np.unique(x, return_inverse=True, return_counts=True)
    fitted = np.bincount(at, y) / counts
    parameters = len(points)
    if parameters >= FEWEST:
        knots = np.r_[[points[0]] * 4, np.quantile(points, [0.25, 0.5, 0.75]), [points[-1]] * 4]
        spline = make_lsq_spline(points, fitted, knots, w=np.sqrt(counts))
        fitted, parameters = spline(points), len(knots) - 4
    explained = 1 - ((y - fitted[at]) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    adjusted = 1 - (1 - explained) * (len(y) - 1) / max(len(y) - parameters, 1)
    return float(np.clip(adjusted, 0, 1))


def check_effective_weights(evidence: Evidence) -> Iterator[Row]:
    """Check the effect of every indicator on its parent against its weight.

    The value is the smaller of the two over the larger.
    """
    names = dict(zip(evidence.tree.ids, evidence.labels, strict=True))
    table = effective_weights(evidence.scores)
    columns = (table[name] for name in ("parent", "child", "nominal", "pearson", "share"))
    for parent, child, nominal, pearson, share in zip(*columns, strict=True):
        (above_zh, above_en), (zh, en) = names[parent], names[child]
        told = ("无法估计", "unknown") if np.isnan(share) else (f"{share:.0%}",) * 2
        yield EFFECTIVE.row(
            child,
            min(share / nominal, nominal / max(share, 1e-9)),
            (
                f"{zh}在{above_zh}中名义权重{nominal:.0%}，实际影响占比{told[0]}",
                f"{en} weighs {nominal:.0%} in {above_en}; its share of effect is {told[1]}",
            ),
            "fail" if pearson < 0 else None,
        )
