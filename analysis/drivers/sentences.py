"""What drivers and priorities say, in words."""

from typing import Literal

import numpy as np
import pandas as pd

from analysis.drivers.drivers import Drivers
from indicators.hierarchy import ALL
from indicators.nodes import Words
from indicators.system import System

Lang = Literal["zh", "en"]
NAMED = 3
"""How many drivers or priorities a sentence names."""
CAUTION = Words(zh="相关不等于因果。", en="This is association, not cause.")
RECORDS = {
    "calls": Words(zh="拨测记录", en="mystery calls"),
    "responses": Words(zh="问卷", en="questionnaires"),
    "channel_tests": Words(zh="渠道测试记录", en="channel tests"),
    "inspections": Words(zh="质检记录", en="inspections"),
    "cases": Words(zh="创新案例评审", en="reviews of cases"),
}


def drivers_sentence(drivers: Drivers, system: System, lang: Lang = "zh") -> str:
    """Tell what moves an outcome most, and how much of it is explained."""
    r2, zh = drivers.r2[0], lang == "zh"
    named = [
        f"“{_name(system, name, lang)}”（{_interval(share, lang)}）"
        if zh
        else f"{_name(system, name, lang)} ({_interval(share, lang)})"
        for name, share in zip(drivers.predictors[:NAMED], drivers.share.T, strict=False)
    ]
    outcome, whose = _name(system, drivers.outcome, lang), _whose(drivers, system, lang)
    count, one = len(drivers.predictors), len(drivers.predictors) == 1
    if zh:
        if one:
            only = _name(system, drivers.predictors[0], lang)
            return f"{whose}“{outcome}”的差异中，{_percent(r2)}可由“{only}”解释。{CAUTION.zh}"
        said = (
            f"{whose}“{outcome}”的差异中，{_percent(r2)}可由{count}项指标解释；其中影响最大的依次为"
        )
        return f"{said}{'、'.join(named)}，括号内为在可解释部分中的占比。{CAUTION.zh}"
    if one:
        only = _name(system, drivers.predictors[0], lang)
        said = f"{only} accounts for {_percent(r2)} of the variation in {outcome}{whose}."
        return f"{said} {CAUTION.en}"
    said = f"The {count} predictors account for {_percent(r2)} of the variation in {outcome}{whose}"
    said += f"; most of that goes to {', '.join(named)} (shares of what is explained)."
    return f"{said} {CAUTION.en}"


def data_sentence(drivers: Drivers, system: System, lang: Lang = "zh") -> str:
    """Tell which data the drivers were found in, and how."""
    unit = getattr(system.unit, lang)
    n, units = f"{drivers.n:,}", f"{drivers.units:,}"
    method = {
        "lmg": Words(zh="对解释力（R²）按Shapley值（LMG）分解", en="the Shapley value of R² (LMG)"),
        "relative_weights": Words(
            zh="对解释力（R²）按Johnson相对权重分解", en="Johnson's relative weights of R²"
        ),
    }[drivers.method]
    if drivers.level == "units":
        if lang == "zh":
            return f"比较{n}个{unit}的得分，而非单份记录；{method.zh}。"
        return (
            f"Scores of {n} units ({unit}) are compared, not single records; shared out by "
            f"{method.en}."
        )
    records = getattr(RECORDS[drivers.source], lang)
    if lang == "zh":
        within = f"同一{unit}" + "、同类服务对象" * bool(system.audiences) + "内部"
        return (
            f"依据{units}个{unit}的{n}份{records}，在{within}比较，不受{unit}之间差别的影响；"
            f"{method.zh}，区间按{unit}整群重抽样。"
        )
    within = "within each unit" + " and audience" * bool(system.audiences)
    return (
        f"{n} {records} of {units} units ({unit}) are compared {within}, so that what sets units "
        f"apart plays no part; shared out by {method.en}, with intervals from resampled units."
    )


def priority_sentence(table: pd.DataFrame, unit: str, system: System, lang: Lang = "zh") -> str:
    """Tell a unit what to do first.

    Parameters
    ----------
    table
        As from `analysis.drivers.priorities.priorities`.
    unit
        A unit of the table.
    system, lang
        Where names come from, and the language.
    """
    own = table[table["unit"] == unit]
    first = own[own["quadrant"] == "concentrate"].sort_values("priority").head(NAMED)
    weak = own[own["quadrant"] == "low_priority"]
    open_ = own[own["quadrant"] == "unclear"]
    zh = lang == "zh"
    parts = []
    if len(first):
        named = [
            f"“{_name(system, name, lang)}”（低{-gap:.2f}分）"
            if zh
            else f"{_name(system, name, lang)} ({-gap:.2f} points below)"
            for name, gap in zip(first["indicator"].tolist(), first["gap"].tolist(), strict=True)
        ]
        parts.append("建议优先改进" + "、".join(named) if zh else "First: " + ", ".join(named))
    else:
        parts.append(
            "没有一项重要指标明显低于参照平均"
            if zh
            else "No important indicator is clearly below the mean it is held against"
        )
    if len(weak):
        named = [_name(system, name, lang) for name in weak["indicator"].tolist()]
        parts.append(
            f"“{'”“'.join(named)}”也偏低，可随后改进" if zh else f"then: {', '.join(named)}"
        )
    if len(open_):
        parts.append(
            f"另有{len(open_)}项与平均的差距在误差范围内，尚难判断"
            if zh
            else f"of {len(open_)} more it cannot be told"
        )
    return "；".join(parts) + "。" if zh else "; ".join(parts) + "."


def _name(system: System, name: str, lang: Lang) -> str:
    named = {node.id: getattr(node, lang) for node in system.nodes()}
    items = {item.id: getattr(item, lang) for _, item in system.leaf_items()}
    return {**items, **named}.get(name, name)


def _whose(drivers: Drivers, system: System, lang: Lang) -> str:
    if drivers.audience == ALL:
        return ""
    of = getattr(system.audiences[drivers.audience], lang)
    return of if lang == "zh" else f" among {of}"


def _interval(share: np.ndarray, lang: Lang) -> str:
    value, low, high = map(_percent, share)
    if np.isnan(share[1]):
        return value
    return f"{value}，{low}至{high}" if lang == "zh" else f"{value}, {low} to {high}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
