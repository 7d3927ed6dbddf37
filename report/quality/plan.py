"""How much of the call plan was carried out."""

import pandas as pd

from report.labels import value_label
from report.profiles.page import Block, Section, Text
from report.quality.findings import MOST_UNITS
from report.quality.sheet import Told, share, table_of, text, whole
from report.results import Results

AXES = (
    ("slot", "时段", "Slot"),
    ("scenario", "情景", "Scenario"),
    ("audience", "服务对象", "Audience"),
    ("shopper", "拨测员", "Shopper"),
    ("unit", "城市", "City"),
)
LONG = ("shopper", "unit")
"""Axes of which only the rows with the most missing calls are shown."""
SCHEDULED = (
    Told("planned", "计划", "Planned", whole),
    Told("made", "完成", "Made", whole),
    Told("share", "完成率", "Share made", share),
    Told("missing", "未完成", "Missing", whole),
    Told("to_come", "尚未到期", "To come", whole),
    Told("unplanned", "计划外", "Unplanned", whole),
    Told("other_than_planned", "与计划不符", "Other than planned", whole),
)
GRID = (
    Told("cells", "应拨单元", "Cells", whole),
    Told("filled", "已有拨测", "With calls", whole),
    Told("share", "覆盖率", "Share filled", share),
    Told("made", "拨测次数", "Calls", whole),
)


def plan_section(results: Results) -> Section | None:
    """Tell how many of the planned calls were made, by slot, shopper, city and more."""
    blocks: list[Block] = []
    for axis, zh, en in AXES:
        name = f"coverage_{axis}"
        if name not in results or results[name].empty:
            continue
        columns, rows = _rows(results, name, axis)
        head = Told(axis, zh, en, text, "left")
        title = results.say(f"按{zh}", f"By {en.lower()}")
        if len(rows):
            blocks += [Text(title), table_of(results, title, rows, (head, *columns))]
    if not blocks:
        return None
    note = results.say(
        "拨测员和城市只列未完成最多的，全部见同目录的csv文件。没有拨测计划时，按城市、情景、服务对象和时段的组合统计覆盖率。",
        "Of shoppers and cities only those with the most missing calls are listed; all are in the "
        "csv files beside this page. Without a call plan, the cells of city, scenario, audience "
        "and slot are counted.",
    )
    blocks.append(Text(note, small=True))
    title = results.say("拨测计划完成情况", "How much of the call plan was done")
    return Section(title, tuple(blocks), whole=False)


def _rows(results: Results, name: str, axis: str) -> tuple[tuple[Told, ...], pd.DataFrame]:
    table = results[name]
    scheduled = "planned" in table
    due, done = ("planned", "made") if scheduled else ("cells", "filled")
    kept = table[due] - table["missing"] if scheduled else table[done]
    table = table.assign(share=kept / table[due].where(table[due] > 0))
    if axis in LONG:
        short = table[table["share"].fillna(1) < 1]
        table = short.sort_values(["share", axis], kind="stable").head(MOST_UNITS)
    else:
        names = [value_label(results, axis, str(value), results.lang) for value in table[axis]]
        table = table.assign(**{axis: names})
    return SCHEDULED if scheduled else GRID, table
