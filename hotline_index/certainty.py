"""How sure the ranks and grades of an edition are, as tables of its results."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.comparisons.groups import factor_table
from analysis.grades.grading import Grades, cut_table
from analysis.grades.next_grade import next_grades
from analysis.grades.peers import peer_table
from analysis.grades.stability import (
    EDITION,
    comparison_schemes,
    grade_by_schemes,
    scheme_cuts,
    scheme_stability,
    side_by_side,
)
from analysis.ranks.rank_sets import rank_set_table, rank_sets, tau_table
from analysis.ranks.ranking import Ranks
from analysis.ranks.shrinkage import Shrunk, shrink, shrinkage_table
from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.bootstrap import Draws
from analysis.uncertainty.factors import factor_table as method_table
from analysis.uncertainty.factors import method_factors
from analysis.uncertainty.method import leave_one_out, method_draws, one_at_a_time
from analysis.uncertainty.sensitivity import rank_sensitivity
from analysis.uncertainty.sources import split_rank_variance
from hotline_index.comparing import Compared, Tables
from hotline_index.configuration import Uncertainty
from hotline_index.edition import Edition
from hotline_index.reading import Found
from indicators.scores import Scores
from survey.findings import InputError, Severity

TOP_SHARES = (0.1, 0.25)
"""Tops of the ranking whose possible members are told, beside the first `TOP`."""
TOP = 10
COMPARED = 1000
"""Draws by which units are compared: enough for a critical value."""
GRADED = 500
"""Draws by which schemes of grades are compared: enough for a share of all units."""
SPLIT = 512
"""Draws of each source by which the variance of ranks is split."""


def adjust_totals(scores: Scores, draws: Draws) -> tuple[Shrunk, Found]:
    """Adjust the totals for their reliability."""
    scale = (0.0, scores.hierarchy.best)
    total = scores.of("total").to_numpy()
    se, degrees = draws.se[:, -1, 0], draws.degrees[:, -1, 0]
    return shrink(total, se, degrees=degrees, level=draws.level, bounds=scale)


def rank_certainty(scores: Scores, draws: Draws, shrunk: Shrunk) -> Tables:
    """Tell which ranks are possible, and what the scores are when adjusted for reliability.

    Parameters
    ----------
    scores
        Scores with standard errors.
    draws
        Their bootstrap draws.
    shrunk
        Their totals adjusted for reliability.

    Returns
    -------
    The tables ``rank_sets``, ``rank_tops`` and ``adjusted``.
    """
    totals, units = scores.of("total").to_numpy(), scores.units
    errors = draws.total[:COMPARED]
    each = rank_sets(totals, errors, level=draws.level)
    together = rank_sets(totals, errors, level=draws.level, simultaneous=True)
    ranked = int((~np.isnan(totals)).sum())
    tops = sorted({TOP, *(round(share * ranked) for share in TOP_SHARES)} - {0})
    return {
        "rank_sets": rank_set_table(units, totals, each, together),
        "rank_tops": tau_table(units, together, [top for top in tops if top < ranked] or [1]),
        "adjusted": shrinkage_table(units, totals, draws.se[:, -1, 0], shrunk),
    }


def method_certainty(scores: Scores, plan: MethodPlan, sampling: Uncertainty) -> Compared:
    """Tell how ranks move when the index is built otherwise.

    Parameters
    ----------
    scores
        The scores as they are.
    plan
        What varies.
    sampling
        Level of the intervals, and the seed of the records.

    Returns
    -------
    The tables ``method_ranks``, ``method_factors``, ``method_options``, ``leave_one_out``,
    ``sensitivity``, ``rank_variance``, ``total_variance``.
    """
    factors = method_factors(plan, scores.system)
    leaving, findings = leave_one_out(scores)
    tables = {"leave_one_out": leaving}
    if not factors:
        return tables, findings
    drawn, more = method_draws(scores, plan, level=sampling.level)
    options, others = one_at_a_time(scores, plan)
    sensitivity, more_doubts = _sensitivity(scores, plan, sampling.level)
    split, doubts = split_rank_variance(
        scores, plan, draws=SPLIT, level=sampling.level, seed=sampling.seed
    )
    tables |= {
        "method_ranks": drawn.table(),
        "method_factors": method_table(factors),
        "method_options": options,
        "rank_variance": split.units,
        "total_variance": split.national,
    }
    findings = (*findings, *more, *others, *doubts, *more_doubts)
    return tables | sensitivity, findings


def _sensitivity(scores: Scores, plan: MethodPlan, level: float) -> Compared:
    """Return the table ``sensitivity``; a design too small is told, and stops no run."""
    try:
        found, doubts = rank_sensitivity(scores, plan, by="kind", level=level)
    except InputError as error:
        return {}, tuple(replace(each, severity=Severity.WARNING) for each in error.findings)
    return {"sensitivity": found.shift}, doubts


def method_range(tables: Tables, scores: Scores) -> Ranks | None:
    """Return the ranks and their range under other methods, in the order of the units."""
    if "method_ranks" not in tables:
        return None
    of_units = tables["method_ranks"].set_index("unit").reindex(list(scores.units))
    figures = (of_units[name].to_numpy(dtype=float) for name in ("rank", "low", "high"))
    return Ranks(*figures, drawn=np.empty((0, len(of_units))))


def grade_certainty(
    edition: Edition,
    scores: Scores,
    draws: Draws,
    shrunk: Shrunk,
    grades: Grades,
    units: pd.DataFrame,
) -> Compared:
    """Tell what the next grade takes, what other schemes would give, and how peers are graded.

    Parameters
    ----------
    edition
        The edition.
    scores, draws, shrunk, grades
        Its scores, their draws, their totals adjusted for reliability, and their grades.
    units
        The units with what the register knows of them.

    Returns
    -------
    The tables ``grade_cuts``, ``next_grades``, ``schemes``, ``scheme_grades``, ``scheme_cuts`` and,
    where the edition names peers, ``peers``.
    """
    totals, scheme = scores.of("total").to_numpy(), edition.config.grading
    others = comparison_schemes(scheme, edition.system.scale)
    fewer = replace(draws, total=draws.total[:GRADED])
    graded = {EDITION: grades} | grade_by_schemes(
        totals, fewer, {name: each for name, each in others.items() if name != EDITION}
    )
    tables = {
        "grade_cuts": cut_table(grades),
        "next_grades": next_grades(scores, grades),
        "schemes": scheme_stability(graded, shrunk.better),
        "scheme_grades": side_by_side(scores.units, graded),
        "scheme_cuts": scheme_cuts(graded),
    }
    findings: Found = ()
    if factors := [factor for factor in edition.config.peers if factor in units]:
        groups = factor_table(units, factors)
        tables["peers"], findings = peer_table(scores.units, totals, draws, groups, scheme)
    return tables, findings
