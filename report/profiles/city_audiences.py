"""Citizens against enterprises, and how both get through."""

from report.labels import AUDIENCES, counted
from report.language import Lang
from report.profiles import strips
from report.profiles.context import Context
from report.profiles.notation import ABSENT, missing, percent, points, signed, span
from report.profiles.page import Cell, Column, Drawing, Key, Row, Section, Table, Text, Tone
from report.profiles.values import Profile
from report.results import Results

WIDE = 210.0
ABOUT_ACCESS = ("efficiency", "convenience")
"""Indicators that tell of getting through and waiting, where a system has them."""


def audiences(profile: Profile, context: Context) -> Section | None:
    """Hold the scores of two audiences against each other."""
    if not profile.audiences:
        return None
    say, lang = context.results.say, context.results.lang
    first, second = (
        audience_name(str(profile.audiences[0][side]), lang) for side in ("first", "second")
    )
    title = say(f"{first}与{second}", f"{first} and {second.lower()}")
    columns = (
        Column(say("指标", "Indicator")),
        Column(
            say("得分及区间", "Scores with intervals"),
            width=46 if lang == "zh" else 38,
            axis=Drawing(strips.axis(WIDE, context.ticks, 0, context.ticks[-1]), ""),
        ),
        Column(first, "right", 15),
        Column(second, "right", 17),
        Column(say("差值", "Difference"), "right", 12 if lang == "zh" else 16),
        Column(say("区间", "Interval"), "right", 24),
        Column(say("判断", "Verdict"), width=37),
    )
    rows = []
    for row in profile.audiences:
        figures = [
            _triple(profile, str(row[side]), str(row["indicator"])) for side in ("first", "second")
        ]
        name = context.names.get(str(row["indicator"]), str(row["indicator"]))
        drawing = Drawing(
            strips.pair(WIDE, context.ticks, figures[0], figures[1]),
            f"{name}: {first} {points(figures[0][0])}, {second} {points(figures[1][0])}",
        )
        words, tone = _audience_verdict(row["gap"], str(row["verdict"]), (first, second), lang)
        cells = (
            Cell(name),
            Cell(drawing=drawing),
            *(Cell(points(figure[0])) for figure in figures),
            Cell(signed(row["gap"])),
            Cell(span(row["low"], row["high"], sign=True)),
            Cell(words, tone),
        )
        rows.append(Row(cells, min(int(row["level"]), 1)))
    key = Key(
        (
            (Drawing(strips.mark("first"), ""), first),
            (Drawing(strips.mark("second"), ""), second),
        )
    )
    note = say(
        "“判断”已按全部城市作多重比较校正，区间未作校正，因此区间不含0的差值也可能判为无可检出差别。",
        "Verdicts are corrected for comparing all cities at once, intervals are not; so a "
        "difference whose interval leaves out 0 may still be judged not detectable.",
    )
    table = Table(title, columns, tuple(rows), look="strips")
    return Section(title, (table, key, Text(note, small=True)))


def audience_name(name: str, lang: Lang) -> str:
    """Return the name of an audience; one of another index keeps its own."""
    return AUDIENCES[name][lang] if name in AUDIENCES else name


def _triple(profile: Profile, audience: str, indicator: str) -> tuple[float, float, float]:
    row = profile.scores.get((audience, indicator))
    if row is None:
        return float("nan"), float("nan"), float("nan")
    return float(row["score"]), float(row["low"]), float(row["high"])


def _audience_verdict(
    gap: float, verdict: str, names: tuple[str, str], lang: Lang
) -> tuple[str, Tone]:
    zh = lang == "zh"
    if verdict not in ("clear", "slight"):
        return ("无可检出差别" if zh else "no detectable difference"), "quiet"
    higher = names[0] if gap > 0 else names[1]
    size = {"clear": ("明显", "clearly"), "slight": ("略", "slightly")}[verdict]
    return (f"{higher}{size[0]}较高" if zh else f"{higher.lower()} {size[1]} higher"), ""


def access(profile: Profile, context: Context) -> Section | None:
    """Tell of answering and waiting, with what there is by city."""
    say, lang, blocks = context.results.say, context.results.lang, []
    if (row := profile.access) is not None:
        n, rate, nation = int(row["n"]), percent(row["value"]), percent(row["target"])
        answered = round(row["value"] * n)
        blocks.append(
            Text(
                say(
                    f"{n}次拨测接通{answered}次，接通率{rate}（全国{nation}），",
                    f"{answered} of {n} test calls were answered: {rate}, compared with {nation} "
                    "in all cities. This is ",
                )
                + _band(str(row["band"]), bool(row["stands_out"]), context.results)
            )
        )
    names = [name for name in ABOUT_ACCESS if name in context.names]
    rows = [
        Row(
            (
                Cell(counted(context.names[name], audience_name(who, lang), lang)),
                Cell(points(found["score"])),
                Cell(span(found["low"], found["high"])),
                Cell(ABSENT if missing(found["n"]) else f"{int(found['n'])}"),
            ),
            1,
        )
        for name in names
        for who in ("citizen", "enterprise")
        if (found := profile.scores.get((who, name))) is not None
    ]
    if rows:
        columns = (
            Column(say("指标", "Indicator")),
            Column(say("得分", "Score"), "right", 12),
            Column(say("区间", "Interval"), "right", 20),
            Column(say("记录数", "Records"), "right", 13),
        )
        blocks.append(Table(say("接通与等候", "Getting through and waiting"), columns, tuple(rows)))
    slots = len(context.results.meta.get("slots") or {})
    if profile.access is not None and slots > 1:
        each = int(profile.access["n"]) / slots
        blocks.append(
            Text(
                say(
                    f"拨测分布于{slots}个时段，每个时段平均约{each:.0f}次，不足以给出本市的分时段结果；全国的分时段结果见全国报告。",
                    f"The calls were spread over {slots} time slots, about {each:.0f} in each: too "
                    "few for results of this city by slot. The national report has results by slot "
                    "for all cities.",
                ),
                small=True,
            )
        )
    return (
        Section(say("接通与等候", "Getting through and waiting"), tuple(blocks), "right")
        if blocks
        else None
    )


def _band(band: str, stands_out: bool, results: Results) -> str:
    say = results.say
    way = say("高于", "above") if band.endswith("better") else say("低于", "below")
    if stands_out:
        return say(f"明显{way}各城市通常的范围。", f"clearly {way} the usual range of cities.")
    if band != "expected":
        return say(
            f"{way}该拨测次数下各城市通常的范围，但按全部城市作多重比较校正后不能确认。",
            f"{way} the usual range for this number of calls, but cannot be confirmed once all "
            "cities are compared.",
        )
    return say(
        "在该拨测次数下各城市通常的范围之内。",
        "within the usual range of cities for this number of calls.",
    )
