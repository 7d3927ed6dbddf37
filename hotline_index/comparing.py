"""The comparisons of an edition, as tables of its results."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.comparisons.audiences import audience_gaps, unit_audience_gaps
from analysis.comparisons.connection import connection
from analysis.comparisons.funnel import rate_funnel, score_funnel
from analysis.comparisons.group_tests import compare_groups, ordinal_contrasts
from analysis.comparisons.groups import factor_table, grade_points, group_grades, group_summary
from analysis.comparisons.score_groups import group_contrasts, score_comparisons
from analysis.comparisons.waiting import waiting
from analysis.drivers.drivers import find_drivers
from analysis.drivers.priorities import priorities
from analysis.drivers.sentences import data_sentence, drivers_sentence
from analysis.published.claims import judge_claims
from hotline_index.edition import Edition
from hotline_index.reading import Found
from indicators.nodes import Words
from indicators.scores import Scores

Tables = dict[str, pd.DataFrame]
Compared = tuple[Tables, Found]
STATEMENTS = "statements"
"""The table of what was done and found, in words: columns about, zh, en."""
GROWING = frozenset({STATEMENTS, "keywords", "topics", "funnel", "funnel_limits"})
"""Tables that several parts add rows to."""


def stated(about: str, *said: Words) -> pd.DataFrame:
    """Return rows of the table of statements."""
    return pd.DataFrame({"about": about, "zh": [w.zh for w in said], "en": [w.en for w in said]})


def joined(*parts: Compared) -> Compared:
    """Put tables and findings together; parts add to the rows of the `GROWING` tables."""
    tables: Tables = {}
    findings: Found = ()
    for more, found in parts:
        for name, table in more.items():
            whole = [tables[name], table] if name in tables and name in GROWING else [table]
            tables[name] = pd.concat(whole, ignore_index=True) if len(whole) > 1 else table
        findings += found
    return tables, tuple(dict.fromkeys(findings))


def compare_grades(
    edition: Edition, tables: Mapping[str, pd.DataFrame], units: pd.DataFrame
) -> Compared:
    """Compare the grades of groups, and test the claims made of them.

    Parameters
    ----------
    edition
        The edition, whose ``comparisons`` and ``claims`` say what is compared.
    tables
        Its ``grades`` and their ``composition``.
    units
        The units with what the register knows of them.
    """
    config, factors = edition.config, _factors(edition, units)
    if not factors and not config.claims:
        return {}, ()
    grades, order = tables["grades"][["unit", "grade"]], tables["composition"]["grade"].tolist()
    points = grade_points(grades, order)
    groups = factor_table(units, factors)
    level, seed = config.uncertainty.level, config.uncertainty.seed
    comparisons, found = compare_groups(
        points, groups, outcome_name="grade", level=level, seed=seed
    )
    contrasts, more = ordinal_contrasts(points, groups, level=level)
    found += tuple(finding for finding in more if finding not in found)
    compared = {
        "group_grades": group_grades(grades, units, factors, order),
        "group_summary": group_summary(grades, units, factors, order),
        "comparisons": comparisons,
        "contrasts": contrasts,
    }
    if config.claims:
        compared["claims"] = judge_claims(
            config.claims, grades, units, comparisons, contrasts, order=order, level=level
        )
    return compared, found


def compare_scores(edition: Edition, scores: Scores, units: pd.DataFrame) -> Compared:
    """Compare the scores of groups and of audiences, and find unusual units.

    Parameters
    ----------
    edition
        The edition.
    scores
        Scores with standard errors.
    units
        The units with what the register knows of them.
    """
    config, factors = edition.config, _factors(edition, units)
    level, seed = config.uncertainty.level, config.uncertainty.seed
    tables: Tables = {}
    findings: Found = ()
    if factors:
        groups = factor_table(units, factors)
        tables["score_comparisons"], found = score_comparisons(
            scores, groups, level=level, seed=seed
        )
        tables["group_contrasts"], more = group_contrasts(scores, groups, level=level, seed=seed)
        findings += (*found, *more)
    if len(edition.system.audiences) > 1:
        tables["audience_gaps"], found = audience_gaps(scores, level)
        tables["unit_audience_gaps"] = unit_audience_gaps(scores, level)
        findings += found
    return tables, findings


def find_unusual(edition: Edition, scores: Scores, units: pd.DataFrame) -> Compared:
    """Find units that chance and their peers do not explain, by funnels.

    Parameters
    ----------
    edition
        The edition, whose ``peers`` are peer sets beside all units together.
    scores
        Scores with standard errors.
    units
        The units with what the register knows of them.

    Returns
    -------
    The tables ``funnel`` and ``funnel_limits``, with a column ``factor`` in front: what makes the
    peer sets, ``all`` for none. Measures are the total, level 1, and the rate of calls answered.
    """
    level, tree = edition.config.uncertainty.level, scores.hierarchy
    indicators = [tree.ids[0], *(tree.ids[at] for at in tree.core(0))]
    factors = [factor for factor in edition.config.peers if factor in units]
    groups = factor_table(units, factors)
    parts: list[Compared] = []
    for factor in (None, *factors):
        peers = None if factor is None else groups[factor]
        drawn = [score_funnel(scores, peers, indicators=indicators, level=level)]
        if "calls" in scores.records:
            calls = scores.records["calls"]
            answered = calls["outcome"].eq("answered").groupby(calls["unit"].astype(str))
            drawn.append(
                rate_funnel(answered.sum(), answered.size(), peers, measure="answered", level=level)
            )
        for each, found in drawn:
            name = factor or "all"
            tables = {"funnel": each.table, "funnel_limits": each.limits}
            for table, frame in tables.items():
                tables[table] = frame.copy()
                tables[table].insert(0, "factor", name)
            parts.append((tables, found))
    return joined(*parts)


def compare_calls(edition: Edition, scores: Scores) -> Compared:
    """Compare slots, channels, audiences and scenarios in answering and waiting.

    Parameters
    ----------
    edition
        The edition, whose slots tell their order.
    scores
        Scores with their records.
    """
    if "calls" not in scores.records:
        return {}, ()
    calls, level = scores.records["calls"], edition.config.uncertainty.level
    order = {"slot": tuple(edition.config.slots), "audience": tuple(edition.system.audiences)}
    answered, found = connection(calls, order, level=level)
    waited, more = waiting(calls, order, level=level)
    tables = {
        "connection_effects": answered.effects,
        "connection_rates": answered.rates,
        "waiting_curves": waited.curves,
        "waiting_summary": waited.summary,
        "waiting_tests": waited.tests,
        "waiting_hazards": waited.hazards,
        STATEMENTS: pd.concat(
            [
                stated("connection", Words(zh=answered.zh, en=answered.en)),
                stated("waiting", Words(zh=waited.zh, en=waited.en)),
            ],
            ignore_index=True,
        ),
    }
    return tables, (*found, *more)


def find_priorities(edition: Edition, scores: Scores) -> Compared:
    """Tell what moves the outcome that the edition names, and what each unit should do first.

    Parameters
    ----------
    edition
        The edition; without ``drivers`` an indicator is as important as its weight in the total.
    scores
        Scores with standard errors.
    """
    config, system = edition.config, edition.system
    level = config.uncertainty.level
    tables: Tables = {}
    findings: Found = ()
    importance = nominal_weights(scores)
    if config.drivers is not None:
        drivers, findings = find_drivers(
            scores, config.drivers, level=level, seed=config.uncertainty.seed
        )
        if drivers is not None:
            languages = [
                Words(zh=tell(drivers, system, "zh"), en=tell(drivers, system, "en"))
                for tell in (drivers_sentence, data_sentence)
            ]
            tables |= {
                "drivers": drivers.table(),
                "driver_model": drivers.model(),
                STATEMENTS: stated("drivers", *languages),
            }
            importance = pd.Series(drivers.share[0], index=list(drivers.predictors)).clip(lower=0)
    tables["priorities"], more = priorities(scores, importance, level=level)
    return tables, (*findings, *more)


def nominal_weights(scores: Scores) -> pd.Series:
    """Return the weight of every leaf in the total: the product of the weights on its path.

    Returns
    -------
    By id of the leaf; leaves of innovation that only adds a bonus are left out.
    """
    tree = scores.hierarchy
    share = np.ones(len(tree.ids))
    for node in range(1, len(tree.ids)):
        rivals = tree.core(int(tree.parent[node]))
        own = tree.weight[node] / tree.weight[rivals].sum() if node in rivals else 0.0
        share[node] = share[tree.parent[node]] * own
    leaves = np.setdiff1d(np.arange(len(tree.ids)), tree.parent)
    weights = pd.Series(share[leaves], index=[tree.ids[leaf] for leaf in leaves])
    return weights[weights > 0]


def _factors(edition: Edition, units: pd.DataFrame) -> list[str]:
    return [factor for factor in edition.config.comparisons if factor in units]
