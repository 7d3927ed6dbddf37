"""The first figures of a city's page: grade, total and rank, with what they are worth."""

from report.profiles import strips
from report.profiles.context import Context
from report.profiles.notation import chance, missing, places, points, span
from report.profiles.page import Card, Drawing
from report.profiles.values import Profile

CARD = 220.0
"""Width of a drawing in a card, in pixels of CSS."""


def cards(profile: Profile, context: Context) -> tuple[Card, ...]:
    """Return the cards of a unit; its grade alone where it has no score."""
    say, lang, grade = context.results.say, context.results.lang, profile.grade
    note, drawing = "", None
    if not missing(grade.get("p_grade")):
        note = say("获此等级的概率：", "Chance of this grade: ")
        note += chance(grade["p_grade"], lang)
        if not missing(grade.get("runner_up")):
            after = chance(grade["p_runner_up"], lang)
            note += say(f"；{grade['runner_up']}：", f"; of {grade['runner_up']}: ") + after
    if profile.chances:
        names = [name for name, _ in profile.chances]
        shares = [share for _, share in profile.chances]
        own = names.index(grade["grade"])
        told = ", ".join(f"{n} {chance(p, lang)}" for n, p in profile.chances if p >= 0.005)
        drawing = Drawing(
            strips.bars(CARD, shares, names, own),
            say(f"各等级的概率：{told}", f"Chance of each grade: {told}"),
        )
    made = [Card(say("等级", "Grade"), str(grade["grade"]), note=note, drawing=drawing)]
    if not profile.scored:
        return tuple(made)
    score = (grade["score"], grade["score_low"], grade["score_high"])
    rank = tuple(float(grade[name]) for name in ("rank", "rank_low", "rank_high"))
    level, top = context.level, f"{context.ticks[-1]:.0f}"
    made.append(
        Card(
            say("总分", "Total score"),
            points(score[0]),
            say(f"满分{top}分", f"of {top}"),
            say(f"{level}区间：", f"{level} interval: ") + span(*score[1:]),
            Drawing(
                strips.swarm(CARD, (context.ticks[0], context.ticks[-1]), profile.totals, score),
                say(
                    f"总分{points(score[0])}，区间{span(*score[1:])}；细线为全部城市",
                    f"Total {points(score[0])}, interval {span(*score[1:])}, among all cities",
                ),
            ),
        )
    )
    made.append(
        Card(
            say("名次", "Rank"),
            f"{rank[0]:.0f}",
            say(f"共{profile.ranked}个", f"of {profile.ranked}"),
            say(f"{level}区间：", f"{level} interval: ") + places(*rank[1:]),
            Drawing(
                strips.ladder(CARD, profile.ranked, (rank[0], rank[1], rank[2])),
                say(
                    f"第{rank[0]:.0f}位，区间{places(*rank[1:])}",
                    f"Rank {rank[0]:.0f}, interval {places(*rank[1:])}",
                ),
            ),
        )
    )
    return tuple(made)
