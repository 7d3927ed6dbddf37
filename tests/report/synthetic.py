"""Synthetic results in the shape and size of real ones: 335 cities, ten grades.

`records_results` is an edition scored from records, `published_results` one that starts from
printed figures. Every city figure is drawn at random and says nothing about the city.
"""

from pathlib import Path

import numpy as np
import pandas as pd

import survey
from report.results import Results

GRADES = ["A+", "A", "B+", "B", "C+", "C", "D+", "D", "E+", "E"]
SIZES = [10, 33, 30, 60, 34, 72, 18, 35, 17, 26]
AUDIENCES = ["all", "citizen", "enterprise"]
SLOTS = {
    "s1": "工作日 9—12 时", "s2": "工作日 12—14 时", "s3": "工作日 14—18 时",
    "s4": "工作日 18—21 时", "s5": "周末白天", "s6": "夜间 21—次日 9 时",
}  # fmt: skip
TREE = [
    ("total", "", 0, "总分", "Total"),
    ("goal", "total", 1, "目标实现", "Goal attainment"),
    ("information", "goal", 2, "信息获取", "Getting information"),
    ("complaint", "goal", 2, "反馈/投诉", "Feedback and complaints"),
    ("process", "total", 1, "过程体验", "Process experience"),
    ("convenience", "process", 2, "便捷性", "Convenience"),
    ("efficiency", "process", 2, "高效性", "Efficiency"),
    ("standards", "process", 2, "规范性", "Service standards"),
    ("transparency", "process", 2, "透明性", "Transparency"),
    ("participation", "process", 2, "参与性", "Participation"),
    ("value", "total", 1, "价值创造", "Value creation"),
    ("value_hotline", "value", 2, "对政务热线部门", "For the hotline"),
    ("satisfaction", "value_hotline", 3, "满意度", "Satisfaction"),
    ("responsiveness", "value_hotline", 3, "回应性", "Responsiveness"),
    ("trust", "value_hotline", 3, "信任感", "Trust"),
    ("value_government", "value", 2, "对政府整体治理", "For government as a whole"),
    ("openness", "value_government", 3, "透明度", "Openness"),
    ("accountability", "value_government", 3, "责任性", "Accountability"),
    ("engagement", "value_government", 3, "参与度", "Engagement"),
    ("value_society", "value", 2, "对社会经济发展", "For society and economy"),
    ("equality", "value_society", 3, "平等感", "Equality"),
    ("mutual_aid", "value_society", 3, "互助感", "Mutual aid"),
    ("belonging", "value_society", 3, "认同感", "Belonging"),
    ("duty", "value_society", 3, "责任感", "Civic duty"),
    ("innovation", "total", 1, "服务创新", "Service innovation"),
    ("innovation_content", "innovation", 2, "服务内容创新", "New content"),
    ("innovation_method", "innovation", 2, "服务方式/方法创新", "New methods"),
]
PRINTED = {
    "goal": (3.83, 6.25, 3.84), "process": (6.01, 6.85, 6.02), "value": (6.86, 6.85, 6.85),
    "information": (4.94, 6.32, 4.94), "complaint": (2.50, 6.22, 2.52),
    "efficiency": (6.45, 7.63, 6.38), "standards": (8.06, 8.34, 8.06),
    "transparency": (4.60, 6.13, 4.61), "participation": (2.84, 4.83, 2.86),
    "value_hotline": (7.65, 7.31, 7.64), "value_government": (7.39, 6.78, 7.39),
    "value_society": (6.52, 6.57, 6.52),
}  # fmt: skip
"""Means of figures 1 to 12 of the 2021 report: all, citizens, enterprises."""


def records_results(simulated: bool = True, seed: int = 12345) -> Results:
    """Return results as of an edition scored from records."""
    rng = np.random.default_rng(seed)
    units, indicators = unit_table(), indicator_table()
    scores = _scores(units, indicators, rng)
    grades, probabilities = _grades(scores, rng)
    tables = {
        "units": units, "indicators": indicators, "scores": scores, "grades": grades,
        "grade_probabilities": probabilities, "means": _means(scores),
        "slots": _slots(rng), **_groups(units, grades, rng),
        "sample": pd.DataFrame(
            {
                "table": ["calls", "responses", "cases"], "records": [16080, 13400, 670],
                "units": [335, 335, 310], "shoppers": [40.0, np.nan, np.nan],
                "missing_share": [0.021, 0.034, 0.0],
            }
        ),
        "findings": pd.DataFrame(
            [("duplicate-call", "warning", "calls.csv", 812, "call_id", "unique", "C00810", "", 3)],
            columns=["check", "severity", "file", "row", "column", "expected", "got", "hint", "count"],
        ),
    }  # fmt: skip
    return Results(_meta("records", simulated), tables)


def published_results(seed: int = 2021) -> Results:
    """Return results as of an edition that has printed grades and means only."""
    rng = np.random.default_rng(seed)
    units = unit_table()
    order = rng.permutation(len(units))
    grades = pd.DataFrame(
        {
            "unit": units["unit"].to_numpy()[order], "grade": np.repeat(GRADES, SIZES),
            "rank": pd.array([pd.NA] * 335, dtype="Int64"),
            "rank_low": pd.array([pd.NA] * 335, dtype="Int64"),
            "rank_high": pd.array([pd.NA] * 335, dtype="Int64"),
            "score": np.nan, "score_low": np.nan, "score_high": np.nan, "p_grade": np.nan,
            "borderline": pd.array([pd.NA] * 335, dtype="boolean"),
        }
    )  # fmt: skip
    levels = {name: level for name, _, level, _, _ in TREE}
    means = pd.DataFrame(
        [
            (audience, name, levels[name], values[at], np.nan, np.nan, 335, "published")
            for at, audience in enumerate(AUDIENCES)
            for name, values in PRINTED.items()
        ],
        columns=["audience", "indicator", "level", "mean", "low", "high", "n", "source"],
    )
    audit = pd.DataFrame(
        [
            ("mean-within-parts", "图", name, f"{whole:.2f}", f"{min(parts):.2f}–{max(parts):.2f}",
             round(whole - min(max(whole, min(parts)), max(parts)), 2),
             "consistent" if min(parts) <= whole <= max(parts) else "contradiction", "核对", "check")
            for name, (whole, *parts) in PRINTED.items()
            if name != "complaint"
        ]
        + [("defined-but-unreported", "", "innovation", "", "", np.nan, "not-checkable", "未报告", "")],
        columns=["rule", "where", "subject", "printed", "recomputed", "gap", "verdict", "zh", "en"],
    )  # fmt: skip
    claims = pd.DataFrame(
        [
            (
                "coastal",
                "沿海城市好于内陆城市",
                "Coastal cities are ahead",
                "supported",
                "coastal",
                "{}",
            )
        ],
        columns=["claim", "zh", "en", "verdict", "evidence_factor", "figures"],
    )
    tables = {
        "units": units, "indicators": indicator_table(), "grades": grades, "means": means,
        "audit": audit, "claims": claims, **_groups(units, grades, rng),
    }  # fmt: skip
    return Results(_meta("published", simulated=False), tables)


def unit_table() -> pd.DataFrame:
    """Return 335 cities of the register."""
    path = Path(survey.__file__).parent / "data" / "cities.csv"
    table = pd.read_csv(path, dtype={"code": "string"}).head(335)
    return table.drop(columns="short").assign(sample=True)


def indicator_table() -> pd.DataFrame:
    """Return the 3+1 hierarchy below the total, all weights equal."""
    table = pd.DataFrame(TREE, columns=["indicator", "parent", "level", "zh", "en"])
    table = table[table["level"] > 0].reset_index(drop=True)
    innovative = table["indicator"].str.startswith("innovation")
    return table.assign(
        role=np.where(innovative, "innovation", "core"),
        definition_zh="定义", definition_en="definition", weight=1.0, weight_note="等权",
        order=range(1, len(table) + 1),
    )  # fmt: skip


def _meta(kind: str, simulated: bool) -> dict[str, object]:
    return {
        "edition": "demo" if simulated else "2021", "year": 2025 if simulated else 2021,
        "title": {"zh": "全国政务热线服务质量评估报告", "en": "National assessment of hotlines"},
        "simulated": simulated, "kind": kind, "units": 335, "level": 0.95, "replicates": 1000,
        "seed": 1, "scheme": {"zh": "按名次占比划分", "en": "by shares of ranks"},
        "sources": [{"id": "s", "zh": "合成数据", "en": "synthetic data"}],
        "slots": SLOTS, "versions": {"hotline-index": "0"},
    }  # fmt: skip


def _scores(
    units: pd.DataFrame, indicators: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    names = indicators["indicator"].tolist()
    names = ["total", *names]
    at = {name: place for place, name in enumerate(names)}
    quality = rng.normal(0, 0.9, len(units)) + 0.4 * units["coastal"].to_numpy(dtype=float)
    score = np.empty((len(units), 3, len(names)))
    for place, name in enumerate(names):
        mean, citizen, enterprise = PRINTED.get(name, (5.5, 6.0, 5.0))
        for column, middle in enumerate((mean, citizen, enterprise)):
            score[:, column, place] = middle + quality + rng.normal(0, 0.6, len(units))
    score = score.clip(0, 10)
    score[..., at["total"]] = score[..., [at["goal"], at["process"], at["value"]]].mean(axis=-1)
    index = pd.MultiIndex.from_product(
        [units["unit"], AUDIENCES, names], names=["unit", "audience", "indicator"]
    )
    table = pd.DataFrame({"score": score.ravel()}, index=index).reset_index()
    table["se"] = rng.uniform(0.15, 0.4, len(table))
    table["low"] = (table["score"] - 1.96 * table["se"]).clip(0, 10)
    table["high"] = (table["score"] + 1.96 * table["se"]).clip(0, 10)
    return table.assign(n=48, coverage=1.0)


def _means(scores: pd.DataFrame) -> pd.DataFrame:
    grouped = scores.groupby(["audience", "indicator"], sort=False)
    table = grouped.agg(mean=("score", "mean"), n=("score", "size")).reset_index()
    reach = 1.96 * grouped["se"].agg(lambda se: np.sqrt((se**2).sum()) / len(se)).to_numpy()
    table["low"], table["high"] = table["mean"] - reach, table["mean"] + reach
    table["level"] = table["indicator"].map({name: level for name, _, level, _, _ in TREE})
    return table.assign(source="scores")


def _grades(scores: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    total = scores.query("indicator == 'total' and audience == 'all'").reset_index(drop=True)
    total = total.sort_values("score", ascending=False, ignore_index=True)
    score = total["score"].to_numpy()
    drawn = score + rng.normal(0, 0.15, (400, len(score)))
    ranks = np.argsort(np.argsort(-drawn, axis=1), axis=1) + 1
    code = np.searchsorted(np.cumsum(SIZES), ranks, side="left")
    probability = np.stack([(code == g).mean(axis=0) for g in range(10)], axis=1)
    own = np.repeat(range(10), SIZES)
    low, high = np.percentile(ranks, [2.5, 97.5], axis=0).round().astype(int)
    place = np.arange(1, len(score) + 1)
    p_grade = probability[np.arange(len(score)), own]
    grades = pd.DataFrame(
        {
            "unit": total["unit"], "grade": np.repeat(GRADES, SIZES),
            "rank": pd.array(place, dtype="Int64"),
            "rank_low": pd.array(np.minimum(low, place), dtype="Int64"),
            "rank_high": pd.array(np.maximum(high, place), dtype="Int64"),
            "score": score, "score_low": score - 0.3, "score_high": score + 0.3,
            "p_grade": p_grade, "borderline": p_grade < 0.5,
        }
    )  # fmt: skip
    probabilities = pd.DataFrame(
        {
            "unit": np.repeat(total["unit"].to_numpy(), 10), "grade": GRADES * len(score),
            "probability": probability.ravel(),
        }
    )  # fmt: skip
    return grades, probabilities


def _groups(
    units: pd.DataFrame, grades: pd.DataFrame, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    merged = units.merge(grades[["unit", "grade"]], on="unit")
    merged["coastal"] = np.where(merged["coastal"], "沿海", "内陆")
    merged["commended"] = np.where(rng.random(len(merged)) < 0.2, "受表扬", "未受表扬")
    merged["points"] = 10 - merged["grade"].map(GRADES.index)
    shares, summaries, contrasts, comparisons = [], [], [], []
    for factor in ("region", "level", "coastal", "province", "commended"):
        for group, part in merged.groupby(factor):
            counts = part["grade"].value_counts().reindex(GRADES, fill_value=0)
            shares += [(factor, group, g, n, n / len(part)) for g, n in counts.items()]
            top = int(counts.iloc[:2].sum())
            middle = GRADES[10 - round(part["points"].median())]
            summaries.append(
                (factor, group, len(part), part["points"].mean(), middle, top, top / len(part))
            )
        if factor == "province":
            continue
        sizes = merged[factor].value_counts()
        reference = sizes.index[0]
        for group, n in sizes.iloc[1:].items():
            odds, reach = np.exp(rng.normal(0, 0.7)), np.exp(3 / np.sqrt(n))
            row = (odds, odds / reach, odds * reach, 0.04, 0.12) if n > 1 else (np.nan,) * 5
            contrasts.append((factor, group, reference, n, *row))
        comparisons.append(
            ("grade", factor, "kruskal-wallis", 8.1, 0.03, 0.06, "epsilon_squared", 0.02, 0.0, 0.05,
             len(merged), len(sizes), "slight", "多组秩和检验")
        )  # fmt: skip
    composition = merged["grade"].value_counts().reindex(GRADES, fill_value=0)
    return {
        "composition": pd.DataFrame(
            {
                "grade": GRADES, "n": composition.to_numpy(),
                "share": (composition / composition.sum()).to_numpy(),
                "published_n": np.nan, "published_share": np.nan,
            }
        ),
        "group_grades": pd.DataFrame(shares, columns=["factor", "group", "grade", "n", "share"]),
        "group_summary": pd.DataFrame(
            summaries,
            columns=["factor", "group", "n", "mean_position", "median_grade", "top_n", "top_share"],
        ),
        "contrasts": pd.DataFrame(
            contrasts,
            columns=["factor", "group", "reference", "n", "odds_ratio", "low", "high", "p", "p_adjusted"],
        ),
        "comparisons": pd.DataFrame(
            comparisons,
            columns=[
                "outcome", "factor", "test", "statistic", "p", "p_adjusted", "effect_name",
                "effect", "low", "high", "n", "groups", "verdict", "choice",
            ],
        ),
    }  # fmt: skip


def _slots(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for slot, label in SLOTS.items():
        for audience in ("citizen", "enterprise"):
            rate = rng.uniform(0.55, 0.95)
            reach = 1.96 * np.sqrt(rate * (1 - rate) / 300)
            median = rng.uniform(12, 40)
            rows.append(
                (slot, label, audience, 1340, round(1340 * rate), rate, rate - reach, rate + reach,
                 median, median * rng.uniform(2, 4))
            )  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["slot", "label", "audience", "n", "answered", "rate", "rate_low", "rate_high",
                 "wait_median", "wait_p90"],
    )  # fmt: skip
