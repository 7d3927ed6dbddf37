"""What changed since the last edition."""

from report.profiles import strips
from report.profiles.context import Context
from report.profiles.notation import missing, signed, span
from report.profiles.page import Cell, Column, Drawing, Key, Row, Section, Table, Text, Tone
from report.profiles.values import Profile, Record

WAYS: dict[str, tuple[str, str, Tone]] = {
    "up": ("确有上升", "a clear rise", "good"),
    "rise": ("确有上升", "a clear rise", "good"),
    "down": ("确有下降", "a clear fall", "bad"),
    "fall": ("确有下降", "a clear fall", "bad"),
    "unclear": ("无可检出变化", "no detectable change", "quiet"),
}


def changes(profile: Profile, context: Context) -> Section:
    """Tell how rank and scores moved, or that there is no edition to compare with."""
    say = context.results.say
    title = say("与上一年度比较", "Change since the last edition")
    if profile.rank_change is None and not profile.changes:
        text = (
            say("上一年度没有本市的可比结果。", "The last edition has no results of this city.")
            if "rank_changes" in context.results
            else say("没有可供比较的上一年度结果。", "There is no earlier edition to compare with.")
        )
        return Section(title, (Text(text),))
    blocks: list[Text | Table | Key] = []
    if (row := profile.rank_change) is not None:
        zh, en, _ = WAYS[str(row["verdict"])]
        apart = "" if missing(row["low"]) else f"[{row['low']:+.0f}, {row['high']:+.0f}]"
        blocks.append(
            Text(
                say(
                    f"在两个年度都有总分的城市中，名次由第{row['rank_before']}位变为第{row['rank_after']}位"
                    f"（变动{row['moved']:+d}，区间{apart}）：{zh}。",
                    f"Among the cities with a total in both editions its rank went from "
                    f"{row['rank_before']} to {row['rank_after']} (moved {row['moved']:+d}, "
                    f"interval {apart}): {en}.",
                ).replace("-", "−")
            )
        )
    if profile.changes:
        columns = (
            Column(say("指标", "Indicator")),
            Column(say("上一年度 / 本年度", "Last / this edition"), width=35),
            Column(say("变化", "Change"), "right", 14),
            Column(say("区间", "Interval"), "right", 30),
            Column(say("判断", "Verdict"), width=34),
        )
        rows = tuple(_row(row, context) for row in profile.changes)
        blocks.append(Table(title, columns, rows, look="strips"))
        if any(row.get("basis") == "redefined" for row in profile.changes):
            blocks.append(
                Text(
                    say(
                        "带“*”的指标口径有调整，其变化部分来自口径调整。",
                        "* measured or weighted differently this time, which accounts for part of "
                        "the change.",
                    ),
                    small=True,
                )
            )
    return Section(title, tuple(blocks))


def _row(row: Record, context: Context) -> Row:
    say, nan = context.results.say, float("nan")
    name = context.names.get(str(row["indicator"]), str(row["indicator"]))
    zh, en, tone = WAYS[str(row["verdict"])]
    svg = strips.pair(
        150, (context.ticks[0], context.ticks[-1]), (float(row["before"]), nan, nan),
        (float(row["after"]), nan, nan), ring=True,
    )  # fmt: skip
    told = f"{name}: {row['before']:.2f} → {row['after']:.2f}"
    star = "*" if row.get("basis") == "redefined" else ""
    cells = (
        Cell(name + star),
        Cell(drawing=Drawing(svg, told)),
        Cell(signed(row["change"])),
        Cell(span(row["low"], row["high"], sign=True)),
        Cell(say(zh, en), tone),
    )
    return Row(cells, 0 if row["indicator"] == "total" else 1)
