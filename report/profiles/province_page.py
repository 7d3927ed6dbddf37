"""The page of a province: its cities, its mean against the nation, and where it is strong."""

from report.profiles import strips
from report.profiles.city_page import STRIP
from report.profiles.city_sections import page_words
from report.profiles.context import Context
from report.profiles.notation import (
    against,
    chance,
    edition_title,
    institute,
    notice,
    places,
    points,
    signed,
    span,
    tone_of,
)  # fmt: skip
from report.profiles.page import (
    Card,
    Cell,
    Column,
    Drawing,
    Key,
    Link,
    Page,
    Row,
    Section,
    Table,
    Text,
)  # fmt: skip
from report.profiles.province_sections import city_href, city_title, heat, watched
from report.profiles.provinces import Against, Province
from report.results import Results

CARD = 220.0
FEW = 5
"""With fewer cities a mean says little of a province."""


def province_page(province: Province, context: Context) -> Page:
    """Return the report of a province, told in the language of the results."""
    results = context.results
    warning, mark = notice(results)
    say, n = results.say, len(province.cities)
    made = (
        _cities(province, context),
        _indicators(province, context),
        watched(province, context),
        heat(province, context),
    )
    return Page(
        lang=results.lang,
        kind=say("分省报告", "Province report"),
        title=province.name,
        subtitle=say(f"参评城市{n}个", f"{n} {'city' if n == 1 else 'cities'} assessed"),
        edition=edition_title(results),
        institute=institute(results),
        notice=warning,
        mark=mark,
        cards=_cards(province, context),
        lead=_caution(province, results),
        sections=tuple(section for section in made if section is not None),
        reading=_reading(context, scored=bool(province.rows)),
        words=page_words(results),
        links=_links(province, context),
    )


def _reading(context: Context, *, scored: bool) -> str:
    say = context.results.say
    if not scored:
        return say(
            "说明：等级取自已公布的结果；没有得分和记录，因此不提供均值和区间。",
            "How to read: grades are as published; there are neither scores nor intervals.",
        )
    return say(
        f"说明：均值为各城市得分的简单平均；区间（{context.level}）只反映记录抽样的误差。",
        f"How to read: means weight cities equally; intervals ({context.level}) show only the "
        "sampling error of the records.",
    )


def _caution(province: Province, results: Results) -> str:
    n = len(province.cities)
    if n == 1:
        return results.say(
            "本地区只有一个参评城市，“均值”即该市的得分；详见该市概况。",
            "There is only one city: the mean is its own score. See its profile for more.",
        )
    if n < FEW:
        return results.say(
            f"参评城市只有{n}个，均值受个别城市影响较大，不宜据此与其他省份排序。",
            f"With only {n} cities, single ones weigh heavily in the mean; do not rank provinces "
            "by it.",
        )
    return ""


def _cards(province: Province, context: Context) -> tuple[Card, ...]:
    say, order = context.results.say, context.grades
    counts = [sum(city.grade["grade"] == grade for city in province.cities) for grade in order]
    told = ", ".join(f"{g} {n}" for g, n in zip(order, counts, strict=True) if n)
    cards = [
        Card(
            say("参评城市", "Cities"),
            str(len(province.cities)),
            say("个", ""),
            told,
            Drawing(
                strips.bars(CARD, counts, list(order), -1),
                say(f"各等级的城市数：{told}", f"Cities by grade: {told}"),
            ),
        )
    ]
    if not province.rows:
        return tuple(cards)
    total = province.rows[0]
    words, _ = against(total.gap.value, total.verdict, context.results.lang)
    others = [float(city.grade["score"]) for city in province.cities]
    ends = (context.ticks[0], context.ticks[-1])
    cards.append(
        Card(
            say("总分均值", "Mean total score"),
            points(total.mean.value),
            say(f"全国{points(total.nation)}", f"all cities {points(total.nation)}"),
            say("与全国均值相比：", "Compared with all cities: ") + words,
            Drawing(
                strips.swarm(CARD, ends, others, total.mean.triple),
                say(
                    f"均值{points(total.mean.value)}，区间{span(total.mean.low, total.mean.high)}",
                    f"Mean {points(total.mean.value)}, interval "
                    f"{span(total.mean.low, total.mean.high)}",
                ),
            ),
        )
    )
    if len(province.cities) == 1:
        return tuple(cards)
    cards.append(
        Card(
            say("最高与最低总分", "Highest and lowest total"),
            f"{points(total.highest)} / {points(total.lowest)}",
            "",
            say(
                f"相差{points(total.highest - total.lowest)}分（含抽样误差）",
                f"{points(total.highest - total.lowest)} apart, sampling error included",
            ),
        )
    )
    return tuple(cards)


def _cities(province: Province, context: Context) -> Section:
    say, lang = context.results.say, context.results.lang
    if not province.rows:
        title = say("各城市的等级", "Grades of its cities")
        columns = (Column(say("城市", "City")), Column(say("等级", "Grade"), "center", 30))
        ordered = sorted(
            province.cities, key=lambda city: context.grades.index(str(city.grade["grade"]))
        )
        rows = tuple(
            Row(
                (
                    Cell(city_title(city, context), href=city_href(city, context)),
                    Cell(str(city.grade["grade"])),
                ),
                1,
            )
            for city in ordered
        )
        return Section(title, (Table(title, columns, rows),), whole=False)
    title = say("各城市的等级、得分和名次", "Grades, scores and ranks of cities")
    axis = Drawing(strips.axis(STRIP, context.ticks, context.ticks[0], context.ticks[-1]), "")
    columns = (
        Column(say("城市", "City")),
        Column(say("总分及区间", "Total with interval"), width=46, axis=axis),
        Column(say("总分", "Total"), "right", 12),
        Column(say("名次", "Rank"), "right", 12),
        Column(say("名次区间", "Rank interval"), "right", 18),
        Column(say("等级", "Grade"), "center", 12),
        Column(say("此等级的概率", "Chance of grade"), "right", 22),
    )
    nation = province.rows[0].nation
    rows = []
    for city in province.cities:
        grade = city.grade
        if not city.scored:
            continue
        own = (float(grade["score"]), float(grade["score_low"]), float(grade["score_high"]))
        name, total = city_title(city, context), city.rows[0]
        drawing = Drawing(
            strips.strip(
                STRIP, context.ticks, own, None, nation, tone_of(total.gap.value, total.verdict)
            ),
            f"{name}: {points(own[0])}, {span(*own[1:])}",
        )
        cells = (
            Cell(name, href=city_href(city, context)),
            Cell(drawing=drawing),
            Cell(points(own[0])),
            Cell(f"{grade['rank']}"),
            Cell(places(grade["rank_low"], grade["rank_high"])),
            Cell(str(grade["grade"])),
            Cell(chance(grade["p_grade"], lang)),
        )
        rows.append(Row(cells, 1))
    return Section(
        title, (Table(title, columns, tuple(rows), look="strips"), _key(context)), whole=False
    )


def _key(context: Context) -> Key:
    say = context.results.say
    marks = (
        ("mean", say("全国均值", "national mean")),
        ("up", say("高于全国均值", "above the national mean")),
        ("down", say("低于全国均值", "below the national mean")),
        ("own", say("无可检出差别", "no detectable difference")),
    )
    return Key(tuple((Drawing(strips.mark(kind), ""), word) for kind, word in marks))


def _indicators(province: Province, context: Context) -> Section | None:
    if not province.rows:
        return None
    say = context.results.say
    title = say("优势与短板：与全国均值比较", "Strengths and weaknesses compared with all cities")
    axis = Drawing(strips.axis(STRIP, context.ticks, context.ticks[0], context.ticks[-1]), "")
    zh = context.results.lang == "zh"
    columns = (
        Column(say("指标", "Indicator"), width=40 if zh else 42),
        Column(say("均值及各城市得分", "Mean and each city"), width=52 if zh else 42, axis=axis),
        Column(say("均值", "Mean"), "right", 11),
        Column(say("与全国之差", "Difference"), "right", 17),
        Column(say("区间", "Interval"), "right", 24),
        Column(say("判断", "Verdict")),
    )
    rows = tuple(_indicator(row, province, context) for row in province.rows)
    note = say(
        f"各项判断采用{context.level}的联合置信水平；“明显”“略”和“微小”按差别相对于城市间差异的大小区分。",
        f"All rows are judged together with {context.level} confidence; clear, slight and "
        "negligible tell the size of a difference relative to the spread of cities.",
    )
    if len(province.cities) > 1:
        note = say("圆圈为各城市得分。", "Rings are the scores of its cities. ") + note
    return Section(
        title,
        (Table(title, columns, rows, look="strips"), _key(context), Text(note, small=True)),
        whole=False,
    )


def _indicator(row: Against, province: Province, context: Context) -> Row:
    say, lang, name = context.results.say, context.results.lang, context.names[row.id]
    words, tone = against(row.gap.value, row.verdict, lang)
    at = {each.id: place for place, each in enumerate(province.cities[0].rows)}[row.id]
    scores = [city.rows[at].score.value for city in province.cities if city.rows]
    svg = strips.strip(
        STRIP, context.ticks, row.mean.triple, None, row.nation,
        tone_of(row.gap.value, row.verdict), [] if len(scores) == 1 else scores,
    )  # fmt: skip
    told = say(
        f"{name}：均值{points(row.mean.value)}，全国{points(row.nation)}，"
        f"{row.n}个城市在{points(row.lowest)}至{points(row.highest)}之间",
        f"{name}: mean {points(row.mean.value)}, all cities {points(row.nation)}, {row.n} cities "
        f"from {points(row.lowest)} to {points(row.highest)}",
    )
    cells = (
        Cell(name),
        Cell(drawing=Drawing(svg, told)),
        Cell(points(row.mean.value)),
        Cell(signed(row.gap.value)),
        Cell(span(row.gap.low, row.gap.high, sign=True)),
        Cell(words, tone),
    )
    return Row(cells, row.depth)


def _links(province: Province, context: Context) -> tuple[Link, ...]:
    say = context.results.say
    links = [Link(say("全部省份", "All provinces"), "index.html")]
    if context.pdf:
        links.append(Link("PDF", f"{province.stem}.pdf"))
    if context.beside:
        links.append(Link(say("城市概况", "City profiles"), "../profiles/index.html"))
        links.append(Link(say("全国报告", "National report"), "../index.html"))
    return tuple(links)
