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
            "因此没有名次，也无法估计这一等级有多大把握。",
            f"The grade of {profile.name} is {grade['grade']}. This edition published grades but "
            "neither scores nor records of cities, so there is no rank, and how sure the grade is "
            "cannot be estimated.",
        )
    told = []
    if grade.get("borderline") is True:
        told.append(
            say(
                "所获等级的概率不足一半，处在等级边界附近，不宜据此与相邻等级的城市分高下。",
                "The grade is borderline, its chance below one half, and not to be set apart from "
                "the neighbouring grade.",
            )
        )
    for row in profile.beside:
        group = group_name(str(row["group"]), lang)
        reach = places(row["rank_low"], row["rank_high"])
        told.append(
            say(
                f"在{row['n']}个{group}中列第{row['rank']}位（区间{reach}）。",
                f"Among {row['n']} of its {factor_label(str(row['factor']), lang).lower()} "
                f"({group}) it ranks {row['rank']} (interval {reach}).",
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
                    f"一级指标中，{listed(apart, lang)}{zh}全国均值，且不能以偶然解释。",
                    f"Of the level-1 indicators {listed(apart, lang)} "
                    f"{'lies' if len(apart) == 1 else 'lie'} {en} the national mean by more than "
                    "chance.",
                )
            )
    same = [context.names[row.id] for row in first if row.verdict == "none"]
    if same:
        told.append(
            say(
                f"{listed(same, lang)}与全国均值之间没有可检出的差别。",
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
        Column(say("本市与同类城市", "This city and its peers"), width=62 if zh else 50, axis=axis),
        Column(say("得分", "Score"), "right", 11),
        Column(say(f"{level}区间", f"{level} interval"), "right", 19),
        *([Column(say("同类中位数", "Peers' median"), "right", 16 if zh else 13)] * medians),
        Column(say("与全国均值相比", "Against the nation")),
    )
    rows = tuple(_row(row, context, medians=medians) for row in profile.rows)
    few = any(row.dots for row in profile.rows)
    kinds = [
        ("own", say("本市得分及其区间", "this city with its interval")),
        *([("peer", say("同类中的其他城市", "each peer"))] if few else []),
        ("band", say("同类的中间一半及中位数", "middle half and median of peers")),
        ("mean", say("全国均值", "national mean")),
        ("up", say("高于全国均值", "above the nation")),
        ("down", say("低于全国均值", "below the nation")),
    ]
    if all(row.peers is None for row in profile.rows):
        kinds = [kind for kind in kinds if kind[0] != "band"]
    key = Key(tuple((Drawing(strips.mark(kind), ""), word) for kind, word in kinds))
    return Section(
        say(f"与同类城市对照：{peers}", f"Beside its peers: {peers}"),
        (
            Table(
                say("各项指标的得分", "Scores by indicator"), columns, rows, look="strips",
            ),
            key,
            Paragraph(
                say(
                    f"与全国均值的比较把表中各项放在一起判断，共同的把握为{level}；记录少的指标区间宽，差别往往不能确认。"
                    "同类城市取行政层级或城市分级中不少于十个城市的较小一组。",
                    f"The comparisons with the nation hold together with {level} confidence; an "
                    "indicator with few records has a wide interval, and a difference can often "
                    "not be shown. Peers are the smaller of its groups by level or tier that has "
                    "ten cities.",
                ),
                small=True,
            ),
        ),
    )  # fmt: skip


def _row(row: Indicator, context: Context, *, medians: bool) -> Row:
    median = (Cell(_median(row)),) * medians
    say, lang, name = context.results.say, context.results.lang, context.names[row.id]
    if row.n == 0 or missing(row.score.value):
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
            f"{_spread(row, '；同类中间一半', '–')}；全国均值{points(row.mean)}",
            f"{name}: {points(row.score.value)}, interval {span(*row.score.triple[1:])}"
            f"{_spread(row, '; middle half of peers ', '–')}; national mean {points(row.mean)}",
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
            "读法：等级取自已公布的结果；没有记录，就没有区间和概率。",
            "How to read: grades are those published; without records there are no intervals and "
            "no chances.",
        )
    return say(
        f"读法：得分满分{context.ticks[-1]:.0f}分。区间表示换一批记录重新评估时，结果大致会落在哪里（{level}）；"
        "区间相互重叠的城市不宜分高下。",
        f"How to read: scores run to {context.ticks[-1]:.0f}. An interval shows where the result "
        f"would lie with other records ({level}); cities whose intervals overlap are not to be "
        "told apart.",
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
            links.append(Link(say("分省报告", "Its province"), f"../provinces/{stem}.html"))
        links.append(Link(say("全国报告", "National report"), "../index.html"))
    return tuple(links)
