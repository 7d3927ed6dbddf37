"""Small synthetic tables for the chapters on groups, calls, change, problems and certainty."""

from dataclasses import replace

import numpy as np
import pandas as pd

from report.results import Results

HOURS = {"s1": "08:00–10:00", "s2": "12:00–14:00"}


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


def with_tables(results: Results, **tables: pd.DataFrame) -> Results:
    return replace(results, tables={**results.tables, **tables})


def without(results: Results, *names: str) -> Results:
    return replace(results, tables={k: v for k, v in results.tables.items() if k not in names})


def full_results(records: Results) -> Results:
    """Return results that have every table the chapters can tell of."""
    units = records["units"]["unit"].tolist()
    tables = {**_groups(), **_calls(), **_changes(units), **_certainty(units), **_others(units)}
    made = with_tables(records, **tables)
    return replace(made, meta={**records.meta, "slots": HOURS})


def _groups() -> dict[str, pd.DataFrame]:
    test = "outcome factor test statistic p p_adjusted effect_name effect low high n groups verdict"
    gaps = (
        "outcome factor group n mean others_mean gap low high record_se effect p p_adjusted verdict"
    )
    audience = "indicator level first second n gap se low high p_adjusted effect verdict"
    return {
        "score_comparisons": frame(
            test,
            ("total", "region", "brown-forsythe", 3.1, 0.01, 0.02, "omega_squared", 0.11, 0.04, 0.2,
             335, 7, "clear"),
            ("total", "coastal", "welch-t", 3.3, 0.01, 0.02, "hedges_g", 0.49, 0.19, 0.79, 335, 2,
             "slight"),
        ),
        "group_contrasts": frame(
            gaps,
            ("total", "region", "华东", 77, 6.9, 6.3, 0.6, 0.2, 1.0, 0.04, 0.5, 0.001, 0.002, "clear"),
            ("total", "region", "西南", 54, 6.1, 6.6, -0.5, -0.9, -0.1, 0.04, -0.4, 0.01, 0.02, "slight"),
            ("total", "region", "西北", 51, 6.2, 6.6, -0.7, -1.6, 0.2, 0.04, -0.6, 0.01, 0.03, "clear"),
            ("total", "region", "华北", 36, 6.4, 6.5, -0.1, -0.8, 0.6, 0.05, -0.1, 0.6, 1.0, "none"),
            ("total", "coastal", "沿海", 53, 7.1, 6.4, 0.7, 0.3, 1.1, 0.05, 0.5, 0.01, 0.01, "slight"),
        ),
        "audience_gaps": frame(
            audience,
            ("total", 0, "citizen", "enterprise", 335, 1.1, 0.03, 1.0, 1.2, 0.0, 0.9, "clear"),
            ("complaint", 2, "citizen", "enterprise", 335, 3.7, 0.1, 3.5, 3.9, 0.0, 1.8, "clear"),
            ("transparency", 2, "citizen", "enterprise", 335, 1.5, 0.1, 1.3, 1.7, 0.0, 0.8, "clear"),
            ("value_hotline", 2, "citizen", "enterprise", 335, -0.3, 0.05, -0.4, -0.2, 0.0, -0.3,
             "slight"),
            ("standards", 2, "citizen", "enterprise", 335, 0.1, 0.1, -0.1, 0.3, 0.4, 0.1, "none"),
        ),
        "unit_audience_gaps": frame(
            "unit indicator verdict",
            ("北京", "total", "clear"), ("天津", "total", "none"), ("天津", "goal", "clear"),
        ),
    }  # fmt: skip


def _calls() -> dict[str, pd.DataFrame]:
    rate = "factor value n answered rate adjusted low high"
    odds = "factor value reference n answered odds_ratio low high p p_adjusted factor_p factor_p_adjusted"
    hazard = "factor value reference n answered hazard_ratio low high p p_adjusted"
    test = "factor n answered log_rank df log_rank_p p p_adjusted hazards_chi2 hazards_p"
    waits = "factor value n answered unanswered busy median median_low median_high"
    soon = [
        f"{kind}_{s}{end}"
        for s in (15, 30, 60)
        for kind, end in (("within", ""), ("within", "_low"), ("within", "_high"), ("observed", ""))
    ]
    shares = (0.16, 0.14, 0.18, 0.13, 0.39, 0.36, 0.41, 0.34, 0.64, 0.61, 0.67, 0.55)
    return {
        "connection_rates": frame(
            rate,
            ("slot", "s1", 900, 660, 0.733, 0.733, 0.70, 0.76),
            ("slot", "s2", 900, 560, 0.622, 0.622, 0.59, 0.65),
            ("audience", "citizen", 900, 690, 0.767, 0.767, 0.74, 0.79),
            ("audience", "enterprise", 900, 530, 0.589, 0.589, 0.56, 0.62),
            ("scenario", "complaint", 900, 611, 0.679, 0.679, 0.65, 0.71),
            ("scenario", "information", 900, 609, 0.677, 0.677, 0.65, 0.71),
        ),
        "connection_effects": frame(
            odds,
            ("slot", "s2", "s1", 900, 560, 0.60, 0.50, 0.72, 0.001, 0.001, 0.001, 0.002),
            ("audience", "enterprise", "citizen", 900, 530, 0.44, 0.36, 0.53, 0.001, 0.001, 0.001,
             0.002),
            ("scenario", "information", "complaint", 900, 609, 0.99, 0.82, 1.20, 0.92, 0.92, 0.92, 0.92),
        ),
        "waiting_summary": frame(
            f"{waits} {' '.join(soon)}",
            ("all", "all", 1650, 1220, 430, 150, 42.0, 39.0, 44.0, *shares),
            ("slot", "s1", 830, 660, 170, 70, 38.0, 34.0, 40.0, *shares),
            ("slot", "s2", 820, 560, 260, 80, 52.0, 48.0, 56.0, *shares),
            ("scenario", "complaint", 825, 611, 214, 75, 42.0, 39.0, 45.0, *shares),
            ("scenario", "information", 825, 609, 216, 75, 41.0, 38.0, 44.0, *shares),
        ),
        "waiting_tests": frame(
            test,
            ("slot", 1650, 1220, 50.0, 1, 0.001, 0.001, 0.002, 3.0, 0.2),
            ("scenario", 1650, 1220, 0.1, 1, 0.91, 0.93, 0.93, 0.4, 0.5),
        ),
        "waiting_hazards": frame(
            hazard, ("slot", "s2", "s1", 820, 560, 0.75, 0.69, 0.81, 0.001, 0.001),
        ),
        "statements": frame(
            "about zh en",
            ("connection", "对900条记录作逻辑回归。", "A logistic regression of 900 records."),
            ("waiting", "1650次拨测进入等候。", "1650 calls waited."),
            ("drivers", "满意度的差异中，85.0%可由2项指标解释。",
             "The 2 predictors account for 85.0% of the variation in Satisfaction."),
        ),
    }  # fmt: skip


def _changes(units: list[str]) -> dict[str, pd.DataFrame]:
    nation = "audience indicator n before after change low high p p_adjusted verdict basis"
    unit = "unit audience indicator before after change low high p p_adjusted verdict basis"
    rank = "unit rank_before rank_after moved low high p p_adjusted verdict"
    bridge = "n before after change dropped real reweighted added low high p p_adjusted verdict"
    return {
        "national_changes": frame(
            nation,
            ("citizen", "total", 330, 6.4, 6.6, 0.2, 0.1, 0.3, 0.001, 0.001, "rise", "same"),
            ("enterprise", "total", 330, 5.5, 5.5, 0.0, -0.1, 0.1, 0.9, 0.9, "unclear", "same"),
            ("all", "total", 330, 6.20, 6.48, 0.28, 0.2, 0.36, 0.001, 0.001, "rise", "same"),
            ("all", "goal", 330, 5.0, 5.4, 0.4, 0.3, 0.5, 0.001, 0.002, "rise", "same"),
            ("all", "process", 330, 6.3, 6.0, -0.3, -0.4, -0.2, 0.001, 0.002, "fall", "redefined"),
            ("all", "value", 330, 7.0, 7.0, 0.001, -0.1, 0.1, 0.9, 0.9, "unclear", "same"),
        ),
        "changes": frame(
            unit,
            (units[0], "all", "total", 6.0, 8.0, 2.0, 1.0, 3.0, 0.001, 0.002, "rise", "same"),
            (units[1], "all", "total", 6.0, 5.0, -1.0, -1.5, -0.5, 0.001, 0.002, "fall", "same"),
            (units[2], "all", "total", 6.0, 6.1, 0.1, -0.5, 0.7, 0.8, 0.9, "unclear", "same"),
        ),
        "rank_changes": frame(
            rank,
            (units[0], 291, 151, 140, 74.0, 205.0, 0.001, 0.01, "up"),
            (units[1], 20, 61, -41, -60.0, -12.0, 0.001, 0.01, "down"),
            (units[2], 7, 3, 4, -20.0, 22.0, 0.8, 0.9, "unclear"),
        ),
        "national_bridge": frame(
            bridge, (330, 6.2, 6.48, 0.28, -0.02, 0.25, 0.04, 0.01, 0.17, 0.33, 0.001, 0.001, "rise"),
        ),
        "item_fates": frame(
            "item fate", ("a", "common"), ("b", "common"), ("c", "changed"), ("d", "added"),
        ),
        "national_chain": frame(
            "edition n score link link_low link_high verdict chained",
            ("2022", 0, 6.0, np.nan, np.nan, np.nan, "", 5.9),
            ("2023", 330, 6.2, 0.33, 0.2, 0.4, "rise", 6.23),
            ("2024", 330, 6.48, 0.25, 0.17, 0.33, "rise", 6.48),
        ),
    }  # fmt: skip


def _certainty(units: list[str]) -> dict[str, pd.DataFrame]:
    return {
        "rank_variance": frame(
            "unit rank sd sampling shopper method se low high",
            (units[0], 4, 2.1, 0.9, 0.05, 0.05, 0.03, 2, 10),
            (units[1], 66, 15.8, 0.7, 0.1, 0.2, 0.03, 39, 102),
        ),
        "rank_sets": frame(
            "unit rank marginal_low marginal_high simultaneous_low simultaneous_high n_above n_below"
            " n_undecided",
            (units[0], 1, 1, 12, 1, 36, 0, 299, 35), (units[1], 2, 1, 22, 1, 40, 0, 295, 39),
        ),
        "rank_tops": frame(
            "tau unit may_be_best may_be_worst",
            (10, units[0], True, False), (10, units[1], False, True), (34, units[0], True, False),
            (34, units[1], True, False),
        ),
        "adjusted": frame(
            "unit score se adjusted adjusted_low adjusted_high reliability expected_rank",
            (units[0], 9.8, 0.1, 9.7, 9.4, 10.0, 0.98, 1.5), (units[1], 4.0, 0.4, 4.3, 3.6, 5.0, 0.88, 300.0),
        ),
        "grade_cuts": frame(
            "grade n least least_low least_high",
            ("A+", 10, 8.94, 8.84, 9.15), ("A", 33, 8.17, 8.05, 8.27), ("E", 26, np.nan, np.nan, np.nan),
        ),
        "method_ranks": frame(
            "unit rank low high median mean_shift better worse failed",
            (units[0], 1, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0), (units[1], 66, 40.0, 90.0, 66.0, 9.0, 0.4, 0.4, 0),
        ),
        "method_factors": frame(
            "factor option zh en option_zh option_en",
            ("goal.weight", None, "目标实现权重", "weight of Goal attainment", None, None),
            ("total.aggregate", "geometric", "总体合成方法", "average of the system", "几何平均",
             "geometric mean"),
        ),
        "method_options": frame(
            "factor option mean_shift max_shift moved tau lost",
            ("total.aggregate", "geometric", 4.7, 57.0, 0.815, 0.963, 0),
            ("goal.weight", "low", 2.3, 10.0, 0.845, 0.983, 0),
        ),
        "sensitivity": frame(
            "factor first first_low first_high total total_low total_high",
            ("weights", 0.16, 0.10, 0.22, 0.26, 0.23, 0.30),
            ("total.aggregate", 0.73, 0.65, 0.81, 0.83, 0.73, 0.92),
        ),
        "leave_one_out": frame(
            "indicator level mean_shift max_shift moved tau lost most_moved places",
            ("goal", 1, 14.3, 59.0, 0.97, 0.883, 0, units[3], 59),
            ("convenience", 2, 1.8, 10.0, 0.76, 0.987, 0, units[4], -10),
        ),
        "schemes": frame(
            "scheme grades kept kappa sure borderline pairs tau error adjacent same",
            ("edition", 10, 0.63, 0.57, 0.06, 0.22, 0.87, 0.81, 0.03, 0.13, 1.0),
            ("equal_steps", 8, 0.76, 0.70, 0.11, 0.02, 0.81, 0.77, 0.02, 0.06, 0.21),
            ("kmeans", 10, 0.59, 0.53, 0.02, 0.2, 0.89, 0.83, 0.03, 0.13, 0.78),
        ),
        "scheme_grades": frame(
            "unit edition equal_steps kmeans distinct",
            (units[0], "A+", "A+", "A+", 1), (units[1], "B", "C", "B", 2),
        ),
    }  # fmt: skip


def _others(units: list[str]) -> dict[str, pd.DataFrame]:
    funnel = (
        "factor measure unit peer peers value se n target z_plain z p p_adjusted band stands_out"
    )
    driver = "outcome audience indicator rank share share_low share_high direction"
    priority = (
        "unit indicator importance important score mean gap gap_low gap_high quadrant priority"
    )
    audit = "check where value rule_zh rule_en source verdict zh en"
    return {
        "funnel": frame(
            funnel,
            ("all", "total", units[0], "all", 335, 9.5, 0.2, np.nan, 6.5, 9.0, 4.1, 0.001, 0.01,
             "far_better", True),
            ("all", "total", units[1], "all", 335, 6.0, 0.2, np.nan, 6.5, -1.0, -0.5, 0.6, 0.9,
             "expected", False),
            ("level", "answered", units[2], "直辖市", 4, 0.4, np.nan, 24.0, 0.7, -5.0, -3.9, 0.001, 0.02,
             "far_worse", True),
        ),
        "drivers": frame(
            driver,
            ("satisfaction", "all", "convenience", 1, 0.24, 0.21, 0.27, "positive"),
            ("satisfaction", "all", "transparency", 2, 0.18, 0.16, 0.19, "unclear"),
        ),
        "priorities": frame(
            priority,
            (units[0], "convenience", 0.24, True, 5.0, 6.2, -1.2, -1.8, -0.6, "concentrate", 1),
            (units[0], "transparency", 0.18, True, 4.0, 5.4, -1.4, -2.0, -0.8, "concentrate", 2),
            (units[1], "convenience", 0.24, True, 5.5, 6.2, -0.7, -1.1, -0.3, "concentrate", 1),
            (units[1], "transparency", 0.18, True, 5.5, 5.4, 0.1, -0.6, 0.8, "unclear", None),
            (units[2], "convenience", 0.24, True, 7.5, 6.2, 1.3, 0.6, 2.0, "keep_up", None),
        ),
        "index_audit": frame(
            audit,
            ("coverage", "goal", 0.9, "覆盖率不低于80%", "coverage at least 80 %", "JRC", "pass",
             "覆盖率90.0%。", "Covered to 90.0%."),
            ("alpha", "trust", 0.4, "α不低于0.7", "alpha at least 0.7", "JRC", "fail", "α为0.40。",
             "Alpha 0.40."),
            ("alpha", "equality", 0.65, "α不低于0.7", "alpha at least 0.7", "JRC", "warn", "α为0.65。",
             "Alpha 0.65."),
        ),
        "cases": frame(
            "case_id unit kind title text score reviewers",
            ("k1", units[0], "content", "老年人专席", "为老年人设专席。", 9.5, 2),
            ("k2", units[0], "method", "智能派单", "派单用时缩短。", 9.0, 2),
            ("k3", units[1], "method", "视频坐席", "视频办理。", 9.0, 1),
            ("k4", units[2], "content", "夜间服务", None, np.nan, 0),
        ),
    }  # fmt: skip
