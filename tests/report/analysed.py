"""Synthetic results with the tables that the analysis leaves: gaps, waits, funnels, drivers, …

Every figure is drawn at random and says nothing about any city.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from synthetic import SLOTS, records_results

from report.results import Results

DRIVERS = ["convenience", "transparency", "efficiency", "participation", "information", "standards"]
SCHEMES = ["edition", "equal_shares", "equal_steps", "supported"]


@cache
def analysed_results(seed: int = 7) -> Results:
    """Return results of records with the tables of the analysis and of an edition before."""
    base = records_results()
    rng = np.random.default_rng(seed)
    tables = {
        "audience_gaps": gaps(base, rng), "waiting_curves": curves(rng),
        "connection_effects": connection(rng), **funnels(base, rng), **drivers(rng),
        **methods(base, rng), "schemes": schemes(rng), **changes(base, rng), "topics": topics(),
    }  # fmt: skip
    units = base["units"].assign(tier=rng.choice(["一线", "二线", "三线"], len(base["units"])))
    return replace(base, tables={**base.tables, "units": units, **tables})


def with_map(results: Results, folder: Path, approval: str | None = None) -> Results:
    """Return the results of an edition that names a small made-up map, written to `folder`."""
    path = folder / "map.geojson"
    path.write_text(json.dumps(made_up_map(), ensure_ascii=False), encoding="utf-8")
    source = {"path": str(path), "source": {"zh": "某图", "en": "A map"}, "approval": approval}
    return replace(results, meta={**results.meta, "map": source})


def made_up_map() -> dict[str, object]:
    """Return three squares that are provinces, an island in the south, and a dash line."""

    def square(west: float, south: float, side: float) -> list[list[list[float]]]:
        east, north = west + side, south + side
        return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]

    def feature(name: str, code: str, kind: str, places: object) -> dict[str, object]:
        geometry = {"type": kind, "coordinates": places}
        return {"type": "Feature", "properties": {"name": name, "gb": code}, "geometry": geometry}

    islands = [square(109, 18.5, 1.5), square(112, 9, 0.1)]
    return {
        "type": "FeatureCollection",
        "features": [
            feature("湖南省", "156430000", "Polygon", square(109, 25, 4)),
            feature("", "156360000", "Polygon", square(113, 25, 4)),
            feature("新疆维吾尔自治区", "", "Polygon", square(80, 38, 9)),
            feature("台湾省", "", "Polygon", square(120.5, 22, 1.5)),
            feature("海南省", "", "MultiPolygon", islands),
            feature("境界线", "", "MultiLineString", [[[118, 10], [119, 12]]]),
        ],
    }


def gaps(base: Results, rng: np.random.Generator) -> pd.DataFrame:
    tree = base["indicators"]
    names, levels = ["total", *tree["indicator"]], [0, *tree["level"]]
    gap = rng.normal(0.5, 1.2, len(names))
    reach = rng.uniform(0.05, 0.4, len(names))
    verdict = np.where(abs(gap) < reach, "none", np.where(abs(gap) < 1, "slight", "clear"))
    return pd.DataFrame(
        {
            "indicator": names, "level": levels, "first": "citizen", "second": "enterprise",
            "n": 335, "gap": gap, "low": gap - reach, "high": gap + reach, "verdict": verdict,
        }
    )  # fmt: skip


def curves(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for factor, values in (
        ("all", ["all"]), ("slot", list(SLOTS)), ("audience", ["citizen", "enterprise"]),
        ("scenario", [f"s{n}" for n in range(8)]),
    ):  # fmt: skip
        for at, value in enumerate(values):
            time = np.arange(0, 301, 4, dtype=float)
            survival = np.exp(-time / rng.uniform(40, 90))
            counts = np.round((1000 + 10 * at) * survival).astype(int)
            rows.append(
                pd.DataFrame(
                    {
                        "factor": factor, "value": value, "time": time, "survival": survival,
                        "low": survival * 0.95, "high": np.minimum(survival * 1.05, 1),
                        "at_risk": counts,
                    }
                )
            )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def connection(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for factor, reference, values in (
        ("slot", "s1", list(SLOTS)[1:]), ("audience", "citizen", ["enterprise"]),
    ):  # fmt: skip
        for value in values:
            odds = np.exp(rng.normal(0, 0.4))
            rows.append((factor, value, reference, 1340, 900, odds, odds / 1.2, odds * 1.2, 0.1))
    columns = ["factor", "value", "reference", "n", "answered", "odds_ratio", "low", "high", "p"]
    return pd.DataFrame(rows, columns=columns)


def funnels(base: Results, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    grades, units = base["grades"], base["units"]
    rows, limits = [], []
    for measure in ("total", "answered"):
        rate = measure == "answered"
        for factor in ("all", "level"):
            peer = (
                pd.Series("all", index=units.index) if factor == "all" else units["level"]
            ).set_axis(units["unit"])
            value = grades["score"] / (10 if rate else 1)
            table = pd.DataFrame(
                {
                    "factor": factor, "measure": measure, "unit": grades["unit"],
                    "peer": grades["unit"].map(peer), "value": value,
                    "se": np.nan if rate else rng.uniform(0.1, 0.5, len(grades)),
                    "n": rng.integers(22, 25, len(grades)) if rate else np.nan,
                    "target": value.mean(), "p_adjusted": rng.uniform(0.1, 1, len(grades)),
                    "band": rng.choice(["expected", "better", "far_worse"], len(grades)),
                }
            )  # fmt: skip
            table["stands_out"] = False
            if factor == "all" and not rate:
                table.loc[[0, 334], ["stands_out", "p_adjusted"]] = [True, 0.001]
            rows.append(table)
            for name in table["peer"].unique():
                at = np.array([22.0, 25.0]) if rate else np.linspace(0.1, 0.5, 20)
                spread = 0.3 * value.std() * (1 + (1 / at if rate else at))
                limits.append(
                    pd.DataFrame(
                        {
                            "factor": factor, "measure": measure, "peer": name,
                            "se": np.nan if rate else at, "n": at if rate else np.nan,
                            "target": value.mean(), "low_95": value.mean() - 2 * spread,
                            "high_95": value.mean() + 2 * spread,
                            "low_998": value.mean() - 3 * spread,
                            "high_998": value.mean() + 3 * spread,
                        }
                    )
                )  # fmt: skip
    return {
        "funnel": pd.concat(rows, ignore_index=True),
        "funnel_limits": pd.concat(limits, ignore_index=True),
    }


def drivers(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    share = np.sort(rng.dirichlet(np.full(len(DRIVERS), 6.0)))[::-1]
    table = pd.DataFrame(
        {
            "outcome": "satisfaction", "audience": "all", "indicator": DRIVERS,
            "rank": range(1, len(DRIVERS) + 1), "share": share, "share_low": share * 0.8,
            "share_high": share * 1.2,
            "direction": ["positive", "unclear"] * (len(DRIVERS) // 2),
        }
    )  # fmt: skip
    model = pd.DataFrame({"outcome": ["satisfaction"], "audience": ["all"], "r2": [0.853]})
    return {"drivers": table, "driver_model": model}


def methods(base: Results, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    own = base["grades"][["unit", "rank"]].astype({"rank": int})
    up, down = rng.integers(0, 20, len(own)), rng.integers(0, 30, len(own))
    shares = rng.dirichlet((9.0, 0.5, 1.0), len(own))
    shares[0] = np.nan
    kinds = ["sampling", "shopper", "method"]
    variance = own.assign(sd=rng.uniform(1, 40, len(own)))
    variance[kinds] = shares
    sensitivity = pd.DataFrame(
        {
            "factor": ["weights", "total.aggregate"], "first": [0.2, 0.7],
            "first_low": [0.1, 0.6], "first_high": [0.3, 0.8], "total": [0.3, 0.8],
            "total_low": [0.2, 0.7], "total_high": [0.4, 0.9],
        }
    )  # fmt: skip
    factors = pd.DataFrame(
        {"factor": ["total.aggregate"] * 2, "zh": ["总体合成方法"] * 2, "en": ["average"] * 2}
    )
    ranks = own.assign(
        low=(own["rank"] - up).clip(1), high=(own["rank"] + down).clip(upper=335),
        median=own["rank"].astype(float),
    )  # fmt: skip
    return {
        "method_ranks": ranks.sample(frac=1, random_state=1), "rank_variance": variance,
        "sensitivity": sensitivity, "method_factors": factors,
    }  # fmt: skip


def schemes(rng: np.random.Generator) -> pd.DataFrame:
    shares = rng.uniform(0.3, 0.9, (4, len(SCHEMES)))
    table = pd.DataFrame(dict(zip(("kept", "borderline", "pairs", "same"), shares, strict=True)))
    table.insert(0, "scheme", SCHEMES)
    table.insert(1, "grades", [10, 10, 8, 4])
    table.loc[0, "same"], table.loc[3, "same"] = 1.0, np.nan
    return table


def changes(base: Results, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    names = ["total", *base["indicators"]["indicator"]]
    change = rng.normal(0, 0.3, len(names))
    national = pd.DataFrame(
        {
            "audience": "all", "indicator": names, "n": 335, "change": change,
            "low": change - 0.2, "high": change + 0.2,
            "verdict": np.where(change > 0.2, "rise", np.where(change < -0.2, "fall", "unclear")),
            "basis": ["same", *["redefined"] * 2, *["same"] * (len(names) - 3)],
        }
    )  # fmt: skip
    units = base["units"]["unit"].tolist()
    before, after = rng.permutation(335) + 1, rng.permutation(335) + 1
    moved = before - after
    ranks = pd.DataFrame(
        {
            "unit": units, "rank_before": before, "rank_after": after, "moved": moved,
            "low": moved - 30.0, "high": moved + 30.0,
            "verdict": np.select([moved > 150, moved < -150], ["up", "down"], "unclear"),
        }
    )  # fmt: skip
    return {"national_changes": national, "rank_changes": ranks}


def topics() -> pd.DataFrame:
    rows = [
        (by, group, topic, zh, en, n, n / 100, "cases")
        for by, group, counts in (
            ("", "", (80, 40, 0, 9)), ("kind", "content", (50, 10, 0, 5)),
            ("kind", "method", (30, 30, 0, 4)),
        )
        for (topic, zh, en), n in zip(
            (
                ("smart", "智能化与数据应用", "Smart service"), ("joint", "协同联动", "Joint work"),
                ("housing", "住房与物业", "Housing"), ("none", "未归入主题", "no topic"),
            ),
            counts,
            strict=True,
        )
    ]  # fmt: skip
    columns = ["by", "group", "topic", "zh", "en", "documents", "share", "table"]
    return pd.DataFrame(rows, columns=columns)
