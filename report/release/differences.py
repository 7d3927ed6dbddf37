"""What two editions have that the other has not: units, indicators, weights, cuts, files."""

from collections.abc import Callable, Iterator

import pandas as pd

from report.names import unit_names
from report.prose.wording import interval, listed, percent, score
from report.release.codebook import codebook
from report.release.terms import indicator_names, plain
from report.results import Results

NAMED = 30
"""How many names a line lists."""
SAME = 5e-5
"""Weights that differ by less are the same."""


def differences(results: Results, previous: Results) -> Iterator[str]:
    """Tell what is new and what is gone since the last edition.

    Parameters
    ----------
    results, previous
        Results of either edition; told in the language of the first.

    Yields
    ------
    Paragraphs of Markdown.
    """
    before = previous.told_in(results.lang)
    last = plain(results.say(previous.meta["title"]["zh"], previous.meta["title"]["en"]))
    yield results.say(f"上一届：{last}。", f"The edition before: {last}.")
    lines = [
        *_units(results, before),
        *_indicators(results, before),
        *_weights(results, before),
        *_methods(results, before),
        *_files(results, before),
    ]
    yield "\n".join(f"- {line}" for line in lines)
    yield _cuts(results, before)


def _units(results: Results, previous: Results) -> Iterator[str]:
    new, old = (list(each["units"]["unit"].astype(str)) for each in (results, previous))
    names = unit_names(previous) | unit_names(results)
    yield from _both_ways(
        results,
        ("评估对象", "units"),
        ([name for name in new if name not in set(old)], [n for n in old if n not in set(new)]),
        lambda unit: names.get(unit, unit),
    )


def _indicators(results: Results, previous: Results) -> Iterator[str]:
    if "indicators" not in results or "indicators" not in previous:
        return
    new, old = (each["indicators"].set_index("indicator") for each in (results, previous))
    names = indicator_names(previous) | indicator_names(results)

    def named(name: str) -> str:
        return names.get(name, name)

    gone = [name for name in old.index if name not in new.index]
    yield from _both_ways(
        results,
        ("指标", "indicators"),
        ([name for name in new.index if name not in old.index], gone),
        named,
    )
    parent = pd.DataFrame({"new": new["parent"], "old": old["parent"]}).dropna()
    moved = parent.index[parent["new"] != parent["old"]].tolist()
    if moved:
        told = _listing(results, moved, named)
        yield results.say(f"归属改变的指标：{told}。", f"Indicators under another parent: {told}.")


def _weights(results: Results, previous: Results) -> Iterator[str]:
    if "weights" not in results or "weights" not in previous:
        return
    key = ["parent", "kind", "child"]
    new, old = (each["weights"].set_index(key)["weight"] for each in (results, previous))
    both = pd.DataFrame({"new": new, "old": old}).dropna()
    moved = both[(both["new"] - both["old"]).abs() > SAME]
    if moved.empty:
        yield results.say(
            "两届共有的指标、题项与服务对象，权重均未改变。",
            "The weights of what both editions have are the same.",
        )
        return
    names = indicator_names(results)
    told = [
        f"{plain(names.get(child, child))} {percent(row.old)} → {percent(row.new)}"
        for (_, _, child), row in zip(moved.index, moved.itertuples(index=False), strict=True)
    ]
    shown = results.say("；", "; ").join(told[:NAMED]) + _more(results, len(told) - NAMED)
    yield results.say(
        f"权重改变（{len(told)}处）：{shown}。", f"Weights changed ({len(told)}): {shown}."
    )


def _methods(results: Results, previous: Results) -> Iterator[str]:
    new, old = results.meta, previous.meta
    if new["scheme"] != old["scheme"]:
        yield results.say(
            f"定级办法由“{plain(old['scheme']['zh'])}”改为“{plain(new['scheme']['zh'])}”。",
            f'Grades: "{plain(old["scheme"]["en"])}" became "{plain(new["scheme"]["en"])}".',
        )
    if new["level"] != old["level"]:
        levels = percent(old["level"], 0), percent(new["level"], 0)
        yield results.say(
            "区间的置信水平由{}改为{}。".format(*levels),
            "The level of intervals went from {} to {}.".format(*levels),
        )
    if new["simulated"] != old["simulated"]:
        yield results.say(
            "两届之中一届为模拟数据，一届为真实数据，二者不可比较。",
            "One of the editions is simulated and the other is not: they cannot be compared.",
        )
    versions = [
        f"{name} {old['versions'].get(name, '—')} → {number}"
        for name, number in sorted(new["versions"].items())
        if old["versions"].get(name) != number
    ]
    if versions:
        told = ", ".join(map(plain, versions))
        yield results.say(f"软件版本：{told}。", f"Software: {told}.")


def _files(results: Results, previous: Results) -> Iterator[str]:
    new = [name for name in codebook() if name in results]
    old = [name for name in codebook() if name in previous]
    yield from _both_ways(
        results,
        ("数据表", "tables"),
        ([n for n in new if n not in old], [n for n in old if n not in new]),
        lambda name: f"{name}.csv",
    )
    columns = [
        (f"{name}.{column}", column in results[name])
        for name in new
        if name in old
        for column in sorted({*map(str, results[name])} ^ {*map(str, previous[name])})
    ]
    yield from _both_ways(
        results,
        ("数据列", "columns"),
        ([n for n, there in columns if there], [n for n, there in columns if not there]),
        str,
    )


def _cuts(results: Results, previous: Results) -> str:
    """Return the least score of each grade in both editions, with its interval, as a table."""
    if "grade_cuts" not in results or "grade_cuts" not in previous:
        return ""
    columns = ["least", "least_low", "least_high"]
    new, old = (each["grade_cuts"].set_index("grade")[columns] for each in (results, previous))
    both = pd.concat([new, old], axis="columns", join="inner").dropna()
    rows = [
        f"| {plain(grade)} | {_cut(results, figures[3:])} | {_cut(results, figures[:3])} |"
        for grade, figures in zip(both.index, both.to_numpy(dtype=float).tolist(), strict=True)
    ]
    if not rows:
        return ""
    level = percent(results.meta["level"], 0)
    head = results.say(
        f"等级分数线（括号内为{level}区间）：\n\n| 等级 | 上一届 | 本届 |",
        f"Least score of each grade ({level} interval):\n\n| Grade | Before | After |",
    )
    return "\n".join([head, "|---|---|---|", *rows])


def _cut(results: Results, figures: list[float]) -> str:
    least, low, high = figures
    return results.say(
        f"{score(least)}（{interval(low, high, 'zh')}）",
        f"{score(least)} ({interval(low, high, 'en')})",
    )


def _both_ways(
    results: Results,
    words: tuple[str, str],
    sides: tuple[list[str], list[str]],
    named: Callable[[str], str],
) -> Iterator[str]:
    """Yield a line on what is new and one on what is gone."""
    zh, en = words
    for names, way_zh, way_en in (
        (sides[0], "新增", "New"),
        (sides[1], "不再包含的", "Dropped"),
    ):
        if names:
            told, n = _listing(results, names, named), len(names)
            yield results.say(f"{way_zh}{zh}（{n}个）：{told}。", f"{way_en} {en} ({n}): {told}.")


def _listing(results: Results, names: list[str], named: Callable[[str], str]) -> str:
    told = [plain(named(name)) for name in names[:NAMED]]
    return listed(told, results.lang) + _more(results, len(names) - NAMED)


def _more(results: Results, count: int) -> str:
    return results.say(f"，另有{count}个", f", and {count} more") if count > 0 else ""
