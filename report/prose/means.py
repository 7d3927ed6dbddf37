"""Means of indicators as tables, which sentences and figures of several chapters start from."""

import pandas as pd

from report.prose.terms import level, span
from report.prose.wording import cell, each, score
from report.results import Results


def children_means(results: Results, audience: str, parent: str) -> pd.DataFrame:
    """Return the core children of an indicator with their names and means, the best first."""
    tree = results["indicators"].query("parent == @parent and role == 'core'")
    means = results["means"].query("audience == @audience")
    merged = _named(results, tree).merge(means, on="indicator")
    return merged.sort_values("mean", ascending=False, ignore_index=True, kind="stable")


def figures(results: Results, means: pd.DataFrame) -> list[str]:
    """Write named means with their intervals; the first says of what level all of them are."""
    told, first = [], True
    for row in each(means):
        name = cell(row.name)
        text = results.say(f"{name}{score(row.mean)}分", f"{name} {score(row.mean)}")
        if reach := span(results, row.low, row.high):
            kind = results.say(f"{level(results)}置信区间", f"{level(results)} interval ")
            reach = (kind if first else "") + reach
            text += results.say(f"（{reach}）", f" ({reach})")
            first = False
        told.append(text)
    return told


def contradicted(results: Results) -> list[str]:
    """Return the indicators whose printed overall mean lies outside the means of the audiences."""
    if "audit" not in results:
        return []
    found = results["audit"].query("rule == 'mean-within-parts' and verdict == 'contradiction'")
    return list(dict.fromkeys(found["subject"]))


def bonus_note(results: Results) -> str:
    """Say that only the overall total holds the bonus for innovation, where that is so."""
    if "means" not in results:
        return ""
    bonus = results["indicators"].query("level == 1 and role == 'innovation'")["indicator"]
    scored = results["means"][results["means"]["indicator"].isin(bonus)].dropna(subset=["mean"])
    if scored.empty or set(scored["audience"]) != {"all"}:
        return ""
    return results.say(
        "总体总分含服务创新加分，分服务对象的总分不含，因此前者可以高于后者。",
        "The overall total includes the bonus for innovation and the totals by audience do not, so it "
        "may be higher than both.",
    )


def _named(results: Results, tree: pd.DataFrame) -> pd.DataFrame:
    return tree[["indicator", "parent"]].assign(name=tree[results.lang])
