"""What the rank of a city is worth, and the records behind it."""

import re
import shlex
from typing import Any

from report.profiles import strips
from report.profiles.city_audiences import audience_name
from report.profiles.context import Context
from report.profiles.notation import ABSENT, missing, percent
from report.profiles.page import Command, Drawing, Facts, Key, Picture, Section, Text
from report.profiles.values import Profile
from report.prose import standing


def worth(profile: Profile, context: Context) -> Section | None:
    """Tell how certain the rank is."""
    held, lang, level = (
        profile.certainty,
        context.results.lang,
        float(context.results.meta["level"]),
    )
    say, told = context.results.say, []
    blocks: list[Picture | Key | Text] = []
    if (row := held.get("rank_sets")) is not None:
        told.append(standing.compared(row, level))
        counts = {kind: int(row[f"n_{kind}"]) for kind in ("below", "undecided", "above")}
        words = {
            "below": say("可断定低于本市的城市", "cities shown to be below"),
            "undecided": say("与本市差异不显著的城市", "cities that cannot be told apart"),
            "above": say("可断定高于本市的城市", "cities shown to be above"),
        }
        alt = "; ".join(f"{word} {counts[kind]}" for kind, word in words.items())
        bar = strips.sides(640, counts["above"], counts["undecided"], counts["below"])
        blocks += [
            Picture(Drawing(bar, alt)),
            Key(
                tuple(
                    (Drawing(strips.mark(kind), ""), f"{word} {counts[kind]}")
                    for kind, word in words.items()
                )
            ),
        ]
    for name, tell in (
        ("rank_variance", standing.sources_of),
        ("method_ranks", standing.by_method),
        ("adjusted", standing.for_reliability),
    ):
        if (row := held.get(name)) is not None and not missing(row.get("low", row.get("se"))):
            told.append(tell(row))
    text = say("", " ").join(getattr(words, lang) for words in told if words is not None)
    if not text:
        return None
    return Section(say("名次的可靠程度", "How certain the rank is"), (*blocks, Text(text)))


def records_behind(profile: Profile, context: Context) -> Section:
    """Tell of the records, how to trace a score, and how to contest a record."""
    say, lang = context.results.say, context.results.lang
    facts = []
    total = profile.scores.get(("all", "total"))
    if total is not None:
        own = {
            who: row["n"]
            for (who, name), row in profile.scores.items()
            if who != "all" and name == "total"
        }
        parts = [audience_name(who, lang) + say("", " ") + _count(n) for who, n in own.items()]
        known = not any(missing(n) for n in (total["n"], *own.values()))
        rest = int(total["n"]) - sum(map(int, own.values())) if known else 0
        if parts and rest > 0:
            parts.append(say(f"不分对象{rest}", f"neither group {rest}"))
        split = say(f"（{'，'.join(parts)}）", f" ({', '.join(parts)})") if parts else ""
        facts.append(
            (say("总分所依据的记录数", "Records behind the total"), f"{_count(total['n'])}{split}")
        )
        if not missing(total["coverage"]):
            facts.append((say("数据覆盖率", "Data coverage"), percent(total["coverage"])))
    if profile.access is not None:
        facts.append((say("其中拨测次数", "Of these, test calls"), f"{int(profile.access['n'])}"))
    blank = sorted(context.names[row.id] for row in profile.rows if missing(row.score.value))
    if blank:
        facts.append(
            (say("没有得分的指标", "Indicators without a score"), say("、", ", ").join(blank))
        )
    command = f"hotline-index trace {say('年度目录', 'EDITION')} {quoted(profile.unit)}"
    return Section(
        say("数据依据与异议", "Data and objections"),
        (
            Facts(tuple(facts)),
            Text(
                say(
                    "每项得分都可追溯到原始记录、计分规则和权重。持有本年度数据的机构可运行以下命令查询：",
                    "Every score can be traced to its records, rules and weights. Whoever holds "
                    "the data of this edition can run:",
                )
            ),
            Command(command),
            Text(
                say(
                    "对记录有异议的，请向评估机构提交记录编号、题项、更正后的值和理由。",
                    "To object to a record, send the institute its number, the item, the correct "
                    "value and the reason.",
                )
            ),
        ),
    )


def quoted(text: str) -> str:
    """Return a text as one word of a command line."""
    return text if re.fullmatch(r"[\w.]+", text) else shlex.quote(text)


def _count(n: Any) -> str:
    """Write a number of records; one that rests on too few persons is not told."""
    return ABSENT if missing(n) else str(int(n))
