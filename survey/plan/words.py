"""What is said of a plan, and of what it can tell apart, in both languages."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from survey.plan.balance import largest_repetition

Said = dict[str, str]
"""A text by language, zh and en."""
WITHIN = 2
"""How many times more or fewer calls are still told of beside those planned."""


def said_of_plan(plan: pd.DataFrame) -> Said:
    """Say in a few sentences what is planned.

    Parameters
    ----------
    plan
        The columns of the contract `plan`.
    """
    roles = plan["role"].value_counts()
    main = plan[plan["role"] == "main"]
    each = main.groupby("unit").size()
    load = main.groupby(["shopper", "date"]).size().max()
    people = main.groupby("shopper").size()
    first, last = (f"{day:%Y-%m-%d}" for day in (main["date"].min(), main["date"].max()))
    days, most = main["date"].nunique(), largest_repetition(plan)
    double, check = (int(roles.get(role, 0)) for role in ("double", "back_check"))
    return {
        "zh": f"{len(each)}个评估对象各拨打{_range(each, '至')}次，共{len(main)}次；"
        f"{len(people)}名拨测员每人{_range(people, '至')}次，一天至多{load}次，"
        f"对同一评估对象至多{most}次；自{first}至{last}，共{days}天；双录{double}次，复核{check}次。",
        "en": f"{len(each)} units, {_range(each, ' to ')} calls each, {len(main):,} in all; "
        f"{len(people)} shoppers with {_range(people, ' to ')} calls each, at most {load} a day "
        f"and {most} to the same unit; {days} days from {first} to {last}; {double} recordings "
        f"coded twice, {check} checked by a supervisor.",
    }


def _percent(share: float) -> str:
    """Write a probability, and never one short of certainty as certain."""
    return ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def _range(counts: pd.Series, to: str) -> str:
    low, high = counts.min(), counts.max()
    return f"{low}" if low == high else f"{low}{to}{high}"


def said_of_precision(
    table: pd.DataFrame, planned: int, needed: Mapping[str, int | None], source: Said, most: int
) -> list[Said]:
    """Say in a few sentences what a plan can tell apart.

    Parameters
    ----------
    table
        As `survey.plan.precision.design_table` returns.
    planned
        The calls of a unit that are planned, a row of the table.
    needed
        As `survey.plan.precision.calls_needed` returns.
    source
        Title of the edition that the variance is of.
    most
        The most calls that were tried.
    """
    row = table.set_index("calls").loc[planned]
    said = [_precision(row, planned, source), _apart(row)]
    others = [
        each
        for each in table["calls"]
        if each != planned and planned / WITHIN <= each <= planned * WITHIN
    ]
    said += [_other(table.set_index("calls").loc[each], each) for each in others]
    return said + [_needed(what, calls, most) for what, calls in needed.items()]


def _precision(row: Any, planned: int, source: Said) -> Said:
    return {
        "zh": f"按“{source['zh']}”的数据推算，每个评估对象拨打{planned}次时，"
        f"总分标准误约{row['se']:.2f}分，信度{row['reliability']:.2f}；约{row['right_grade']:.0%}的等级与真实水平相符，"
        f"{row['near_grade']:.0%}相差不超过一级。",
        "en": f'Going by "{source["en"]}", with {planned} calls of a unit the standard error of '
        f"its total is about {row['se']:.2f} points (reliability {row['reliability']:.2f}); about "
        f"{row['right_grade']:.0%} of units get the grade of their true score, and "
        f"{row['near_grade']:.0%} that grade or the next.",
    }


def _apart(row: Any) -> Said:
    places = [int(name.removeprefix("told_apart_")) for name in row.index if "told_apart" in name]
    zh = "；".join(
        f"相距{k}名时，排对先后的概率为{_percent(row[f'ordered_{k}'])}，"
        f"差距超出误差范围的概率为{_percent(row[f'told_apart_{k}'])}"
        for k in places
    )
    en = "; ".join(
        f"{k} places apart, {_percent(row[f'ordered_{k}'])} and {_percent(row[f'told_apart_{k}'])}"
        for k in places
    )
    return {
        "zh": f"两个评估对象的真实名次{zh}（95%水平）。",
        "en": "The chance that of two units the better one scores higher, and does so beyond the "
        f"margin of error (95 %): {en}.",
    }


def _other(row: Any, calls: int) -> Said:
    return {
        "zh": f"若改为{calls}次，标准误约{row['se']:.2f}分，等级相符的约{row['right_grade']:.0%}。",
        "en": f"With {calls} calls: {row['se']:.2f} points, {row['right_grade']:.0%} right grades.",
    }


def _needed(what: str, calls: int | None, most: int) -> Said:
    zh = {"se": "标准误", "right_grades": "等级相符的比例"}[what]
    en = {"se": "standard error", "right_grades": "share of right grades"}[what]
    if calls is None:
        return {
            "zh": f"要达到设定的{zh}，每个评估对象拨打{most}次仍不够："
            "问卷、案例等带来的误差不会因多拨而消除。",
            "en": f"The {en} wanted is out of reach even with {most} calls of a unit: more calls "
            "do not take away the error of questionnaires and cases.",
        }
    return {
        "zh": f"要达到设定的{zh}，每个评估对象至少拨打{calls}次。",
        "en": f"The {en} wanted takes {calls} calls of a unit or more.",
    }
