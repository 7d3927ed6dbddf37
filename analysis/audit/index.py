"""The audit of an index: every check in order, after the statistical audits of the JRC.

The European Commission's Joint Research Centre audits composite indicators (its reports are part of
the Global Innovation Index) by the steps of the OECD and JRC Handbook on Constructing Composite
Indicators (2008). The bounds are those of its audits or of the papers named with each check; where
there are none in use they are this project's, and the rule states them all the same.
"""

import pandas as pd

from analysis.audit.agreement import AGREEMENT, check_agreement
from analysis.audit.consistency import ALPHA, OMEGA, check_consistency
from analysis.audit.correlation import (
    DOUBLE,
    MISPLACED,
    REDUNDANT,
    SIBLINGS,
    check_double_counting,
    check_misplaced,
    check_siblings,
)
from analysis.audit.coverage import COVERAGE, check_coverage
from analysis.audit.dimensions import KMO, ONE_THING, PARALLEL, TREE, check_dimensions
from analysis.audit.distributions import OUTLIERS, check_outliers
from analysis.audit.evidence import Evidence
from analysis.audit.items import ANSWERED, DISCRIMINATION, EXTREMES, REST, check_items
from analysis.audit.published import PUBLISHED, check_published
from analysis.audit.robustness import (
    COMPENSABILITY,
    IDLE,
    NOISE,
    RANGES,
    RankRange,
    check_compensability,
    check_idle,
    check_ranges,
    check_reliability,
)
from analysis.audit.verdicts import Check, Row, as_table
from analysis.audit.weights import EFFECTIVE, check_effective_weights
from indicators.scores import Scores

OF_SCORES: tuple[Check, ...] = (
    COVERAGE, OUTLIERS, SIBLINGS, REDUNDANT, MISPLACED, DOUBLE, ALPHA, OMEGA, KMO, PARALLEL,
    ONE_THING, TREE, EFFECTIVE, COMPENSABILITY, RANGES, IDLE, NOISE, ANSWERED, EXTREMES, REST,
    DISCRIMINATION, AGREEMENT,
)  # fmt: skip
CHECKS: dict[str, Check] = {each.id: each for each in (*OF_SCORES, *PUBLISHED.values())}
"""Every check by its id, in the order of the audit."""


def audit_index(
    scores: Scores | None,
    *,
    ranks: RankRange | None = None,
    published: pd.DataFrame | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Audit an index.

    Parameters
    ----------
    scores
        Scores, with standard errors where they are to be judged; None where there are published
        figures only.
    ranks
        Ranks with their range under other methods, in the order of the units.
    published
        The audit of published figures (`analysis.published.audit.audit_published`).
    level, seed
        Of intervals, and of all random draws.

    Returns
    -------
    One row a check and place, in the order of `CHECKS`: check, where, value, rule_zh, rule_en,
    source, verdict (``pass``, ``warn``, ``fail``), zh, en. A check that the index has nothing for
    has no row (`untested`).
    """
    rows: list[Row] = []
    if scores is not None:
        evidence = Evidence(scores, level, seed)
        for check in (
            check_coverage,
            check_outliers,
            check_siblings,
            check_misplaced,
            check_double_counting,
            check_consistency,
            check_dimensions,
            check_effective_weights,
            check_compensability,
            check_idle,
            check_reliability,
            check_items,
            check_agreement,
        ):
            rows += check(evidence)
        rows += check_ranges(evidence, ranks)
    rows += check_published(published)
    order = {name: place for place, name in enumerate(CHECKS)}
    return as_table(sorted(rows, key=lambda row: order.get(row.check.id, len(order))))


def untested(table: pd.DataFrame) -> list[Check]:
    """Return the checks on scores that an audit has no row of."""
    there = set(table["check"])
    return [each for each in OF_SCORES if each.id not in there]
