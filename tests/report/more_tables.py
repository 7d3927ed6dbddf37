"""Tables that only some editions have, to be added to synthetic results."""

from dataclasses import replace

import pandas as pd

from report.results import Results

HOURS = {"s1": "08:00–10:00", "s2": "12:00–14:00"}


def with_more(results: Results) -> Results:
    """Return results with gaps, calls, drivers, changes, sets of ranks and topics added."""
    gap = ["indicator", "level", "first", "second", "n", "first_mean", "second_mean", "gap", "low",
           "high", "share_positive", "verdict"]  # fmt: skip
    gaps = pd.DataFrame(
        [
            ("total", 0, "citizen", "enterprise", 335, 6.6, 5.5, 1.1, 1.0, 1.2, 0.96, "clear"),
            ("goal", 1, "citizen", "enterprise", 335, 6.2, 3.7, 2.5, 2.4, 2.6, 0.95, "clear"),
            ("value", 1, "citizen", "enterprise", 335, 6.8, 7.1, -0.3, -0.4, -0.2, 0.1, "slight"),
            ("complaint", 2, "citizen", "enterprise", 335, 6.2, 2.5, 3.7, 3.5, 3.9, 0.9, "clear"),
            ("standards", 2, "citizen", "enterprise", 335, 8.3, 8.1, 0.2, -0.1, 0.5, 0.6, "none"),
        ],
        columns=gap,
    )
    units = results["units"]["unit"]
    rates = pd.DataFrame(
        [
            ("slot", "s1", 900, 660, 0.733, 0.70, 0.76), ("slot", "s2", 900, 560, 0.622, 0.59, 0.65),
            ("audience", "citizen", 900, 690, 0.766, 0.74, 0.79),
            ("audience", "enterprise", 900, 530, 0.589, 0.56, 0.62),
        ],
        columns=["factor", "value", "n", "answered", "adjusted", "low", "high"],
    )  # fmt: skip
    effects = pd.DataFrame(
        {
            "factor": ["slot", "audience"],
            "odds_ratio": [0.6, 0.9],
            "factor_p_adjusted": [0.001, 0.2],
        }
    )
    own = pd.DataFrame({"unit": units[:20], "verdict": "unclear"})
    own.loc[:2, "verdict"] = "up"
    national = pd.DataFrame(
        [("all", "total", 330, 6.20, 6.48, 0.28, 0.20, 0.36, "rise")],
        columns=[
            "audience",
            "indicator",
            "n",
            "before",
            "after",
            "change",
            "low",
            "high",
            "verdict",
        ],
    )
    tables = {
        "audience_gaps": gaps,
        "unit_audience_gaps": pd.DataFrame(
            {"unit": units[:3], "indicator": "total", "first": "citizen", "second": "enterprise",
             "gap": [1.0, -1.0, 0.1], "verdict": ["clear", "slight", "none"]}
        ),
        "connection_rates": rates, "connection_effects": effects,
        "waiting_summary": pd.DataFrame(
            {"factor": ["all"], "median": [42.0], "median_low": [39.0], "median_high": [44.0]}
        ),
        "drivers": pd.DataFrame(
            [
                ("satisfaction", "all", "convenience", 1, 0.24, 0.21, 0.27, 0.5, 0.4, 0.6, "positive"),
                ("satisfaction", "all", "transparency", 2, 0.18, 0.16, 0.19, 0.2, -0.1, 0.3, "unclear"),
            ],
            columns=["outcome", "audience", "indicator", "rank", "share", "share_low", "share_high",
                     "coefficient", "coefficient_low", "coefficient_high", "direction"],
        ),
        "driver_model": pd.DataFrame(
            {"outcome": ["satisfaction"], "audience": ["all"], "level": ["units"], "predictors": [2],
             "n": [335], "r2": [0.85], "r2_low": [0.82], "r2_high": [0.88]}
        ),
        "national_changes": national, "rank_changes": own,
        "rank_tops": pd.DataFrame(
            {"tau": 10, "unit": units[:5], "may_be_best": [True, True, False, False, False],
             "may_be_worst": [False, False, False, True, True]}
        ),
        "method_ranks": pd.DataFrame({"unit": units[:2], "low": [1.0, 4.0], "high": [3.0, 9.0]}),
        "method_factors": pd.DataFrame({"factor": ["weights"], "zh": ["权重"], "en": ["weights"]}),
        "sensitivity": pd.DataFrame(
            {"factor": ["weights", "total.aggregate"], "total": [0.3, 0.8], "total_low": [0.2, 0.7],
             "total_high": [0.4, 0.9]}
        ),
        "topics": pd.DataFrame(
            [("", "", "smart", "智能化", "Smart service", 275.0, 0.38, "cases"),
             ("", "", "none", "未归入主题", "no topic", 13.0, 0.02, "cases")],
            columns=["by", "group", "topic", "zh", "en", "documents", "share", "table"],
        ),
        "keywords": pd.DataFrame(
            [("", "", 1, "案例", 723, 1.0, "cases"), ("", "", 2, "回访", 72, 0.1, "cases")],
            columns=["by", "group", "rank", "term", "documents", "share", "table"],
        ),
    }  # fmt: skip
    grades = results["grades"].assign(runner_up="A", p_runner_up=0.3)
    meta = {**results.meta, "slots": HOURS}
    return replace(results, meta=meta, tables={**results.tables, **tables, "grades": grades})
