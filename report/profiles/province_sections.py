"""Further parts of a province's page: cities to watch, and all cities by indicator."""

from report.profiles.context import Context
from report.profiles.notation import ABSENT, chance, missing, points
from report.profiles.page import Cell, Column, Row, Section, Table, Text
from report.profiles.provinces import CHANCE, Province, fall, rise
from report.profiles.values import Profile

WHOLE = 3
"""Characters that a column of scores has room for in a line."""
ABOVE, BELOW = "#cfe3f3", "#f7d9bf"
"""Behind scores that differ from the mean: told apart by the colour-blind, light in print."""


def stacked(name: str) -> str:
    """Break a Chinese name into short lines for a narrow column: 3, 2, 2 characters or all 2.

    What stands before a stroke keeps it and is broken by itself.
    """
    if len(name) <= WHOLE:
        return name
    first, *rest = name.split("/", 1)
    start = len(first) % 2 and 3
    lines = [first[:start], *(first[at : at + 2] for at in range(start, len(first), 2))]
    lines = [line for line in lines if line]
    if rest:
        lines[-1] += "/"
    return "\n".join([*lines, *(stacked(part) for part in rest)])


def city_href(city: Profile, context: Context) -> str:
    """Return where a city's profile lies; "" where it lies not beside."""
    return f"../profiles/{city.stem}.html" if context.beside else ""


def city_title(city: Profile, context: Context) -> str:
    """Return what a city is called in a table."""
    return city.official if context.results.lang == "zh" else city.name


def watched(province: Province, context: Context) -> Section | None:
    """List the cities whose grade may well have been another."""
    if not province.rows:
        return None
    say, lang = context.results.say, context.results.lang
    title = say("等级尚不稳定的城市", "Cities whose grade is uncertain")
    held = province.watched
    if not held:
        text = say("没有等级尚不稳定的城市。", "There are none.")
        return Section(title, (Text(text),))
    columns = (
        Column(say("城市", "City")),
        Column(say("等级", "Grade"), "center", 14),
        Column(say("更高等级的概率", "Chance of higher"), "right", 26),
        Column(say("更低等级的概率", "Chance of lower"), "right", 26),
        Column(
            say("升一级所需的最小单项提高", "Smallest single gain that raises the grade"), width=74
        ),
    )
    rows = tuple(
        Row(
            (
                Cell(city_title(city, context), href=city_href(city, context)),
                Cell(str(city.grade["grade"])),
                Cell(chance(rise(city), lang) if _has_next(city) else ABSENT),
                Cell(chance(fall(city), lang)),
                Cell(_step(city, context)),
            ),
            1,
        )
        for city in held
    )
    note = say(
        f"仅因重新抽取记录，上述城市获得更高或更低等级的概率即不低于{CHANCE:.0%}，不宜与相邻等级的城市区分优劣。"
        "“—”表示已是最高等级，或单独提高任何一项指标都不能升级。",
        "With another draw of records alone, each of these has a chance of "
        f"{CHANCE:.0%} or more of a higher or of a lower grade; do not set them apart from the "
        "neighbouring grade. A dash: it is the highest, or no single indicator can raise it.",
    )
    return Section(title, (Table(title, columns, rows), Text(note, small=True)))


def _has_next(city: Profile) -> bool:
    return bool(city.steps) and not missing(city.steps[0]["next_grade"])


def _step(city: Profile, context: Context) -> str:
    able = [row for row in city.steps if row["feasible"]]
    if not able:
        return ABSENT
    row = able[0]
    name = context.names.get(str(row["indicator"]), str(row["indicator"]))
    return f"{name} {points(row['score'])} → {points(row['needed'])}"


def heat(province: Province, context: Context) -> Section | None:
    """Lay the scores out by city and indicator, with a ground where they stand out.

    With one city they are those of the table of indicators, and left out.
    """
    if not province.rows or len(province.cities) == 1:
        return None
    say, english = context.results.say, context.results.lang == "en"
    title = say("各城市各指标得分", "Scores by city and indicator")
    shown = [row for row in province.rows if row.depth > 0]
    columns = (
        Column(say("城市", "City"), width=34 if english else 30),
        *(
            Column(
                context.names[row.id] if english else stacked(context.names[row.id]),
                "center",
                turned=english,
            )
            for row in shown
        ),
    )
    rows = []
    for city in province.cities:
        by_id = {row.id: row for row in city.rows}
        cells = [Cell(city_title(city, context), href=city_href(city, context))]
        for each in shown:
            row = by_id.get(each.id)
            if row is None or missing(row.score.value):
                cells.append(Cell(ABSENT, "quiet"))
                continue
            apart = row.verdict in ("clear", "slight")
            fill = (ABOVE if row.gap.value > 0 else BELOW) if apart else ""
            way = "" if not apart else "↑" if row.gap.value > 0 else "↓"
            cells.append(Cell(f"{row.score.value:.1f}{way}", fill=fill))
        rows.append(Row(tuple(cells), 1))
    note = say(
        "带底色和箭头的得分与全国均值的差别超出抽样误差（↑高于，↓低于）；其余没有可检出的差别，或差别微小。",
        "Shaded scores with an arrow differ from the national mean by more than sampling error "
        "(↑ above, ↓ below); the others show no detectable or only a negligible difference.",
    )
    return Section(
        title,
        (Table(title, columns, tuple(rows), look="heat"), Text(note, small=True)),
        whole=False,
    )
