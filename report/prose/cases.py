"""Boxes of innovation cases: what cities handed in, with what reviewers gave it."""

import re
from typing import Any

import pandas as pd

from report.names import unit_names
from report.prose.terms import cities
from report.prose.wording import cell, count, each, paragraph, score
from report.results import Results

KINDS = {
    "content": ("服务内容创新", "New content"),
    "method": ("服务方式创新", "New methods"),
}
MOST = 8
"""Boxes at most, one a city."""
LONGEST = 300
"""Characters of a text that are shown."""
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn or hide text."""


def best_cases(results: Results, most: int = MOST) -> pd.DataFrame:
    """Return the cases of the highest scores, at most one a city, the best first.

    Cases of one score are in the order of their ids.
    """
    if "cases" not in results:
        return pd.DataFrame(columns=["case_id", "unit"])
    table = results["cases"].dropna(subset=["score"])
    table = table.sort_values(["score", "case_id"], ascending=[False, True], kind="stable")
    return table.drop_duplicates("unit").head(most).reset_index(drop=True)


def cases_intro(results: Results) -> str:
    """Say by what rule cases were chosen, or that there are none."""
    best = best_cases(results)
    if best.empty:
        return paragraph(
            results.say(
                "本年度评估没有创新案例，本节从略。",
                "This edition has no innovation cases; this section is left out.",
            )
        )
    table = results["cases"]
    least = best["score"].min()
    tied = table[(table["score"] == least) & ~table["unit"].isin(best["unit"])]["unit"].nunique()
    return paragraph(
        results.say(
            f"{cities(results, table['unit'].nunique())}共提交{count(len(table))}件创新案例，由评审人按指标体系的题项打分。"
            f"下面按得分由高到低列出{count(len(best))}件，每个城市至多一件。文字为提交时的原文，个人信息已遮蔽。",
            f"{cities(results, table['unit'].nunique())} submitted {count(len(table))} innovation cases, "
            f"which reviewers scored on the items of the index. The {count(len(best))} with the "
            "highest scores follow, at most one a city. Titles and texts are in the language in which "
            "they were submitted, with private details masked.",
        ),
        results.say(
            f"另有{cities(results, tied)}的案例与末位同为{score(least)}分，限于篇幅未列，不说明它们较差。",
            f"Cases of {cities(results, tied)} not shown for want of room have the same score as the "
            f"last one here, {score(least)}; they are no worse.",
        )
        if tied
        else "",
        _few_reviewers(results, best),
    )


def _few_reviewers(results: Results, best: pd.DataFrame) -> str:
    single = int((best["reviewers"] <= 1).sum())
    if not single:
        return ""
    return results.say(
        f"列出的案例中，{count(single)}件只有一名评审人或未记录评审人，得分的误差无从估计，先后只供参考。",
        f"{count(single)} of those shown {'has' if single == 1 else 'have'} one reviewer, or none on record, "
        "so the error of their scores cannot be estimated and their order is only a guide.",
    )


def case_boxes(results: Results) -> str:
    """Write a box for each of the best cases."""
    names = unit_names(results)
    return "".join(
        _box(results, row, str(names.get(row.unit, row.unit))) for row in each(best_cases(results))
    )


def _box(results: Results, row: Any, unit: str) -> str:
    kind = plain(results.say(*KINDS.get(row.kind, (row.kind, row.kind))))
    facts = results.say(
        f"类别：{kind}。得分{score(row.score)}，评审人{count(row.reviewers)}名。",
        f"Kind: {kind}. Score {score(row.score)}, reviewers: {count(row.reviewers)}.",
    )
    title = plain(row.title) or results.say("未题名", "untitled")
    told = plain(row.text)
    colon = results.say("：", ": ")
    body = f"{results.say('案例：', 'Case: ')}{told}\n\n" if told else ""
    return f"::: {{.callout-tip}}\n## {plain(unit)}{colon}{title}\n\n{body}{facts}\n:::\n\n"


def plain(text: Any) -> str:
    """Write somebody's text so that it stays text: one line, no markup, not over `LONGEST`."""
    if text is None or text != text:  # noqa: PLR0124
        return ""
    line = re.sub(r"\s+", " ", UNSEEN.sub(" ", str(text))).strip()
    if len(line) > LONGEST:
        line = line[:LONGEST].rstrip() + "…"
    return cell(line).replace(":", "\\:")
