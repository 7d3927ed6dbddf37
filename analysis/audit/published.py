"""Published figures: what the audit of a report's own numbers found, as rows of this one."""

from collections.abc import Iterator

import pandas as pd

from analysis.audit.verdicts import Check, Row, Verdict, Words

PREFIX = "published-"
_VERDICTS: dict[str, Verdict] = {
    "contradiction": "fail",
    "not-checkable": "warn",
    "consistent": "pass",
}
_RULES: dict[str, Words] = {
    "counts-sum": ("数量合计", "counts"),
    "share-of-count": ("占比核算", "shares"),
    "shares-sum": ("占比合计", "sums of shares"),
    "same-figure-twice": ("图文一致", "figures printed twice"),
    "mean-within-parts": ("均值居中", "means within parts"),
    "one-audience-weight": ("对象权重", "weight of audiences"),
    "one-set-of-weights": ("指标权重", "weights of indicators"),
    "defined-but-unreported": ("指标未报告", "indicators unreported"),
    "printed-order": ("排列顺序", "order of lists"),
    "rank-claims": ("论断核算", "claims of rank"),
}


def _check(rule: str, name: Words) -> Check:
    return Check(
        PREFIX + rule,
        (f"公布数值：{name[0]}", f"published: {name[1]}"),
        (
            "所印数值可以同时成立；有矛盾为不通过，无法核对为警示",
            "the printed figures can all hold; a contradiction fails, what cannot be checked is a "
            "warning",
        ),
        "",
        (
            "更正所印数值并说明，或补充公布核对所需的数据",
            "correct the figures and say so, or publish what is needed to check them",
        ),
        warn=0.0,
        fail=float("inf"),
    )


PUBLISHED: dict[str, Check] = {rule: _check(rule, name) for rule, name in _RULES.items()}


def check_published(audit: pd.DataFrame | None) -> Iterator[Row]:
    """Take over what the audit of published figures found.

    Parameters
    ----------
    audit
        As `analysis.published.audit.audit_published` returns, or None.
    """
    if audit is None:
        return
    columns = (audit[name] for name in ("rule", "where", "gap", "verdict", "zh", "en"))
    for rule, where, gap, verdict, zh, en in zip(*columns, strict=True):
        check = PUBLISHED.get(rule) or _check(rule, (rule, rule))
        yield check.row(where, abs(gap), (zh.rstrip("。"), en.rstrip(".")), _VERDICTS[verdict])
