"""The page of a city: who it is, what it got, and where that lies among all and its peers."""

from urllib.parse import quote

from report.labels import factor_label
from report.profiles import city_sections as sections
from report.profiles import strips
from report.profiles.city_cards import cards
from report.profiles.city_graded import graded
from report.profiles.context import Context
from report.profiles.notation import (
    ABSENT,
    against,
    edition_title,
    group_name,
    institute,
    missing,
    notice,
    places,
    points,
    span,
    tone_of,
)  # fmt: skip
from report.profiles.page import Cell, Column, Drawing, Key, Link, Page, Row, Section, Table
from report.profiles.page import Text as Paragraph
from report.profiles.peers import ENOUGH
from report.profiles.values import Indicator, Peers, Profile
from report.prose.wording import listed
from report.results import Results

STRIP = 240.0
"""Width of a strip in pixels of CSS."""


def city_page(profile: Profile, context: Context) -> Page:
    """Return the page of a unit, told in the language of the results."""
    results = context.results
    warning, mark = notice(results)
    scored = profile.scored
    return Page(
        lang=results.lang,
        kind=results.say("城市概况", "City profile"),
        title=profile.official if results.lang == "zh" else profile.name,
        subtitle=subtitle(profile, results),
        edition=edition_title(results),
        institute=institute(results),
        notice=warning,
        mark=mark,
        cards=cards(profile, context),
        lead=lead(profile, context),
        sections=(
            (beside_peers(profile, context), *sections.scored(profile, context))
            if scored
            else graded(profile, context)
        ),
        reading=reading(context, scored=scored),
        words=sections.page_words(results),
        links=_links(profile, context),
    )


def subtitle(profile: Profile, results: Results) -> str:
    """Return province, level and tier, each once, with the code and the name in Chinese."""
    lang = results.lang
    parts = [
        group_name(profile.province, lang) if profile.province != profile.unit else "",
        group_name(profile.level, lang),
        group_name(profile.tier, lang),
        profile.official if lang == "en" and profile.official != profile.name else "",
        results.say(f"代码{profile.code}", f"code {profile.code}") if profile.code else "",
    ]
    return " · ".join(filter(None, parts))


def lead(profile: Profile, context: Context) -> str:
    """Say in a few sentences what the page shows."""
    results, lang, grade = context.results, context.results.lang, profile.grade
    say = results.say
    if not profile.scored:
        return say(
            f"{profile.official}获得的等级为{grade['grade']}。本年度只公布了等级，没有公布各城市的得分和记录，"
            "因此没有名次，也无法估计该等级的可靠程度。",
            f"The grade of {profile.name} is {grade['grade']}. This edition published grades but "
            "neither scores nor records of cities, so there is no rank, and how certain the grade "
            "is cannot be estimated.",
        )
    told = []
    if grade.get("borderline") is True:
        told.append(
            say(
                "所获等级的概率不足一半，处于等级边界附近，不宜据此与相邻等级的城市区分优劣。",
                "The grade is borderline: its chance is below one half, so the city should not be "
                "told apart from cities of the neighbouring grade.",
            )
        )
    for row in profile.beside:
        group = group_name(str(row["group"]), lang)
        reach = places(row["rank_low"], row["rank_high"])
        told.append(
            say(
                f"在{row['n']}个{group}中列第{row['rank']}位（区间{reach}）。",
                f"By {factor_label(str(row['factor']), lang).lower()} ({group}) it ranks "
                f"{row['rank']} of {row['n']} (interval {reach}).",
            )
        )
    first = [row for row in profile.rows if row.depth == 1]
    for way, zh, en in ((1, "高于", "above"), (-1, "低于", "below")):
        apart = [
            context.names[row.id]
            for row in first
            if row.verdict in ("clear", "slight") and row.gap.value * way > 0
        ]
        if apart:
            told.append(
                say(
                    f"一级指标中，{listed(apart, lang)}{zh}全国均值，差别超出抽样误差。",
                    f"Of the level-1 indicators, {listed(apart, lang)} "
                    f"{'is' if len(apart) == 1 else 'are'} {en} the national mean by more than "
                    "sampling error.",
                )
            )
    same = [context.names[row.id] for row in first if row.verdict == "none"]
    if same:
        told.append(
            say(
                f"{listed(same, lang)}与全国均值没有可检出的差别。",
                f"No difference from the national mean can be detected in {listed(same, lang)}.",
            )
        )
    return say("", " ").join(told)


def peer_words(peers: Peers, context: Context) -> str:
    """Return whom a unit is shown beside."""
    say, lang = context.results.say, context.results.lang
    if not peers.factor:
        return say(f"全部{peers.n}个城市", f"all {peers.n} cities")
    return say(
        f"{group_name(peers.group, lang)}（{peers.n}个）",
        f"{group_name(peers.group, lang)} ({peers.n})",
    )


def beside_peers(profile: Profile, context: Context) -> Section:
    """Return the table of indicators with a strip each."""
    say, level = context.results.say, context.level
    peers = peer_words(profile.peers, context)
    axis = Drawing(strips.axis(STRIP, context.ticks, context.ticks[0], context.ticks[-1]), "")
    zh = context.results.lang == "zh"
    medians = any(row.peers for row in profile.rows)
    columns = (
        Column(say("指标", "Indicator"), width=40 if zh else 44),
        Column(
            say("本市与同类城市", "This city and peer cities"), width=62 if zh else 50, axis=axis
        ),
        Column(say("得分", "Score"), "right", 11),
        Column(say(f"{level}区间", f"{level} interval"), "right", 19),
        *([Column(say("同类中位数", "Peer median"), "right", 16 if zh else 13)] * medians),
        Column(say("与全国均值相比", "Compared with all cities")),
    )
    rows = tuple(_row(row, context, medians=medians) for row in profile.rows)
    few = any(row.dots for row in profile.rows)
    kinds = [
        ("own", say("本市得分及其区间", "this city, with interval")),
        *([("peer", say("其他同类城市", "each peer city"))] if few else []),
        ("band", say("同类城市居中的一半及中位数", "middle half and median of peers")),
        ("mean", say("全国均值", "national mean")),
        ("up", say("高于全国均值", "above mean")),
        ("down", say("低于全国均值", "below mean")),
    ]
    if all(row.peers is None for row in profile.rows):
        kinds = [kind for kind in kinds if kind[0] != "band"]
    key = Key(tuple((Drawing(strips.mark(kind), ""), word) for kind, word in kinds))
    return Section(
        say(f"与同类城市比较：{peers}", f"Comparison with peer cities: {peers}"),
        (
            Table(
                say("各项指标的得分", "Scores by indicator"), columns, rows, look="strips",
            ),
            key,
            Paragraph(_note(profile.peers, context), small=True),
        ),
    )  # fmt: skip


def _note(peers: Peers, context: Context) -> str:
    say, level = context.results.say, context.level
    judged = say(
        f"各项与全国均值的比较采用{level}的联合置信水平；记录较少的指标区间较宽，差别往往难以确认。",
        f"All comparisons with the national mean hold together with {level} confidence; an "
        "indicator with few records has a wide interval, and a difference often cannot be shown.",
    )
    if not peers.factor:
        return judged
    chosen = say(
        f"同类城市按行政层级或城市分级划分，取不少于{ENOUGH}个城市的组中较小的一组；两组均不足{ENOUGH}个的，取较大的一组。",
        f"Peer cities share the city's administrative level or tier: the smaller group of at least "
        f"{ENOUGH} cities, or the larger group where neither has {ENOUGH}.",
    )
    return judged + say("", " ") + chosen


def _row(row: Indicator, context: Context, *, medians: bool) -> Row:
    median = (Cell(_median(row)),) * medians
    say, lang, name = context.results.say, context.results.lang, context.names[row.id]
    if missing(row.score.value):
        none = say("没有得分", "no score")
        drawing = strips.strip(
            STRIP, context.ticks, row.score.triple, row.peers, row.mean, dots=row.dots
        )
        cells = (Cell(name), Cell(drawing=Drawing(drawing, f"{name}: {none}")), Cell(ABSENT),
                 Cell(""), *median, Cell(none, "quiet"))  # fmt: skip
        return Row(cells, row.depth)
    words, tone = against(row.gap.value, row.verdict, lang)
    drawing = Drawing(
        strips.strip(
            STRIP, context.ticks, row.score.triple, row.peers, row.mean,
            tone_of(row.gap.value, row.verdict), row.dots,
        ),
        say(
            f"{name}：{points(row.score.value)}，区间{span(*row.score.triple[1:])}"
            f"{_spread(row, '；同类城市居中的一半', '–')}；全国均值{points(row.mean)}",
            f"{name}: {points(row.score.value)}, interval {span(*row.score.triple[1:])}"
            f"{_spread(row, '; middle half of peer cities ', '–')}; "
            f"national mean {points(row.mean)}",
        ),
    )  # fmt: skip
    cells = (
        Cell(name),
        Cell(drawing=drawing),
        Cell(points(row.score.value)),
        Cell(span(*row.score.triple[1:])),
        *median,
        Cell(words, tone),
    )
    return Row(cells, row.depth)


def _median(row: Indicator) -> str:
    return points(row.peers[1]) if row.peers else ABSENT


def _spread(row: Indicator, words: str, to: str) -> str:
    return f"{words}{points(row.peers[0])}{to}{points(row.peers[2])}" if row.peers else ""


def reading(context: Context, *, scored: bool) -> str:
    """Say how the page is to be read."""
    say, level = context.results.say, context.level
    if not scored:
        return say(
            "说明：等级取自已公布的结果；因没有记录，不提供区间和概率。",
            "How to read: grades are as published; without records there are no intervals and no "
            "chances.",
        )
    return say(
        f"说明：得分满分{context.ticks[-1]:.0f}分。区间（{level}）和概率表示重新抽取记录时结果可能的范围和机会；"
        "区间相互重叠的城市不宜区分先后。",
        f"How to read: scores run from {context.ticks[0]:.0f} to {context.ticks[-1]:.0f}. "
        f"Intervals ({level}) and chances tell what another draw of records could give; do not "
        "rank cities whose intervals overlap.",
    )


def _links(profile: Profile, context: Context) -> tuple[Link, ...]:
    say = context.results.say
    links = [Link(say("全部城市", "All cities"), "index.html")]
    if context.pdf:
        links.append(Link("PDF", f"{profile.stem}.pdf"))
    if context.beside:
        links.append(
            Link(
                say("与其他城市对标", "Compare with other cities"),
                f"../benchmark/index.html#u={quote(profile.unit, safe='')}",
            )
        )
        if stem := context.provinces.get(profile.province):
            links.append(Link(say("分省报告", "Province report"), f"../provinces/{stem}.html"))
        links.append(Link(say("全国报告", "National report"), "../index.html"))
    return tuple(links)
