"""Items: are they answered, do the answers differ, and do they point the same way."""

from collections.abc import Iterator

import numpy as np

from analysis.audit.evidence import FEWEST, Evidence, quoted
from analysis.audit.verdicts import Check, Row
from indicators.measure import PointsTable

TAIL = 0.27
"""Share of the records in the upper and in the lower group."""
ANSWERED = Check(
    "item-answered",
    ("题项应答率", "item response"),
    (
        "应答率不低于80%；低于50%为不通过",
        "80 % or more of those asked answered; below 50 % fails",
    ),
    "OECD & JRC (2008), step 3",
    (
        "检查题目措辞与适用条件，降低漏答",
        "look at its wording and at whom it asks",
    ),
    warn=0.8,
    fail=0.5,
)
EXTREMES = Check(
    "item-extremes",
    ("题项天花板与地板", "item floor and ceiling"),
    (
        "得满分或零分的回答不超过80%；超过95%为不通过",
        "80 % of the answers or fewer have all points, or none; more than 95 % fails",
    ),
    "Crocker & Algina (1986), Introduction to Classical and Modern Test Theory",
    (
        "几乎人人答案相同，宜提高难度、细分选项或删去",
        "nearly all answers are the same; make it harder, split its options, or drop it",
    ),
    warn=0.80,
    fail=0.95,
)
REST = Check(
    "item-rest",
    ("校正的题总相关", "corrected item-total correlation"),
    (
        "题项与同表其余题项平均分的相关不低于0.3；为负者不通过",
        "correlation with the mean of the other items of its table 0.3 or more; below 0 fails",
    ),
    "Nunnally & Bernstein (1994), Psychometric Theory",
    (
        "核对计分方向与题意，方向无误的可单列",
        "check its direction and meaning; if they are right, report it apart",
    ),
    warn=0.3,
    fail=0.0,
)
DISCRIMINATION = Check(
    "item-discrimination",
    ("题项区分度", "item discrimination"),
    (
        "高分组与低分组（各27%）得分率之差不低于0.2；为负者不通过",
        "the upper and the lower 27 % of records differ by 0.2 of the points or more; a negative "
        "difference fails",
    ),
    "Kelley (1939); Ebel & Frisbie (1991), Essentials of Educational Measurement",
    (
        "题项难以区分优劣，宜修订选项或评分标准",
        "it does not tell good from poor; revise its options or its marks",
    ),
    warn=0.2,
    fail=0.0,
)


def check_items(evidence: Evidence) -> Iterator[Row]:
    """Check every item among the records it was put to.

    The rest of an item is the mean of the other items that the same record answered in the same
    table, so an item alone in its table has neither correlation nor discrimination. Calls that
    nobody answered count for floor and ceiling only: they have no answers to go together.
    """
    for table in evidence.scores.points:
        for column, at in enumerate(table.items):
            item = evidence.items[at]
            name = quoted(item.zh, item.en)
            yield from _of_item(evidence, table, column, (item.id, *name))


def _of_item(
    evidence: Evidence, table: PointsTable, column: int, named: tuple[str, str, str]
) -> Iterator[Row]:
    where, zh, en = named
    points = table.points[:, column] / evidence.tree.best
    there = ~np.isnan(points)
    reached = np.ones(len(there), dtype=bool)
    if "outcome" in table.frame:
        reached = table.frame["outcome"].eq("answered").to_numpy(dtype=bool)
    asked = table.applies[:, column] & reached
    if not there.any():
        if asked.any():
            yield ANSWERED.row(where, 0.0, (f"{zh}无人作答", f"nobody answered {en}"))
        return
    if table.sampled and asked.any():
        answered = there[asked].mean()
        yield ANSWERED.row(
            where, answered, (f"{zh}应答率{answered:.0%}", f"{en} was answered by {answered:.0%}")
        )
    top, bottom = (float(np.isclose(points[there], end).mean()) for end in (1, 0))
    end_zh, end_en = ("满分", "all points") if top >= bottom else ("零分", "no points")
    share = max(top, bottom)
    yield EXTREMES.row(
        where, share, (f"{zh}{share:.0%}得{end_zh}", f"{share:.0%} of {en} have {end_en}")
    )
    rest = rest_points(table.points, column) / evidence.tree.best
    both = there & reached & ~np.isnan(rest)
    if both.sum() < FEWEST or np.ptp(points[both]) == 0 or np.ptp(rest[both]) == 0:
        return
    r = float(np.corrcoef(points[both], rest[both])[0, 1])
    yield REST.row(where, r, (f"{zh}题总相关{r:.2f}", f"{en}: r = {r:.2f}"))
    d = discrimination(points[both], rest[both])
    yield DISCRIMINATION.row(where, d, (f"{zh}区分度{d:.2f}", f"{en}: D = {d:.2f}"))


def discrimination(points: np.ndarray, rest: np.ndarray) -> float:
    """Return the discrimination index of an item.

    Parameters
    ----------
    points
        Points of each record, 0 to 1, shape (n,).
    rest
        What the record has in the other items, shape (n,).

    Returns
    -------
    Mean points of the upper 27 % of the records less those of the lower 27 %, -1 to 1. Records
    tied with the last one of a group all belong to it.

    Notes
    -----
    Kelley (1939), Journal of Educational Psychology 30:17-24.
    """
    low, high = np.quantile(rest, [TAIL, 1 - TAIL])
    return float(points[rest >= high].mean() - points[rest <= low].mean())


def rest_points(points: np.ndarray, column: int) -> np.ndarray:
    """Return what the records have in the other items.

    Parameters
    ----------
    points
        Shape (records, items), NaN where not answered.
    column
        The item left out.

    Returns
    -------
    Mean points of the others, NaN where none was answered. Shape (records,).
    """
    others = np.delete(points, column, axis=1)
    there = ~np.isnan(others)
    with np.errstate(invalid="ignore"):
        return np.where(there, others, 0).sum(axis=1) / there.sum(axis=1)
