"""Every step of an edition: read, check, score, rank, grade, weigh, compare, audit."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.audit.index import audit_index
from analysis.comparisons.groups import composition
from analysis.comparisons.national import national_means, time_slots
from analysis.grades.grading import (
    Grades,
    grade_findings,
    grade_table,
    grade_units,
    probability_table,
)
from analysis.published.figures import PublishedFigures, published_means
from analysis.ranks.ranking import Ranks, rank_units
from analysis.uncertainty.bootstrap import Draws, bootstrap
from hotline_index.certainty import (
    adjust_totals,
    grade_certainty,
    method_certainty,
    method_range,
    rank_certainty,
)
from hotline_index.comparing import (
    Tables,
    compare_calls,
    compare_grades,
    compare_scores,
    find_priorities,
    find_unusual,
    joined,
)
from hotline_index.corrections import correction_effects, correction_reasons
from hotline_index.edition import Edition
from hotline_index.progress import Progress, Quiet
from hotline_index.reading import (
    Found,
    checked_scores,
    read_figures,
    refuse_without_records,
)
from hotline_index.suppression.tables import suppressed_results
from hotline_index.tables import (
    case_table,
    edition_meta,
    figure_audit,
    finding_table,
    indicator_table,
    printed_shares,
    sample_table,
    unit_table,
)
from hotline_index.texts import count_texts
from hotline_index.trends import compare_years
from indicators.alerts import alerts
from indicators.scores import Scores
from report.results import Results
from survey.checks import Checked


@dataclass(frozen=True)
class Scored:
    """What the records of an edition give: scores, and all that follows from them.

    Parameters
    ----------
    checked
        What the checks of the records found.
    scores, draws, ranks, grades
        The values of the steps.
    """

    checked: Checked
    scores: Scores
    draws: Draws
    ranks: Ranks
    grades: Grades


def analyse(
    edition: Edition,
    progress: Progress | None = None,
    when_scored: Callable[[Scored, Found], None] | None = None,
) -> tuple[Results, Found]:
    """Do every step of an edition that it has input for, and return the results.

    Parameters
    ----------
    edition
        The edition.
    progress
        Hears of the steps.
    when_scored
        Hears of the scores, and of the findings so far, before anything is made of them.

    Raises
    ------
    InputError
        With everything that is wrong with the edition's files.
    """
    progress = progress or Quiet()
    if not edition.has_records and edition.published is None:
        refuse_without_records(edition)
    published, findings = read_figures(edition)
    scored = None
    if edition.has_records:
        scored, more = score_records(edition, progress)
        findings += more
        if when_scored is not None:
            when_scored(scored, findings)
    else:
        for step in ("read", "check", "score", "rank", "grade"):
            progress.left_out(step, "the edition has no records")
    names = scored.scores.units if scored else published.grades["unit"] if published else ()
    units = unit_table(edition, list(names), published)
    tables: Tables = {
        "units": units,
        "indicators": indicator_table(edition.system, scored.scores if scored else None),
    }
    tables |= describe_scored(edition, scored) if scored else describe_published(edition, published)
    if published and not published.commended.empty:
        tables["commended"] = published.commended.reset_index(drop=True)
    made = tables, findings
    made = joined(made, weigh(edition, scored, made[0], progress))
    made = joined(made, compare(edition, scored, made[0], progress))
    tables, findings = joined(made, (audit(edition, scored, published, made[0], progress), ()))
    if scored is not None:
        tables, more = suppressed_results(tables, scored.scores)
        findings += more
    tables["findings"] = finding_table(findings, edition.folder)
    meta = edition_meta(edition, len(units), records=scored is not None)
    return Results(meta, {name: _with_texts(table) for name, table in tables.items()}), findings


def _with_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns of texts are typed so, as they come back from its file."""
    texts = [
        name
        for name, kind in table.dtypes.items()
        if kind.kind == "O" and pd.api.types.infer_dtype(table[name], skipna=True) == "string"
    ]
    return table.astype(dict.fromkeys(texts, "str"))


def score_records(edition: Edition, progress: Progress) -> tuple[Scored, Found]:
    """Read, check, score, rank and grade the records of an edition."""
    config = edition.config
    scores, checked, findings = checked_scores(edition, progress)
    uncertainty = config.uncertainty
    draws, more = bootstrap(
        scores,
        replicates=uncertainty.replicates,
        level=uncertainty.level,
        seed=uncertainty.seed,
        progress=progress.step("rank", total=len(scores.units)),
    )
    findings += more
    scores = scores.with_se(draws.se, draws.degrees)
    total = scores.of("total").to_numpy()
    ranks = rank_units(total, draws)
    progress.step("grade")
    grades = grade_units(total, draws, config.grading)
    return Scored(checked, scores, draws, ranks, grades), (*findings, *grade_findings(grades))


def weigh(
    edition: Edition, scored: Scored | None, tables: Tables, progress: Progress
) -> tuple[Tables, Found]:
    """Tell what ranks and grades are worth under all that might have been otherwise."""
    if scored is None:
        progress.left_out("weigh", "the edition has no records")
        return {}, ()
    progress.step("weigh")
    scores, draws, config = scored.scores, scored.draws, edition.config
    shrunk, found = adjust_totals(scores, draws)
    parts = [
        (rank_certainty(scores, draws, shrunk), found),
        grade_certainty(edition, scores, draws, shrunk, scored.grades, tables["units"]),
    ]
    if config.method != "none":
        parts.append(method_certainty(scores, config.method, config.uncertainty))
    return joined(*parts)


def compare(
    edition: Edition, scored: Scored | None, tables: Tables, progress: Progress
) -> tuple[Tables, Found]:
    """Compare groups, audiences, slots, units and years, as far as the edition has them."""
    progress.step("compare")
    units = tables["units"]
    parts = [compare_grades(edition, tables, units)]
    if scored:
        scores = scored.scores
        parts += [
            compare_scores(edition, scores, units),
            find_unusual(edition, scores, units),
            compare_calls(edition, scores),
            find_priorities(edition, scores),
            compare_years(edition, scores, scored.draws),
            count_texts(edition, scores, tables["grades"], units),
        ]
    return joined(*parts)


def audit(
    edition: Edition,
    scored: Scored | None,
    published: PublishedFigures | None,
    tables: Tables,
    progress: Progress,
) -> Tables:
    """Audit the index by its records, and published figures against each other."""
    progress.step("audit")
    level, seed = edition.config.uncertainty.level, edition.config.uncertainty.seed
    audited: Tables = {}
    if published:
        audited["audit"] = figure_audit(edition, published, tables["indicators"], tables["units"])
    audited["index_audit"] = audit_index(
        scored.scores if scored else None,
        ranks=method_range(tables, scored.scores) if scored else None,
        published=audited.get("audit"),
        level=level,
        seed=seed,
    )
    return audited


def describe_scored(edition: Edition, scored: Scored) -> Tables:
    """Return the tables that come from records."""
    config, scores, draws = edition.config, scored.scores, scored.draws
    total = scores.of("total").to_numpy()
    table = scores.table()
    limits = pd.DataFrame(
        {"low": draws.low.ravel(), "high": draws.high.ravel()},
        index=pd.MultiIndex.from_product([scores.units, scores.audiences, scores.hierarchy.ids]),
    ).loc[pd.MultiIndex.from_frame(table[["unit", "audience", "indicator"]])]
    table.insert(5, "low", limits["low"].to_numpy())
    table.insert(6, "high", limits["high"].to_numpy())
    grades = grade_table(scores.units, total, draws, scored.ranks, scored.grades)
    tables = {
        "scores": table,
        "weights": scores.weights,
        "means": national_means(scores, draws.level),
        "grades": grades,
        "grade_probabilities": probability_table(scores.units, scored.grades),
        "composition": composition(grades, order=config.grading.grades),
        "sample": sample_table(edition, scores.records),
    }
    reasons = correction_reasons(scores)
    if len(reasons):
        tables["corrections"] = correction_effects(scores, config.grading, scored.grades)
        tables["correction_reasons"] = reasons
    if edition.system.alerts:
        tables["alerts"] = alerts(scores)
    if any(points.table == "cases" for points in scores.points):
        tables["cases"] = case_table(scores)
    if "calls" in scores.records and config.slots:
        audiences = {name: each.zh for name, each in edition.system.audiences.items()}
        tables["slots"] = time_slots(scores.records["calls"], config.slots, audiences, draws.level)
    return tables


def describe_published(edition: Edition, published: PublishedFigures | None) -> Tables:
    """Return the tables that come from figures published elsewhere."""
    if published is None:
        return {}
    tree = edition.system.hierarchy
    depth = dict(zip(tree.ids, map(int, tree.depth), strict=True))
    grades = published.grades[["unit", "grade"]]
    return {
        "grades": grades.reset_index(drop=True),
        "means": published_means(published, depth),
        "composition": composition(grades, printed_shares(published), published.order),
    }
