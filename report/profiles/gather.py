"""All profiles at once, from the tables of an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from report.names import unit_names
from report.profiles.files import profile_stems
from report.profiles.gaps import unit_gaps, wide
from report.profiles.notation import missing
from report.profiles.peers import choose_peers, grades_within, members, quartiles
from report.profiles.values import Figure, Indicator, Peers, Profile, Record, Within
from report.results import Results

CERTAINTY = ("rank_sets", "rank_variance", "method_ranks", "adjusted")
DEEPEST = 2
"""Level of the deepest indicators shown."""
NAN = float("nan")


def profiles(results: Results) -> tuple[Profile, ...]:
    """Return the profile of every unit that has a grade, in the order of the units."""
    shared = _shared(results)
    known = {str(row["unit"]): row for row in records(results, "units")}
    stems, names = profile_stems(results), unit_names(results)
    single = {name: one_by_unit(results, name) for name in ("grades", "rank_changes", *CERTAINTY)}
    rows = {
        "peers": by_unit(results, "peers"),
        "audiences": by_unit(results, "unit_audience_gaps"),
        "steps": by_unit(results, "next_grades"),
        "changes": by_unit(_changes(results), "changes"),
        "scores": by_unit(results, "scores"),
    }
    chances = {
        unit: tuple((str(row["grade"]), float(row["probability"])) for row in held)
        for unit, held in by_unit(results, "grade_probabilities").items()
    }
    access = one_by_unit(_answered(results), "funnel")
    made = []
    for unit, own in known.items():
        grade = single["grades"].get(unit)
        if grade is None or pd.isna(grade["grade"]):
            continue
        scores = {
            (str(row["audience"]), str(row["indicator"])): row
            for row in rows["scores"].get(unit, ())
        }
        made.append(
            Profile(
                unit=unit,
                name=names[unit],
                official=_text(own.get("name")) or unit,
                stem=stems[unit],
                code=_text(own.get("code")),
                province=_text(own.get("province")),
                level=_text(own.get("level")),
                tier=_text(own.get("tier")),
                grade=grade,
                ranked=shared.ranked,
                chances=chances.get(unit, ()),
                totals=shared.totals,
                peers=shared.peers.get(unit, Peers("", "", shared.ranked)),
                beside=rows["peers"].get(unit, ()),
                rows=_indicators(unit, scores, shared),
                audiences=rows["audiences"].get(unit, ()),
                scores=scores,
                access=access.get(unit),
                steps=rows["steps"].get(unit, ()),
                changes=rows["changes"].get(unit, ()),
                rank_change=single["rank_changes"].get(unit),
                certainty={name: single[name][unit] for name in CERTAINTY if unit in single[name]},
                within=shared.within.get(unit, ()),
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is the same for all profiles, or found for all of them at once."""

    ranked: int
    totals: tuple[float, ...]
    tree: tuple[tuple[str, int], ...]
    peers: Mapping[str, Peers]
    quartiles: Mapping[Peers, Mapping[str, tuple[float, float, float]]]
    others: Mapping[Peers, pd.DataFrame]
    gaps: Mapping[tuple[str, str], Record]
    priorities: Mapping[tuple[str, str], Record]
    within: Mapping[str, tuple[Within, ...]]


def _shared(results: Results) -> _Shared:
    grades = results["grades"].dropna(subset=["grade"])
    units = results["units"]
    units = units[units["unit"].isin(grades["unit"])].reset_index(drop=True)
    if "scores" not in results:
        held = grades.set_index("unit")["grade"]
        within = grades_within(units, held, grade_order(results))
        return _Shared(len(grades), (), (), {}, {}, {}, {}, {}, within)
    tree = shown_indicators(results)
    score = wide(results["scores"], "score").reindex(columns=[name for name, _ in tree])
    chosen = choose_peers(units)
    others = {
        group: score.reindex(score.index.intersection(members(units, group)))
        for group in set(chosen.values())
    }
    gaps = unit_gaps(results, [name for name, _ in tree])
    return _Shared(
        ranked=int(grades["rank"].notna().sum()),
        totals=tuple(map(float, grades["score"].dropna())),
        tree=tree,
        peers=chosen,
        quartiles={group: quartiles(part) for group, part in others.items()},
        others=others,
        gaps={
            (str(row["unit"]), str(row["indicator"])): row
            for row in records(Results(results.meta, {"gaps": gaps}), "gaps")
        },
        priorities={
            (str(row["unit"]), str(row["indicator"])): row for row in records(results, "priorities")
        },
        within={},
    )


def _indicators(
    unit: str, scores: Mapping[tuple[str, str], Record], shared: _Shared
) -> tuple[Indicator, ...]:
    group = shared.peers.get(unit)
    if group is None:
        return ()
    cuts, others = shared.quartiles[group], shared.others[group]
    made = []
    for name, depth in shared.tree:
        row = scores.get(("all", name))
        gap = shared.gaps.get((unit, name))
        few = () if name in cuts or len(others) > 40 else _dots(others, name, unit)
        made.append(
            Indicator(
                id=name,
                depth=depth,
                score=Figure(row["score"], row["low"], row["high"]) if row else Figure(NAN),
                n=int(row["n"]) if row and not missing(row["n"]) else 0,
                peers=cuts.get(name),
                dots=few,
                mean=float(gap["mean"]) if gap else NAN,
                gap=Figure(gap["gap"], gap["gap_low"], gap["gap_high"]) if gap else Figure(NAN),
                verdict=str(gap["verdict"]) if gap else "",
                priority=shared.priorities.get((unit, name)),
            )
        )
    return tuple(made)


def _dots(others: pd.DataFrame, name: str, unit: str) -> tuple[float, ...]:
    values = others[name].drop(index=unit, errors="ignore").to_numpy(dtype=float)
    return tuple(values[~np.isnan(values)].tolist())


def shown_indicators(results: Results) -> tuple[tuple[str, int], ...]:
    """Return the total and the indicators of level 1 and 2 that have scores, with their depth."""
    scored = set(results["scores"].query("audience == 'all'")["indicator"].unique())
    table = results["indicators"]
    held = [
        (str(name), int(level))
        for name, level in zip(table["indicator"], table["level"], strict=True)
        if level <= DEEPEST and name in scored
    ]
    return (("total", 0), *held)


def grade_order(results: Results) -> list[str]:
    """Return the grades from best to worst."""
    table = results["composition"] if "composition" in results else results["grades"]
    return list(dict.fromkeys(table["grade"].dropna().astype(str)))


def scale(results: Results) -> tuple[float, ...]:
    """Return the ticks of the scale of scores: from 0 to the least power of ten not below them."""
    if "scores" not in results:
        return (0.0, 10.0)
    top = float(results["scores"]["score"].max())
    best = 10.0 ** np.ceil(np.log10(max(top, 1.0)) - 1e-9)
    return tuple(float(best) * step / 5 for step in range(6))


def _answered(results: Results) -> Results:
    if "funnel" not in results:
        return results
    table = results["funnel"].query("factor == 'all' and measure == 'answered'")
    return Results(results.meta, {"funnel": table}, results.lang)


def _changes(results: Results) -> Results:
    if "changes" not in results:
        return results
    table = results["changes"]
    levels = results["indicators"].set_index("indicator")["level"].to_dict() | {"total": 0}
    shown = (table["audience"] == "all") & (table["indicator"].map(levels) <= 1)
    return Results(results.meta, {"changes": table[shown]}, results.lang)


def records(results: Results, name: str) -> list[Record]:
    """Return the rows of a table; none where there is no such table."""
    if name not in results:
        return []
    return results[name].to_dict("records")  # pyright: ignore[reportReturnType]


def by_unit(results: Results, name: str) -> dict[str, tuple[Record, ...]]:
    """Return the rows of a table by unit, in their order; none where there is no such table."""
    found: dict[str, list[Record]] = {}
    for row in records(results, name):
        found.setdefault(str(row["unit"]), []).append(row)
    return {unit: tuple(rows) for unit, rows in found.items()}


def one_by_unit(results: Results, name: str) -> dict[str, Record]:
    """Return the row of each unit in a table that has one for each."""
    return {unit: rows[0] for unit, rows in by_unit(results, name).items()}


def chosen(made: Sequence[Profile], units: Sequence[str] | None) -> tuple[Profile, ...]:
    """Return the profiles of some units, or all of them."""
    if units is None:
        return tuple(made)
    wanted = set(units)
    return tuple(each for each in made if each.unit in wanted)


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)  # pyright: ignore
