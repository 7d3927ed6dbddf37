"""The simulated campaign of an edition: its items come from the indicator system."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from analysis.published.figures import PublishedFigures, read_published
from hotline_index.configuration import Simulation
from hotline_index.edition import Edition
from indicators.hierarchy import ALL
from indicators.nodes import Item
from indicators.rules import BEST, BinaryRule, CountRule, LikertRule, MapRule, PiecewiseRule
from survey.findings import Finding, InputError, Severity, display_path
from survey.hours import parse_hours
from survey.intake import read_records
from survey.simulate import simulate_campaign
from survey.simulation.campaign import CampaignModel, HandedOut
from survey.simulation.items import ItemModel

SIMULATED = ("calls", "responses", "cases", "kpis")
"""Tables that are made; a plan and a ledger of corrections are not."""


def simulate_edition(edition: Edition, *, if_absent: bool = False) -> dict[Path, int]:
    """Simulate the records of an edition and write them.

    Parameters
    ----------
    edition
        An edition with ``simulation:``.
    if_absent
        Leave records alone that are all there.

    Returns
    -------
    Number of records by file; empty where nothing was written.
    """
    made = {table: path for table, path in edition.files.items() if table in SIMULATED}
    if if_absent and all(path.is_file() for path in made.values()):
        return {}
    plan = _plan(edition)
    tree = edition.system.hierarchy
    published, _ = read_published(edition.folder / plan.like, tree.ids, tree.audiences)
    tables = simulate(edition, published)
    for table, path in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        tables[table].to_csv(part, index=False, encoding="utf-8", lineterminator="\n")
        part.replace(path)
    return {path: len(tables[table]) for table, path in made.items()}


def _plan(edition: Edition) -> Simulation:
    if edition.config.simulation is None:
        raise InputError([_wrong(edition, "simulation", "the key 'simulation'", "none")])
    return edition.config.simulation


def simulate(
    edition: Edition, published: PublishedFigures, draw: int = 0
) -> dict[str, pd.DataFrame]:
    """Simulate the records of an edition.

    Parameters
    ----------
    edition
        An edition with ``simulation:``, slots whose labels tell their hours, and a sample.
    published
        The figures that the campaign comes back to.
    draw
        Which campaign of the same world: see `survey.simulation.campaign.CampaignModel`.

    Returns
    -------
    Tables of records by name.

    Raises
    ------
    InputError
        Where the configuration lacks something, or a mean cannot be reached.
    """
    plan = _plan(edition)
    grade = published.grades.set_index("unit")["grade"]
    units = edition.register.table.loc[list(edition.sample or grade.index), ["region"]]
    model = CampaignModel(
        units=units.assign(grade=grade.reindex(units.index)),
        slots={slot: _hours(edition, slot, label) for slot, label in edition.config.slots.items()},
        start=plan.start,
        end=plan.end,
        holidays=plan.holidays,
        seed=plan.seed,
        draw=draw,
        audiences=tuple(edition.system.audiences),
        shoppers=plan.shoppers,
        responses=plan.responses,
        plan=_schedule(edition) if plan.follow_plan else None,
        handed_out=HandedOut(**plan.handed_out.model_dump()) if plan.handed_out else HandedOut(),
    )
    return simulate_campaign(model, item_models(edition, plan, published))


def _schedule(edition: Edition) -> pd.DataFrame:
    """Read the plan that the campaign follows."""
    sources = {"plan": edition.sources["plan"]}
    return read_records(sources, edition.register, {})[0]["plan"].reset_index(drop=True)


def item_models(
    edition: Edition, plan: Simulation, published: PublishedFigures
) -> tuple[ItemModel, ...]:
    """Tell the simulator how each item of the system is answered and what its mean should be."""
    tree = edition.system.hierarchy
    means = published.means[published.means["kind"] == "figure"]
    printed = zip(means["indicator"], means["audience"], means["printed"], strict=True)
    wanted = {(indicator, audience): float(mean) for indicator, audience, mean in printed} | {
        (i, a): mean for i, each in plan.unpublished.items() for a, mean in each.items()
    }
    findings, models = [], []
    for node, item in edition.system.leaf_items():
        if item.table not in _SIMULATED or type(item.rule) not in _KINDS:
            findings.append(_cannot(edition, item))
            continue
        path = [tree.ids[step] for step in reversed(tree.path(tree.index(node.id)))]
        audiences = (ALL,) if item.table == "cases" else tuple(edition.system.audiences)
        target: dict[str, float] = {}
        for audience in audiences:
            found = next((wanted[i, audience] for i in path[:-2] if (i, audience) in wanted), None)
            if found is None:
                findings.append(
                    _wrong(edition, "simulation.unpublished", f"a mean of {node.id} for {audience}",
                           "none")
                )  # fmt: skip
                continue
            target[audience] = found
        missing = plan.missing.get(item.table, 0.0)
        if len(target) == len(audiences):
            models.append(_model(item, node.id, target, missing))
    if findings:
        raise InputError(findings)
    return tuple(models)


def _model(item: Item, indicator: str, target: Mapping[str, float], missing: float) -> ItemModel:
    answered = {column: values for column, values in item.where.items() if column != "outcome"}
    make = _KINDS[type(item.rule)]
    fields = make(item)
    zero = [o.points for o in item.override if "outcome" in o.where]
    return ItemModel(
        item=item.id,
        table=_SIMULATED[item.table],
        target=target,
        where=answered,
        not_reached_points=zero[0] if zero else None,
        missing=0.0 if fields["kind"] in ("outcome", "seconds") else missing,
        indicator=indicator,
        weight=item.weight,
        **fields,
    )


def _mapped(item: Item) -> dict:
    assert isinstance(item.rule, MapRule)
    if item.source == "outcome":
        points = sorted(set(item.rule.map.values()))
        return {"kind": "outcome", "columns": ("outcome",), "points": (points[0], points[-1])}
    ordered = sorted(item.rule.map.items(), key=lambda pair: pair[1])
    return _ordinal(item, [name for name, _ in ordered], [points for _, points in ordered])


def _binary(item: Item) -> dict:
    assert isinstance(item.rule, BinaryRule)
    return _ordinal(item, list(item.rule.binary[::-1]), [0.0, BEST])


def _likert(item: Item) -> dict:
    assert isinstance(item.rule, LikertRule)
    worst, best = item.rule.likert
    steps = np.linspace(worst, best, int(abs(best - worst)) + 1)
    return _ordinal(item, [f"{step:g}" for step in steps], list(np.linspace(0, BEST, len(steps))))


def _seconds(item: Item) -> dict:
    assert isinstance(item.rule, PiecewiseRule)
    return {"kind": "seconds", "columns": (item.source,), "curve": item.rule.piecewise}


def _count(item: Item) -> dict:
    assert isinstance(item.rule, CountRule)
    good, bad = item.rule.of
    return {
        "kind": "count", "columns": item.rule.count, "values": (bad, good), "points": (0.0, BEST)
    }  # fmt: skip


def _ordinal(item: Item, values: list[str], points: list[float]) -> dict:
    return {
        "kind": "ordinal", "columns": (item.source,), "values": tuple(values),
        "points": tuple(map(float, points)),
    }  # fmt: skip


_KINDS: Mapping[type, Callable[[Item], dict]] = {
    MapRule: _mapped,
    BinaryRule: _binary,
    LikertRule: _likert,
    PiecewiseRule: _seconds,
    CountRule: _count,
}


_SIMULATED: Mapping[str, Literal["calls", "responses", "cases"]] = {
    "calls": "calls", "responses": "responses", "cases": "cases",
}  # fmt: skip


def _cannot(edition: Edition, item: Item) -> Finding:
    kind = type(item.rule).__name__.removesuffix("Rule").lower()
    return Finding(
        "simulation",
        Severity.ERROR,
        edition.config.system,
        None,
        item.id,
        f"tables {', '.join(_SIMULATED)} and rules map, binary, likert, piecewise, count",
        f"{kind} on {item.table}",
        "the simulator makes no such records; use an edition with records of your own",
    )


def _hours(edition: Edition, slot: str, label: str) -> tuple[float, float]:
    hours = parse_hours(label)
    if hours is None:
        raise InputError(
            [_wrong(edition, f"slots.{slot}", "hours such as 08:00–10:00", repr(label))]
        )
    return hours


def _wrong(edition: Edition, key: str, expected: str, got: str) -> Finding:
    file = display_path(edition.folder / "edition.yaml")
    return Finding("simulation", Severity.ERROR, file, None, key, expected, got, "add it")
