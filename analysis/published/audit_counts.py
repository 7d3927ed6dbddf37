"""Counts and shares of grades, held against the lists of units."""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from analysis.published.audit_terms import Row, Words, capital, place_en, spoken
from analysis.published.figures import PublishedFigures, half_unit, printed_interval, printed_number
from analysis.published.statements import SampleStatement


def counts_sum(figures: PublishedFigures) -> list[Row]:
    """Compare counts with the lists: per grade, over all grades, and units listed twice."""
    return [
        *_listed_twice(figures),
        *_sample(figures),
        *_counts(figures),
        *_count_totals(figures),
    ]


def share_of_count(figures: PublishedFigures) -> list[Row]:
    """Recompute each printed share from its printed count and the size of the sample."""
    size = sample_size(figures)
    rows = []
    for where, table in _with(figures, "count", "share"):
        wrong = [
            row
            for grades, count, share in zip(
                table["grades"], table["count"], table["share"], strict=True
            )
            if (row := _share_row(figures, _Share(where, grades, int(count), share), size))
        ]
        rows += wrong or [
            _fine(
                "share-of-count", where, f"{len(table)}",
                (f"各占比均与其数量除以{size}相符", f"every share is its count divided by {size}"),
            )
        ]  # fmt: skip
    return rows


def shares_sum(figures: PublishedFigures) -> list[Row]:
    """Check that shares which cover every grade once make 100 %, but for rounding."""
    rows = []
    for where, table in _with(figures, "share"):
        if not _covers(figures, table):
            continue
        total = sum((printed_number(share) for share in table["share"]), Decimal(0))
        slack = sum((half_unit(share) for share in table["share"]), Decimal(0))
        gap = total - 100
        n = len(table)
        if abs(gap) <= slack:
            rows.append(
                _fine(
                    "shares-sum", where, f"{total}%",
                    (
                        f"{n}项占比合计{total}%，与100%之差在四舍五入范围内",
                        f"the {n} shares make {total} %, which is 100 % but for rounding",
                    ),
                )
            )  # fmt: skip
            continue
        rows.append(
            Row(
                "shares-sum", where, "all", f"{total}%", "100%", float(gap), "contradiction",
                f"{where}的{n}项占比合计{total}%，与100%相差{abs(gap)}个百分点，四舍五入至多可致{slack}个百分点之差。",
                f"The {n} shares in {place_en(where)} make {total} %, {abs(gap)} points away from "
                f"100 %; rounding explains {slack} at most.",
            )
        )  # fmt: skip
    return rows


def sample_size(figures: PublishedFigures) -> int:
    """Return the stated number of units, or that of the units listed where none is stated."""
    stated = [s.count for s in figures.statements if isinstance(s, SampleStatement)]
    return stated[0] if stated else figures.grades["unit"].nunique()


def _listed_twice(figures: PublishedFigures) -> list[Row]:
    rows = []
    for unit, table in figures.grades.groupby("unit", sort=False):
        if len(table) == 1:
            continue
        grades = list(dict.fromkeys(table["grade"]))
        zh, en = spoken(grades)
        rows.append(
            Row(
                "counts-sum", zh, str(unit), str(len(table)), "1", len(table) - 1, "contradiction",
                f"{unit}在等级名单中出现{len(table)}次（{zh}），每个评估对象只应列入一个等级一次。",
                f"{unit} is listed {len(table)} times ({en}); a unit has one grade, once.",
            )
        )  # fmt: skip
    if rows or figures.grades.empty:
        return rows
    n = len(figures.grades)
    return [
        _fine(
            "counts-sum", "等级名单", str(n),
            (f"共列{n}个评估对象，没有重复", f"{n} units are listed, none of them twice"),
        )
    ]  # fmt: skip


def _sample(figures: PublishedFigures) -> list[Row]:
    listed = figures.grades["unit"].nunique()
    rows = []
    for statement in figures.statements:
        if not isinstance(statement, SampleStatement):
            continue
        if statement.count == listed:
            told = f"所称样本{listed}个，与等级名单相符", f"the sample of {listed} is as listed"
            rows.append(_fine("counts-sum", statement.where, str(listed), told))
            continue
        rows.append(
            Row(
                "counts-sum", statement.where, statement.id, str(statement.count), str(listed),
                statement.count - listed, "contradiction",
                f"{statement.where}称样本为{statement.count}个，等级名单实列{listed}个。",
                f"{_start(statement.where)} says the sample is {statement.count}; the lists hold "
                f"{listed} units.",
            )
        )  # fmt: skip
    return rows


def _counts(figures: PublishedFigures) -> list[Row]:
    """Compare printed counts with the units listed under their grades."""
    listed = Counter(figures.grades["grade"])
    rows = []
    for where, table in _with(figures, "count"):
        wrong = []
        for grades, count in zip(table["grades"], table["count"].astype(int), strict=True):
            there = sum(listed[grade] for grade in grades.split(";"))
            if there == count:
                continue
            zh, en = spoken(grades.split(";"))
            wrong.append(
                Row(
                    "counts-sum", where, grades, str(count), str(there), count - there,
                    "contradiction",
                    f"{where}所印{zh}等级数量为{count}个，名单实列{there}个。",
                    f"{_start(where)} prints {count} units graded {en}; the lists hold {there}.",
                )
            )  # fmt: skip
        n = len(table)
        rows += wrong or [
            _fine(
                "counts-sum", where, str(n),
                (f"{n}项数量均与等级名单相符", f"all {n} counts agree with the lists"),
            )
        ]  # fmt: skip
    return rows


def _count_totals(figures: PublishedFigures) -> list[Row]:
    """Compare counts that cover every grade once with the size of the sample."""
    size = sample_size(figures)
    rows = []
    for where, table in _with(figures, "count"):
        if not _covers(figures, table):
            continue
        total = int(table["count"].astype(int).sum())
        if total == size:
            told = f"各等级数量合计{total}个，与样本数相符", f"the counts add up to {total}"
            rows.append(_fine("counts-sum", where, str(total), told))
            continue
        rows.append(
            Row(
                "counts-sum", where, "all", str(total), str(size), total - size, "contradiction",
                f"{where}各等级数量合计{total}个，样本数为{size}个。",
                f"The counts in {place_en(where)} add up to {total}; the sample is {size}.",
            )
        )  # fmt: skip
    return rows


class _Share(NamedTuple):
    """A printed share with its count."""

    where: str
    grades: str
    units: int
    share: str


def _share_row(figures: PublishedFigures, claimed: _Share, size: int) -> Row | None:
    """Return a row where a share is not its count divided by the size of the sample."""
    where, grades, count, share = claimed
    exact, interval = Fraction(100 * count, size), printed_interval(share)
    if Fraction(interval.low) <= exact < Fraction(interval.high):
        return None
    printed = printed_number(share)
    right = (Decimal(100 * count) / size).quantize(printed, ROUND_HALF_UP)
    zh, en = spoken(grades.split(";"))
    parts = _rounded_parts(figures, grades, printed)
    sums_zh = f"；所印恰为各等级四舍五入后占比之和（{'＋'.join(parts)}）" if parts else ""
    sums_en = f"; what is printed is the sum of the rounded shares ({' + '.join(parts)})"
    return Row(
        "share-of-count", where, grades, share, f"{right}%", float(printed - right),
        "contradiction",
        f"{where}所印{zh}等级占比为{share}，而{count}÷{size}为{right}%{sums_zh}。",
        f"{_start(where)} prints {share} for {en}, but {count} of {size} is {right} %"
        f"{sums_en if parts else ''}.",
    )  # fmt: skip


def _rounded_parts(figures: PublishedFigures, grades: str, total: Decimal) -> list[str]:
    """Return printed shares of disjoint parts of `grades` that add up to `total`, if any do."""
    whole = set(grades.split(";"))
    printed = figures.shares.dropna(subset=["share"]).drop_duplicates(["grades", "share"])
    parts = [
        (set(part.split(";")), share)
        for part, share in zip(printed["grades"], printed["share"], strict=True)
        if set(part.split(";")) < whole
    ]
    for size in range(2, len(whole) + 1):
        for chosen in combinations(parts, size):
            covered = [grade for part, _ in chosen for grade in part]
            exact = len(covered) == len(whole) and set(covered) == whole
            if exact and sum((printed_number(s) for _, s in chosen), Decimal(0)) == total:
                return [share for _, share in chosen]
    return []


def _with(figures: PublishedFigures, *columns: str) -> list[tuple[str, pd.DataFrame]]:
    """Return the printed rows that have all of `columns`, by place."""
    there = figures.shares.dropna(subset=list(columns))
    return [(str(where), table) for where, table in there.groupby("where", sort=False)]


def _covers(figures: PublishedFigures, table: pd.DataFrame) -> bool:
    """Tell whether rows name every grade exactly once."""
    named: Sequence[str] = [g for grades in table["grades"] for g in grades.split(";")]
    return sorted(named) == sorted(figures.order)


def _fine(rule: str, where: str, figure: str, told: Words) -> Row:
    zh, en = f"{where}：{told[0]}。", f"{_start(where)}: {told[1]}."
    return Row(rule, where, "all", figure, figure, 0.0, "consistent", zh, en)


def _start(where: str) -> str:
    return capital(place_en(where))
