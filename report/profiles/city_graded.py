"""What can be said of a city whose grade alone was published."""

from report.labels import factor_label
from report.profiles import strips
from report.profiles.context import Context
from report.profiles.notation import ABSENT, group_name
from report.profiles.page import Block, Cell, Column, Drawing, Picture, Row, Section, Table, Text
from report.profiles.values import Profile


def graded(profile: Profile, context: Context) -> tuple[Section, ...]:
    """Return the sections of a unit of which only the grade is known."""
    say, lang, order = context.results.say, context.results.lang, context.grades
    blocks: list[Block] = []
    if "composition" in context.results:
        composition = context.results["composition"]
        counts = composition.set_index("grade")["n"].reindex(list(order)).fillna(0).astype(int)
        own = order.index(str(profile.grade["grade"]))
        told = ", ".join(f"{grade} {n}" for grade, n in counts.items())
        names = [f"{g} {n}" for g, n in counts.items()]
        svg = strips.bars(480, counts.tolist(), names, own, height=52, size=12)
        blocks.append(Picture(Drawing(svg, say("各等级的城市数：", "Cities by grade: ") + told)))
    if profile.within:
        columns = (
            Column(say("分组", "Grouping"), width=34),
            Column(say("组别", "Group")),
            Column(say("城市数", "Cities"), "right", 18),
            Column(say("等级高于本市", "Higher grade"), "right", 26),
            Column(say("同等级", "Same grade"), "right", 22),
            Column(say("等级低于本市", "Lower grade"), "right", 26),
        )
        rows = tuple(
            Row(
                (
                    Cell(factor_label(each.factor, lang)), Cell(group_name(each.group, lang)),
                    Cell(str(each.n)), Cell(str(each.better)), Cell(str(each.same)),
                    Cell(str(each.worse)),
                ),
                1,
            )
            for each in profile.within
        )  # fmt: skip
        blocks.append(Table(say("在各组城市中", "Within groups of cities"), columns, rows))
    blocks.append(
        Text(
            say(
                "“同等级”不含本市。各等级之间未必等距，同一等级内不分先后。",
                "The count of the same grade leaves out the city itself. Steps between grades need "
                "not be equal, and within a grade there is no order.",
            ),
            small=True,
        )
    )
    sources = [str(source[lang]) for source in context.results.meta.get("sources", [])]
    known = Section(say("资料来源", "Source"), (Text(say("；", "; ").join(sources) or ABSENT),))
    return Section(
        say("在各组城市中的位置", "Position within groups of cities"), tuple(blocks)
    ), known
