"""What a planned campaign can tell apart, by the variance parts of an edition with records."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.grades.schemes import SupportedScheme
from analysis.ranks.population import fit_population
from analysis.ranks.shrinkage import shrink
from analysis.uncertainty.clusters import Clusters, sampled_clusters
from analysis.uncertainty.linearised import linearised_variances
from hotline_index.edition import Edition, open_edition
from hotline_index.planning.slot_variance import slot_variance
from hotline_index.progress import Progress, Quiet
from hotline_index.reading import plain_scores
from indicators.scores import Scores
from survey.findings import Finding, InputError, Severity, display_path
from survey.plan.precision import (
    Design,
    Grade,
    VarianceParts,
    calls_needed,
    design_table,
)
from survey.sources.source import is_there

STEPS = (8, 16, 24, 36, 48, 72, 96)
"""Calls of a unit that are compared, beside those planned."""
NEEDED = ("calls", "responses")


@dataclass(frozen=True)
class EditionParts:
    """What an edition's records say of variance.

    Parameters
    ----------
    parts
        The variance parts of its total.
    design
        How much it collected of a unit, on average.
    scores
        Its totals and their linearised standard errors, shape (U,) each; without units that lack
        a score.
    source
        The edition's title, zh and en.
    """

    parts: VarianceParts
    design: Design
    total: np.ndarray
    se: np.ndarray
    source: dict[str, str]


@dataclass(frozen=True)
class PlanPrecision:
    """What a plan can tell apart.

    Parameters
    ----------
    table
        As `survey.plan.precision.design_table` returns; the plan's own row among them.
    planned
        The calls of a unit that are planned.
    needed
        As `survey.plan.precision.calls_needed` returns.
    source
        Title of the edition whose records it rests on.
    """

    table: pd.DataFrame
    planned: int
    needed: dict[str, int | None]
    source: dict[str, str]


def plan_precision(
    edition: Edition, units: int, calls: int, calls_of_slot: int, progress: Progress | None = None
) -> PlanPrecision:
    """Say what the campaign that an edition plans can tell apart.

    Parameters
    ----------
    edition
        An edition with ``plan:``.
    units, calls, calls_of_slot
        How many units there are, and how often each is called, in all and in a slot.
    progress
        Hears of the steps.

    Raises
    ------
    InputError
        Where no edition with records is named, or its records are wrong.
    """
    settings = edition.config.plan
    assert settings is not None
    found = edition_parts(source_edition(edition), progress or Quiet())
    design = Design(
        units=units,
        calls=calls,
        responses=found.design.responses,
        shoppers=len(settings.team),
        slots=len(edition.config.slots),
        calls_of_slot=calls_of_slot,
    )
    grade = grading(edition, found)
    steps = sorted({*STEPS, calls})
    table = design_table(found.parts, design, steps, grade, seed=settings.seed)
    needed = calls_needed(found.parts, design, settings.wanted, grade, seed=settings.seed)
    return PlanPrecision(table, calls, needed, found.source)


def source_edition(edition: Edition) -> Edition:
    """Return the edition whose records tell of variance: ``plan.like``, ``previous``, or itself."""
    settings = edition.config.plan
    named = (settings.like if settings else None) or edition.config.previous
    key = "plan.like" if settings and settings.like else "previous" if named else "data"
    source = open_edition(edition.folder / named) if named else edition
    there = {table for table, each in source.sources.items() if is_there(each)}
    wanted = {table for table in source.sources if table in NEEDED}
    if "calls" not in wanted or not wanted <= there:
        lost = ", ".join(sorted({"calls", *wanted} - there)) or "calls"
        raise InputError(
            [
                Finding(
                    "no-records", Severity.ERROR, edition.file, None, key,
                    "an edition with records, to take the variance from",
                    f"{display_path(source.folder)} without {lost}",
                    "name one under plan: {like: ../folder}; an edition of published figures has "
                    "no records",
                )
            ]
        )  # fmt: skip
    return source


def edition_parts(edition: Edition, progress: Progress) -> EditionParts:
    """Estimate the variance parts of an edition's total.

    Parameters
    ----------
    edition
        An edition with records.
    progress
        Hears of the steps.

    Notes
    -----
    The error variance of every total is taken apart by table and source in closed form
    (`analysis.uncertainty.linearised`), averaged over units, and brought to one call, one
    questionnaire and one shopper by the design of the edition. The variance between units is what
    is left of the variance of totals, by restricted maximum likelihood
    (`analysis.ranks.population`); the true totals are the totals drawn in to that variance, which
    keeps the shape of their distribution (Louis 1984, JASA 79:393-398). The part of a call holds
    what slots do, as standard errors of an edition do; what a unit's own slots do (`slot_variance`)
    comes to it in a design that leaves slots out.
    """
    scores, _ = plain_scores(edition, progress)
    tables, _ = sampled_clusters(scores)
    variances = {
        each.sample.table: (each, linearised_variances(scores, (each,))) for each in tables
    }
    total = scores.score[:, -1, 0]
    known = ~np.isnan(total)
    sums = sum((variance.total[:, -1, 0] for _, variance in variances.values()), np.zeros(1))
    se = np.sqrt(sums)
    parts: dict[str, float] = {"call": 0.0, "shopper": 0.0, "response": 0.0, "other": 0.0}
    sizes = {"calls": 1.0, "responses": 1.0}
    for name, (clusters, variance) in variances.items():
        own = variance.records[known, -1, 0], variance.shoppers[known, -1, 0]
        if name == "calls":
            counts = _things(clusters, scores)[known]
            parts["call"] = float((own[0] * counts).mean())
            parts["shopper"] = _of_one_shopper(clusters, own[1], known)
            sizes[name] = float(counts.mean())
        elif name == "responses":
            counts = _things(clusters, scores)[known]
            parts["response"] = float((own[0] * counts).mean() + (own[1] * counts).mean())
            sizes[name] = float(counts.mean())
        else:
            parts["other"] += float(own[0].mean() + own[1].mean())
    population = fit_population(total[known], se[known])
    spread = np.sqrt(population.tau2 / total[known].var(ddof=1))
    truth = population.mean + (total[known] - total[known].mean()) * spread
    shoppers = len(variances["calls"][0].sample.shoppers or ()) if "calls" in variances else 1
    design = Design(
        int(known.sum()), round(sizes["calls"]), sizes["responses"], max(shoppers, 1),
        max(len(edition.config.slots), 1),
    )  # fmt: skip
    found = VarianceParts(truth, slot=slot_variance(scores), **parts)
    return EditionParts(found, design, total[known], se[known], edition.config.title.model_dump())


def _things(clusters: Clusters, scores: Scores) -> np.ndarray:
    """Count what was sampled of each unit (a call coded twice is one), shape (U,)."""
    sample = clusters.sample
    first = np.unique(sample.thing, return_index=True)[1]
    return np.bincount(sample.unit[first], minlength=len(scores.units))


def _of_one_shopper(clusters: Clusters, variance: np.ndarray, known: np.ndarray) -> float:
    """Return the variance from shoppers, for a unit all of whose calls one shopper made."""
    sample = clusters.sample
    if sample.shoppers is None or clusters.shoppers is None:
        return 0.0
    people = len(sample.shoppers)
    rows = sample.shopper >= 0
    count = np.zeros((len(known), people))
    np.add.at(count, (sample.unit[rows], sample.shopper[rows]), 1)
    count = count[known]
    share = count / np.maximum(count.sum(axis=1, keepdims=True), 1)
    spread = (share**2).sum(axis=1).mean() - 1 / people
    return float(variance.mean() / spread) if spread > 0 else 0.0


def grading(edition: Edition, found: EditionParts) -> Grade:
    """Return how totals become grades in an edition.

    A scheme that rests on the uncertainty of scores takes its cuts from those of `found`, and
    holds them, as it does in an edition.
    """
    scheme = edition.config.grading
    if isinstance(scheme, SupportedScheme):
        shrunk, _ = shrink(found.total, found.se)
        return scheme.cuts_by(found.total, shrunk.better).classify
    return scheme.classify
