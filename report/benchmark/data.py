"""What the benchmark page shows, as compact lists that its script reads."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.ranks.drawn import drawn_ranks, working_error
from report.benchmark.words import words
from report.labels import AUDIENCES, factor_label, group_label
from report.names import SYLLABLE, unit_names
from report.results import Results

PRECISION = 1000
"""Scores are whole thousandths."""
GROUPINGS = ("level", "tier", "province", "region")
"""Columns of the units by which peers may be alike, the default first."""
PEERS = 5
"""Peers that a city is shown beside by default."""
MOST_PEERS = 8

Href = Callable[[str], str | None]


def page_data(results: Results, href: Href | None = None) -> dict[str, Any]:
    """Return everything the page shows.

    Parameters
    ----------
    results
        The results of an edition; without ``scores`` the page has grades and peers only.
    href
        Where the profile of a unit lies, seen from the page; None where it has none.

    Returns
    -------
    JSON values. Figures stand in lists in the order of ``units``, None where missing: by audience
    and indicator ``s`` (score), ``l`` and ``h`` (arms of the interval), ``e`` (standard error, 0
    where the longer arm over ``z`` is greater and counts in its place), all in thousandths; ``r``
    (rank), ``a`` and ``b`` (places to the ends of its interval), ``n``.
    """
    lang, meta = results.lang, results.meta
    units = [str(unit) for unit in results["units"]["unit"]]
    level = float(meta["level"])
    columns, best = _columns(results, units, level)
    return {
        "lang": lang,
        "title": meta["title"][lang],
        "scheme": meta["scheme"][lang].rstrip("。.") if meta.get("scheme") else "",
        "simulated": bool(meta["simulated"]),
        "level": level,
        "z": float(ndtri(0.5 + level / 2)),
        "best": best,
        "precision": PRECISION,
        "peers": PEERS,
        "most": MOST_PEERS,
        "units": _units(results, units, href),
        "groupings": _groupings(results),
        "grades": _grades(results, units),
        "indicators": _indicators(results),
        "audiences": _audiences(results),
        "columns": columns,
        "words": words(lang),
    }


def _units(results: Results, units: list[str], href: Href | None) -> dict[str, list[Any]]:
    table = results["units"]
    names = unit_names(results)
    also = [column for column in ("name", "short") if column in table]
    other = [
        [str(each) for each in dict.fromkeys(row) if pd.notna(each) and each != unit]
        for unit, row in zip(units, zip(*(table[c] for c in also), strict=True), strict=True)
    ] if also else [[] for _ in units]  # fmt: skip
    keys = table["pinyin_key"] if "pinyin_key" in table else [""] * len(units)
    return {
        "key": units,
        "name": [names[unit] for unit in units],
        "also": other,
        "sound": [" ".join(syllables(str(key))) for key in keys],
        "href": [href(unit) if href else None for unit in units],
    }


def syllables(pinyin_key: str) -> list[str]:
    """Return the syllables of a name without tones: ``chang2长 sha1沙`` gives chang, sha."""
    found = (SYLLABLE.match(part) for part in pinyin_key.split())
    return [match[1] for match in found if match]


def _groupings(results: Results) -> list[dict[str, Any]]:
    table, lang = results["units"], results.lang
    held = []
    for factor in GROUPINGS:
        if factor not in table or table[factor].isna().all():
            continue
        codes, groups = pd.factorize(table[factor])
        label = factor_label(factor, lang)
        held.append(
            {
                "id": factor,
                "name": label if lang == "zh" else label.lower(),
                "groups": [group_label(str(group), lang) for group in groups],
                "of": codes.tolist(),
            }
        )
    return held


def _grades(results: Results, units: list[str]) -> dict[str, Any]:
    if "grades" not in results:
        return {"order": [], "grade": [None] * len(units), "p": [None] * len(units)}
    table = results["grades"].set_index("unit").reindex(units)
    order = (
        results["composition"]["grade"].tolist()
        if "composition" in results
        else list(dict.fromkeys(results["grades"]["grade"].dropna()))
    )
    p = table["p_grade"] if "p_grade" in table else pd.Series(np.nan, index=table.index)
    return {"order": order, "grade": _json(table["grade"]), "p": _json(p.astype(float).round(4))}


def _indicators(results: Results) -> list[dict[str, Any]]:
    """Return the indicators that have scores, the total first, with their level."""
    table, said = results["indicators"], words(results.lang)
    levels = dict(zip(table["indicator"], table["level"], strict=True))
    if "scores" not in results:
        return []
    scored = set(results["scores"]["indicator"])
    own = [name for name in ("total", *table["indicator"]) if name in scored]
    names = {"total": said["total"]} | dict(
        zip(table["indicator"], table[results.lang], strict=True)
    )
    return [
        {"id": name, "name": names[name], "level": int(levels.get(name, 0))}
        for name in dict.fromkeys(own)
    ]


def _audiences(results: Results) -> list[dict[str, str]]:
    if "scores" not in results:
        return []
    there = list(dict.fromkeys(results["scores"]["audience"]))
    ordered = [name for name in AUDIENCES if name in there]
    ordered += [name for name in there if name not in AUDIENCES]
    return [
        {"id": name, "name": AUDIENCES[name][results.lang] if name in AUDIENCES else name}
        for name in ordered
    ]


def _columns(
    results: Results, units: list[str], level: float
) -> tuple[dict[str, dict[str, Any]], float]:
    """Return the figures by audience and indicator, and the top of the scale."""
    if "scores" not in results:
        return {}, 0.0
    table = results["scores"]
    keys = table[["audience", "indicator"]].drop_duplicates().itertuples(index=False, name=None)
    order = pd.MultiIndex.from_tuples(list(keys))
    wide = {
        name: table.pivot(index=["audience", "indicator"], columns="unit", values=name)
        .reindex(index=order, columns=units)
        .to_numpy(dtype=float, na_value=np.nan)
        for name in ("score", "se", "low", "high", "n")
    }
    best = scale_of(wide["score"])
    score = wide["score"]
    error = working_error(score, wide["se"], wide["low"], wide["high"], ndtri(0.5 + level / 2))
    seed = int(results.meta.get("seed") or 0)
    ranks = drawn_ranks(score, error, level=level, best=best, seed=seed)
    ranks = _with_known(ranks, order, results, units)
    columns: dict[str, dict[str, Any]] = {}
    for at, (audience, indicator) in enumerate(order):
        rank, low, high = (each[at] for each in ranks)
        figures = {
            "s": score[at] * PRECISION,
            "l": (score[at] - wide["low"][at]) * PRECISION,
            "h": (wide["high"][at] - score[at]) * PRECISION,
            "e": np.where(error[at] > wide["se"][at], 0, error[at]) * PRECISION,
            "r": rank,
            "a": rank - low,
            "b": high - rank,
            "n": wide["n"][at],
        }
        columns.setdefault(audience, {})[indicator] = {
            name: _json(np.round(values), whole=True) for name, values in figures.items()
        }
    return columns, best


def scale_of(score: np.ndarray) -> float:
    """Return the top of the scale that scores are on: the least power of ten not below them."""
    top = np.nanmax(score, initial=1.0)
    return float(10 ** math.ceil(math.log10(top) - 1e-9))


def _with_known(
    ranks: tuple[np.ndarray, ...], order: pd.MultiIndex, results: Results, units: list[str]
) -> tuple[np.ndarray, ...]:
    """Put the ranks of the total that the edition published in the place of drawn ones."""
    names = ("rank", "rank_low", "rank_high")
    place = order.get_indexer(pd.MultiIndex.from_tuples([("all", "total")]))[0]
    if place < 0 or not set(names) <= set(results["grades"].columns if "grades" in results else ()):
        return ranks
    table = results["grades"].set_index("unit").reindex(units)
    for held, name in zip(ranks, names, strict=True):
        held[place] = table[name].to_numpy(dtype=float, na_value=np.nan)
    return ranks


def _json(values: Iterable[Any], whole: bool = False) -> list[Any]:
    """Return values as JSON has them, None for what is missing."""
    return [
        None if pd.isna(value) else int(value) if whole else value
        for value in (values.tolist() if isinstance(values, pd.Series | np.ndarray) else values)
    ]
