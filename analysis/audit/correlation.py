"""Correlations: between siblings, with one's own branch and others, and between all indicators."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.audit.evidence import FEWEST, Evidence, Parts
from analysis.audit.verdicts import Check, Row, Verdict, Words
from indicators.nodes import Item

JRC = "OECD & JRC (2008), step 4; JRC audits of the Global Innovation Index"
SIBLINGS = Check(
    "siblings",
    ("同级指标相关", "correlation of siblings"),
    (
        "同一上级的指标两两正相关，r不低于0.3；显著负相关（p<0.05）为不通过",
        "parts of one indicator correlate at 0.3 or more; a significant negative one (p < 0.05) "
        "fails",
    ),
    JRC,
    (
        "核对计分方向；关系很弱或相反的指标在合成时互相抵消，宜分开报告",
        "check the direction of scoring; parts that oppose each other cancel out",
    ),
    warn=0.3,
    fail=-np.inf,
)
REDUNDANT = Check(
    "redundant",
    ("同级指标重叠", "redundancy of siblings"),
    ("同一上级的指标相关系数不超过0.92", "parts of one indicator correlate at 0.92 or less"),
    JRC,
    (
        "两项所含信息几乎相同，可合并，或各取一半权重",
        "the two tell nearly the same; merge them, or halve their weights",
    ),
    warn=0.92,
    fail=np.inf,
)
MISPLACED = Check(
    "misplaced",
    ("指标归属", "place in the tree"),
    (
        "指标与所属一级指标的相关不低于0.3，且不低于与其他一级指标的相关；不为正者不通过",
        "an indicator correlates with its own branch at 0.3 or more and no less than with others; "
        "one that is not positive fails",
    ),
    JRC,
    (
        "检查其归属与计分方向，必要时调整到相关更高的一级指标",
        "check its direction; move it to the branch that it goes with if that makes sense",
    ),
    warn=0.3,
    fail=0.0,
)
DOUBLE = Check(
    "double-counting",
    ("重复计算", "double counting"),
    (
        "任意两项指标的相关不超过0.95，同一列数据不在两项指标中重复计分",
        "no two indicators correlate above 0.95, and no column is scored in two of them",
    ),
    "OECD & JRC (2008), steps 4 and 6",
    ("删去一项，或合并为一项", "drop one of them, or merge them"),
    warn=0.95,
    fail=0.95,
)


def check_siblings(evidence: Evidence) -> Iterator[Row]:
    """Check the lowest and the highest correlation among the parts of each indicator."""
    for parts in evidence.parts:
        where, (zh, en) = evidence.tree.ids[parts.node], evidence.labels[parts.node]
        r, pair = _extreme(parts, lowest=True)
        verdict: Verdict = SIBLINGS.judge(r)
        if r < 0 and _p_value(r, parts.n) < 0.05:
            verdict = "fail"
        yield SIBLINGS.row(
            where,
            r,
            (f"{zh}之下{pair[0]}相关最低，r={r:.2f}", f"below {en}, {pair[1]} have r = {r:.2f}"),
            verdict,
        )
        r, pair = _extreme(parts, lowest=False)
        yield REDUNDANT.row(
            where,
            r,
            (f"{zh}之下{pair[0]}相关最高，r={r:.2f}", f"below {en}, {pair[1]} have r = {r:.2f}"),
        )


def check_misplaced(evidence: Evidence) -> Iterator[Row]:
    """Check every indicator without children against its own branch of level 1 and the others."""
    tree = evidence.tree
    branches = tree.children(0)
    for leaf in evidence.leaves[tree.depth[evidence.leaves] > 1]:
        own = tree.path(int(leaf))[1]
        of = {
            int(branch): _pairwise(evidence.values[:, leaf], evidence.values[:, branch])
            for branch in branches
        }
        if np.isnan(of[own]):
            continue
        nearest = max(of, key=lambda branch: -np.inf if np.isnan(of[branch]) else of[branch])
        verdict = MISPLACED.judge(of[own])
        zh, en = evidence.labels[leaf]
        found = (
            f"{zh}与所属{evidence.labels[own][0]}的相关为{of[own]:.2f}",
            f"{en} correlates with its own {evidence.labels[own][1]} at {of[own]:.2f}",
        )
        if of[nearest] > of[own]:
            verdict = "fail" if verdict == "fail" else "warn"
            found = (
                f"{found[0]}，低于与{evidence.labels[nearest][0]}的{of[nearest]:.2f}",
                f"{found[1]}, less than with {evidence.labels[nearest][1]} at {of[nearest]:.2f}",
            )
        yield MISPLACED.row(tree.ids[leaf], of[own], found, verdict)


def check_double_counting(evidence: Evidence) -> Iterator[Row]:
    """Check all pairs of indicators without children, and the columns that their items read."""
    if evidence.whole is not None:
        yield from _twins(evidence.whole)
    leaf_of = evidence.tree.item_leaf
    for (at, first), (other, second) in combinations(enumerate(evidence.items), 2):
        if leaf_of[at] != leaf_of[other] and _same_column(first, second):
            names = [evidence.labels[leaf_of[each]] for each in (at, other)]
            column = f"{first.table}.{first.source}"
            yield DOUBLE.row(
                f"{first.id}, {second.id}",
                np.nan,
                (
                    f"{names[0][0]}与{names[1][0]}均以{column}计分",
                    f"{names[0][1]} and {names[1][1]} both score {column}",
                ),
            )


def _twins(whole: Parts) -> Iterator[Row]:
    pairs = combinations(range(len(whole.ids)), 2)
    above = [pair for pair in pairs if whole.correlation[pair] > DOUBLE.warn]
    for pair in above or [_place(whole.correlation, lowest=False)]:
        (a_zh, a_en), (b_zh, b_en) = (whole.names[at] for at in pair)
        r = whole.correlation[pair]
        yield DOUBLE.row(
            ", ".join(whole.ids[at] for at in pair),
            r,
            (f"{a_zh}与{b_zh}的相关为{r:.2f}", f"{a_en} and {b_en} correlate at {r:.2f}"),
        )


def _same_column(first: Item, second: Item) -> bool:
    """Return whether two items may score the same answer of one record."""
    if (first.table, first.source) != (second.table, second.source):
        return False
    shared = set(first.where) & set(second.where)
    return all(set(first.where[name]) & set(second.where[name]) for name in shared)


def _extreme(parts: Parts, *, lowest: bool) -> tuple[float, Words]:
    """Return the lowest or highest correlation, and the names of the two parts."""
    pair = _place(parts.correlation, lowest=lowest)
    (a_zh, a_en), (b_zh, b_en) = (parts.names[at] for at in pair)
    return float(parts.correlation[pair]), (f"{a_zh}与{b_zh}", f"{a_en} and {b_en}")


def _place(correlation: np.ndarray, *, lowest: bool) -> tuple[int, int]:
    rows, columns = np.triu_indices(len(correlation), 1)
    values = correlation[rows, columns]
    at = values.argmin() if lowest else values.argmax()
    return int(rows[at]), int(columns[at])


def _pairwise(x: np.ndarray, y: np.ndarray) -> float:
    return pd.Series(x).corr(pd.Series(y), min_periods=FEWEST)


def _p_value(r: float, n: int) -> float:
    """Return the two-sided p-value of a correlation of n pairs (Student's t)."""
    t = abs(r) * np.sqrt((n - 2) / max(1 - r * r, 1e-300))
    return float(2 * stats.t.sf(t, n - 2))
