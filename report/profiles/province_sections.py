"""Further parts of a province's page: cities to watch, and all cities by indicator."""

from report.profiles.context import Context
from report.profiles.notation import ABSENT, chance, missing, points
from report.profiles.page import Cell, Column, Row, Section, Table, Text
from report.profiles.provinces import Province, fall, rise
from report.profiles.values import Profile

ABOVE, BELOW = "#cfe3f3", "#f7d9bf"
"""Behind scores that differ from the mean: told apart by the colour-blind, light in print."""


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
    title = say("值得留意的城市", "Cities to watch")
    held = province.watched
    if not held:
        text = say("各城市所获等级都较有把握。", "The grades of all its cities are fairly sure.")
        return Section(title, (Text(text),))
    columns = (
        Column(say("城市", "City")),
        Column(say("等级", "Grade"), "center", 14),
        Column(say("更高等级的概率", "Chance of better"), "right", 26),
        Column(say("更低等级的概率", "Chance of worse"), "right", 26),
        Column(
            say("单项改进即可升级，所需最少的", "Least single step to the next grade"), width=74
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
        "只因抽到的记录不同，这些城市就有四分之一以上的可能获得另一等级；与相邻等级的城市不宜分高下。",
        "With other records alone each of these had a chance of a quarter or more of another "
        "grade; they are not to be set apart from the neighbouring grade.",
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
    """Lay the scores out by city and indicator, with a ground where they stand out."""
    if not province.rows:
        return None
    say, english = context.results.say, context.results.lang == "en"
    title = say("城市与指标", "Cities by indicator")
    shown = [row for row in province.rows if row.depth > 0]
    columns = (
        Column(say("城市", "City"), width=34 if english else 30),
        *(Column(context.names[row.id], "center", turned=english) for row in shown),
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
        "有底色和箭头的得分与全国均值之差大于偶然（↑高于，↓低于）；其余与全国均值没有可检出的差别。",
        "Scores with a ground and an arrow differ from the national mean by more than chance "
        "(↑ above, ↓ below); in the others no difference can be detected.",
    )
    return Section(
        title,
        (Table(title, columns, tuple(rows), look="heat"), Text(note, small=True)),
        whole=False,
    )
