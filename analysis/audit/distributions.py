"""Distributions: indicators whose extreme values would rule the ranking."""

from collections.abc import Iterator

import numpy as np

from analysis.audit.evidence import Evidence
from analysis.audit.verdicts import Check, Row
from indicators.figures.settings import OutlierTreatment
from indicators.figures.treat import shape_of

LIMITS = OutlierTreatment()
OUTLIERS = Check(
    "outliers",
    ("极端值", "outliers"),
    (
        f"偏度绝对值超过{LIMITS.skewness:g}且超额峰度超过{LIMITS.kurtosis:g}为不通过",
        f"absolute skewness above {LIMITS.skewness:g} and excess kurtosis above "
        f"{LIMITS.kurtosis:g} fail",
    ),
    "OECD & JRC (2008), step 3; bounds of JRC audits",
    (
        "核对极端值的来源；属实的，缩尾或取对数后再合成",
        "check the extreme values; if they are right, winsorise or transform before aggregating",
    ),
    warn=LIMITS.skewness,
    fail=np.inf,
)


def check_outliers(evidence: Evidence) -> Iterator[Row]:
    """Check the shape of every indicator without children over the units.

    Skewness and kurtosis are bias-corrected, as where figures are treated
    (`indicators.figures.treat`). Indicators with fewer than four values, or that never vary, have
    no shape; `analysis.audit.robustness.check_idle` tells of the latter.
    """
    for leaf in evidence.leaves:
        skewness, excess = shape_of(evidence.values[:, leaf])
        if np.isnan(skewness):
            continue
        beyond = abs(skewness) > LIMITS.skewness and excess > LIMITS.kurtosis
        zh, en = evidence.labels[leaf]
        yield OUTLIERS.row(
            evidence.tree.ids[leaf],
            abs(skewness),
            (
                f"{zh}偏度{skewness:.2f}，超额峰度{excess:.2f}",
                f"{en}: skewness {skewness:.2f}, excess kurtosis {excess:.2f}",
            ),
            "fail" if beyond else "pass",
        )
