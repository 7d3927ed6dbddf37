"""Coverage: how much of the data that the index asks for is there."""

from collections.abc import Iterator

import numpy as np

from analysis.audit.evidence import Evidence
from analysis.audit.verdicts import Check, Row, at_most

COVERAGE = Check(
    "coverage",
    ("数据覆盖", "data coverage"),
    (
        "每项指标、每个评估对象的数据覆盖率不低于80%；低于65%为不通过",
        "coverage of every indicator and every unit at least 80 %; below 65 % fails",
    ),
    "OECD & JRC (2008), step 3; JRC audits (65 %)",
    ("补充数据，或不列入本年度排名", "complete the data, or leave it out of this year's ranking"),
    warn=0.80,
    fail=0.65,
)


def check_coverage(evidence: Evidence) -> Iterator[Row]:
    """Check the coverage of every indicator without children, and of the units that are ranked.

    The coverage of an indicator is its mean over the units it applies to; that of a unit is the
    share of the total's weight that has data. What only adds a bonus is a warning at worst: a unit
    without it is scored by the rest.
    """
    scores = evidence.scores
    for leaf in evidence.leaves:
        applies = scores.applies[:, -1, leaf]
        if not applies.any():
            continue
        share = scores.coverage[applies, -1, leaf].mean()
        zh, en = evidence.labels[leaf]
        verdict = COVERAGE.judge(share)
        found = f"{zh}数据覆盖率{share:.1%}", f"{en} is covered to {share:.1%}"
        if evidence.extra[leaf]:
            verdict = at_most(verdict, "warn")
            found = f"{found[0]}（加分项）", f"{found[1]} (a bonus)"
        yield COVERAGE.row(evidence.tree.ids[leaf], share, found, verdict)
    ranked = ~np.isnan(evidence.values[:, 0])
    if not ranked.any():
        return
    share = np.where(ranked, scores.coverage[:, -1, 0], np.inf)
    worst, thin = int(share.argmin()), int((share < COVERAGE.warn).sum())
    unit, least, n = scores.units[worst], share[worst], int(ranked.sum())
    zh, en = evidence.unit
    yield COVERAGE.row(
        "units",
        least,
        (
            f"{n}个{zh}中{thin}个数据覆盖率低于80%，最低为{unit}（{least:.1%}）",
            f"{thin} of {n} units ({en}) are covered to less than 80 %; the least is {unit}, "
            f"{least:.1%}",
        )
        if thin
        else (
            f"{n}个{zh}的数据覆盖率均在80%以上，最低{least:.1%}",
            f"all {n} units ({en}) are covered to 80 % or more, the least to {least:.1%}",
        ),
    )
