"""The audit: general rules that published figures must meet, whatever report printed them.

A contradiction says that the figures as printed cannot all be right, not which of them is wrong.
"""

import pandas as pd

from analysis.published.audit_claims import printed_order, rank_claims
from analysis.published.audit_counts import counts_sum, share_of_count, shares_sum
from analysis.published.audit_means import (
    defined_but_unreported,
    mean_within_parts,
    same_figure_twice,
)
from analysis.published.audit_terms import Outline, as_table
from analysis.published.audit_weights import one_audience_weight, one_set_of_weights
from analysis.published.figures import PublishedFigures

__all__ = ["Outline", "audit_published"]


def audit_published(
    figures: PublishedFigures, hierarchy: Outline, units: pd.DataFrame
) -> pd.DataFrame:
    """Hold published figures against each other.

    Parameters
    ----------
    figures
        What was printed.
    hierarchy
        The indicators, their labels and the audiences.
    units
        The register: columns unit, pinyin_key, and those that statements name.

    Returns
    -------
    One row for each thing checked, in the order of the rules: rule, where, subject, printed,
    recomputed, gap (printed less recomputed, missing where there is none), verdict
    (``contradiction``, ``consistent``, ``not-checkable``), zh, en.
    """
    pinyin = dict(zip(units["unit"], units["pinyin_key"], strict=True))
    return as_table(
        [
            *counts_sum(figures),
            *share_of_count(figures),
            *shares_sum(figures),
            *same_figure_twice(figures, hierarchy),
            *mean_within_parts(figures, hierarchy),
            *one_audience_weight(figures, hierarchy),
            *one_set_of_weights(figures, hierarchy),
            *defined_but_unreported(figures, hierarchy),
            *printed_order(figures, pinyin),
            *rank_claims(figures, hierarchy, units),
        ]
    )
