"""Further parts of a city's page: what to do first, audiences, access, the next grade, the rank."""

from math import ceil

from report.profiles import strips
from report.profiles.city_audiences import access, audiences
from report.profiles.city_worth import records_behind, worth
from report.profiles.city_year import changes
from report.profiles.context import Context
from report.profiles.notation import (
    against,
    chance,
    missing,
    points,
    signed,
    span,
    tone_of,
)  # fmt: skip
from report.profiles.page import (
    Cell,
    Column,
    Drawing,
    Row,
    Section,
    Table,
    Text,
    Tone,
)  # fmt: skip
from report.profiles.values import Indicator, Profile
from report.results import Results

WIDE = 210.0
"""Width of a drawing in a table, in pixels of CSS."""
MOST = 4
"""Indicators named as strong or weak, or as a way to the next grade."""
DO: dict[str, tuple[str, str, Tone]] = {
    "concentrate": ("优先改进", "Improve first", "bad"),
    "low_priority": ("次要改进", "Improve later", "bad"),
    "keep_up": ("继续保持", "Keep up", "good"),
    "overkill": ("无须追加", "No more needed", "good"),
    "unclear": ("尚难判断", "Not yet clear", "quiet"),
}
"""What to do by quadrant (`analysis.drivers.priorities.QUADRANTS`), the most urgent first."""


def page_words(results: Results) -> dict[str, str]:
    """Return words that the templates need."""
    return {
        "page": results.say("第{n}页，共{of}页", "Page {n} of {of}"),
        "contents": results.say("跳到正文", "Skip to the content"),
        "links": results.say("相关页面", "Related pages"),
    }


def scored(profile: Profile, context: Context) -> tuple[Section, ...]:
    """Return the sections that follow the table of indicators."""
    made = (
        worth(profile, context),
        strengths(profile, context),
        audiences(profile, context),
        next_grade(profile, context),
        access(profile, context),
        changes(profile, context),
        records_behind(profile, context),
    )
    return tuple(section for section in made if section is not None)


def strengths(profile: Profile, context: Context) -> Section:
    """Tell what to improve first and what to keep up, by importance where that is known."""
    say = context.results.say
    title = say("优势与短板", "Strengths and weaknesses")
    judged = [row for row in profile.rows if row.priority is not None]
    if not judged:
        return Section(title, (_apart(profile, context),))
    judged.sort(key=_urgency)
    edges = [abs(edge) for row in judged for edge in row.gap.triple if not missing(edge)]
    reach = min(float(ceil(max([2.0, *edges]))), context.ticks[-1])
    ticks = (-reach, -reach / 2, 0.0, reach / 2, reach)
    columns = (
        Column(say("指标", "Indicator")),
        Column(say("重要性", "Importance"), "right", 19),
        Column(
            say("与全国均值之差", "Difference from national mean"), width=50,
            axis=Drawing(strips.axis(WIDE, ticks, -reach, reach), ""),
        ),
        Column(say("差值", "Difference"), "right", 18),
        Column(say("区间", "Interval"), "right", 25),
        Column(say("判断", "Verdict"), width=26),
    )  # fmt: skip
    rows = tuple(_judged(row, ticks, context) for row in judged)
    unclear = sum(
        row.priority is not None and row.priority["quadrant"] == "unclear" for row in judged
    )
    told = say(
        "“重要性”为该指标对使用者满意度的相对影响。",
        "Importance is the indicator's share in what influences users' satisfaction.",
    )
    if unclear:
        told += say(
            f"{len(judged)}项指标中有{unclear}项凭现有记录尚难判断，这并不表示没有差别。",
            f" {unclear} of the {len(judged)} indicators cannot be judged from these records, "
            "which does not mean that there is no difference.",
        )
    return Section(
        title,
        (Table(title, columns, rows, look="strips"), Text(told, small=True)),
    )


def _urgency(row: Indicator) -> tuple[int, float]:
    held = row.priority or {}
    rank = held.get("priority")
    return list(DO).index(str(held["quadrant"])), (
        float(-held["importance"]) if missing(rank) else float(rank or 0)
    )


def _judged(row: Indicator, ticks: tuple[float, ...], context: Context) -> Row:
    held, lang = row.priority or {}, context.results.lang
    quadrant = str(held["quadrant"])
    zh, en, tone = DO[quadrant]
    name = context.names[row.id]
    told = f"{name}: {signed(row.gap.value)} {span(row.gap.low, row.gap.high, sign=True)}"
    drawing = strips.gap(WIDE, ticks, row.gap.triple, tone_of(row.gap.value, row.verdict))
    return Row(
        (
            Cell(name),
            Cell(f"{held['importance'] * 100:.0f}%"),
            Cell(drawing=Drawing(drawing, told)),
            Cell(signed(row.gap.value)),
            Cell(span(row.gap.low, row.gap.high, sign=True)),
            Cell(zh if lang == "zh" else en, tone),
        ),
        depth=1,
    )


def _apart(profile: Profile, context: Context) -> Table | Text:
    """Name the deepest indicators that stand out, where no importance is known."""
    say, lang = context.results.say, context.results.lang
    deep = [row for row in profile.rows if row.depth > 0 and row.verdict in ("clear", "slight")]
    deep = [row for row in deep if row.depth == max(each.depth for each in deep)]
    if not deep:
        return Text(
            say(
                "各项指标与全国均值的差别均未超出抽样误差。",
                "No indicator differs from the national mean by more than sampling error.",
            )
        )
    deep.sort(key=lambda row: row.gap.value)
    picked = deep if len(deep) <= 2 * MOST else [*deep[:MOST], *deep[-MOST:]]
    columns = (
        Column(say("指标", "Indicator")),
        Column(say("与全国均值之差", "Difference from mean"), "right", 28),
        Column(say("判断", "Verdict"), width=24),
    )
    rows = []
    for row in picked:
        words, tone = against(row.gap.value, row.verdict, lang)
        gap = f"{signed(row.gap.value)} {span(row.gap.low, row.gap.high, sign=True)}"
        rows.append(Row((Cell(context.names[row.id]), Cell(gap), Cell(words, tone)), 1))
    return Table(say("优势与短板", "Strengths and weaknesses"), columns, tuple(rows))


def next_grade(profile: Profile, context: Context) -> Section | None:
    """Tell what would lift the grade."""
    if not profile.steps:
        return None
    say, lang, first = context.results.say, context.results.lang, profile.steps[0]
    if missing(first["next_grade"]):
        title = say("提升等级的路径", "Ways to a higher grade")
        text = say("本市已获最高等级。", "The city already has the highest grade.")
        return Section(title, (Text(text),), "left")
    target = str(first["next_grade"])
    title = say(f"提升至{target}等级的路径", f"Ways to reach grade {target}")
    able = [row for row in profile.steps if row["feasible"]]
    short, likely = _up(first["gap"]), chance(first["p_next"], lang)
    lacking = say(
        f"总分距{target}尚差{short}分；实际水平不变，仅因重新抽取记录而获{target}或更高等级的概率：{likely}。",
        f"The total is {short} points short of {target}. The chance that another draw of records "
        f"alone would give {target} or better: {likely}.",
    )
    if not able:
        none = say(
            "单独提高任何一项指标都不能达到，需要多项指标同时改进。",
            "Improving any single indicator is not enough; several have to improve together.",
        )
        return Section(title, (Text(lacking + say("", " ") + none),), "left")
    columns = (
        Column(say("单独提高的指标", "Indicator improved alone")),
        Column(say("现得分", "Now"), "right", 13),
        Column(say("须达到", "Needed"), "right", 16),
        Column(say("提高幅度", "Gain"), "right", 16),
    )
    rows = tuple(
        Row(
            (
                Cell(context.names.get(str(row["indicator"]), str(row["indicator"]))),
                Cell(points(row["score"])),
                Cell(_up(row["needed"])),
                Cell(f"+{_up(row['gain'])}"),
            ),
            1,
        )
        for row in able[:MOST]
    )
    more = say(
        f"其他指标不变时，单独提高即可升级的指标共{len(able)}项"
        + (f"，表中列出所需幅度最小的{MOST}项。" if len(able) > MOST else "。"),
        "With the others unchanged, "
        + ("1 indicator is" if len(able) == 1 else f"{len(able)} indicators are each")
        + " enough alone"
        + (f"; the {MOST} that need the smallest gain are listed." if len(able) > MOST else "."),
    )
    blocks = (Text(lacking), Table(title, columns, rows), Text(more, small=True))
    return Section(title, blocks, "left")


def _up(value: float) -> str:
    """Write a figure rounded up, so that what is said to be enough is enough."""
    return f"{ceil(round(float(value) * 100, 4)) / 100:.2f}"
