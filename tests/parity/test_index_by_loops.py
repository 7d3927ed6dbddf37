"""A whole index by plain loops: 50 units, 50 indicators, 3 levels, matched to 1e-12.

The reference below shares nothing with the engine: lists, dictionaries and `math`, one unit after
another, written from the documented meaning of each setting. A missing figure is None.
"""

import math
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

EXACT = 1e-12
Row = dict[str, Any]
Column = list[float | None]


# Reference: averages -----------------------------------------------------------------------------
def ref_average(method: Any, values: Column, weights: list[float]) -> float | None:
    held = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None and w > 0]
    total = sum(w for _, w in held)
    if not total:
        return None
    parts = [(v, w / total) for v, w in held]
    if method == "minimum":
        return min(v for v, _ in parts)
    if method == "median":
        return ref_median(sorted(parts))
    if isinstance(method, dict) and "owa" in method:
        return ref_owa(method["owa"], sorted(parts, reverse=True))
    power = {"arithmetic": 1, "geometric": 0, "harmonic": -1}.get(
        method if isinstance(method, str) else ""
    )
    power = method["power"] if power is None else power
    if power <= 0 and any(v == 0 for v, _ in parts):
        return 0.0
    if power == 0:
        return math.exp(sum(w * math.log(v) for v, w in parts))
    return sum(w * v**power for v, w in parts) ** (1 / power)


def ref_median(parts: list[tuple[float, float]]) -> float:
    reached, middle = 0.0, []
    for value, share in parts:
        if reached <= 0.5 + 1e-9 and reached + share >= 0.5 - 1e-9:
            middle.append(value)
        reached += share
    return sum(middle) / len(middle)


def ref_owa(owa: list[float], parts: list[tuple[float, float]]) -> float:
    n = len(owa)

    def quantity(at: float) -> float:
        full = min(int(at * n + 1e-12), n)
        rest = (at * n - full) * owa[full] if full < n else 0.0
        return (sum(owa[:full]) + rest) / sum(owa)

    mean = reached = 0.0
    for value, share in parts:
        mean += value * (quantity(reached + share) - quantity(reached))
        reached += share
    return mean


# Reference: figures ------------------------------------------------------------------------------
def there(values: Column) -> list[float]:
    return [v for v in values if v is not None]


def ref_moments(values: Column) -> tuple[float, float]:
    x = there(values)
    n, m = len(x), sum(there(values)) / len(x)
    s2, s3, s4 = (sum((v - m) ** k for v in x) for k in (2, 3, 4))
    skew = math.sqrt(n) * s3 / s2**1.5 * math.sqrt(n * (n - 1)) / (n - 2)
    return skew, ((n + 1) * (n * s4 / s2**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def ref_passes(values: Column, how: dict[str, Any]) -> bool:
    skew, kurtosis = ref_moments(values)
    return abs(skew) < how.get("skewness", 2.0) or kurtosis < how.get("kurtosis", 3.5)


def ref_winsorised(values: Column, how: dict[str, Any]) -> Column:
    changed = list(values)
    while not ref_passes(changed, how):
        right = ref_moments(changed)[0] > 0
        held = there(changed)
        extreme = max(held) if right else min(held)
        rest = [v for v in held if v != extreme]
        moved = [new != old or new == extreme for new, old in zip(changed, values, strict=True)]
        if not rest or sum(moved) > how.get("winsorise", 5):
            break
        stand_in = max(rest) if right else min(rest)
        changed = [stand_in if v == extreme else v for v in changed]
    return changed


def ref_shifted(values: Column, left: bool) -> tuple[Column, int]:
    sign = -1 if left else 1
    mirrored = [sign * v for v in there(values)]
    low, extent = min(mirrored), max(mirrored) - min(mirrored)
    return [None if v is None else sign * v - low + 0.01 * extent for v in values], sign


def ref_transformed(values: Column, name: str) -> Column:
    shifted, sign = ref_shifted(values, ref_moments(values)[0] < 0)
    power = 0.0 if name == "log" else ref_box_cox_power(there(shifted))

    def changed(v: float) -> float:
        return math.log(v) if abs(power) < 1e-12 else (v**power - 1) / power

    return [None if v is None else sign * changed(v) for v in shifted]


def ref_box_cox_power(x: list[float]) -> float:
    logs = sum(math.log(v) for v in x)

    def likelihood(power: float) -> float:
        y = [math.log(v) if abs(power) < 1e-12 else (v**power - 1) / power for v in x]
        mean = sum(y) / len(y)
        return (power - 1) * logs - len(x) / 2 * math.log(sum((v - mean) ** 2 for v in y) / len(y))

    low, high, golden = -3.0, 3.0, (math.sqrt(5) - 1) / 2
    for _ in range(80):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (left, high) if likelihood(left) < likelihood(right) else (low, right)
    return (low + high) / 2


def ref_treated(values: Column, how: Any) -> Column:
    if how == "none":
        return values
    if how in ("log", "boxcox"):
        return ref_transformed(values, how)
    how = {} if how == "auto" else how
    if ref_passes(values, how):
        return values
    drawn = ref_winsorised(values, how)
    if ref_passes(drawn, how) or how.get("then", "log") == "none":
        return drawn
    return ref_transformed(values, how.get("then", "log"))


def ref_points(rule: dict[str, Any], values: Column, rows: list[Row], name: str) -> Column:
    """Place figures; `values` are those of `rows`."""
    sign = 1 if rule.get("direction", "higher") == "higher" else -1
    signed = [None if v is None else sign * v for v in values]
    held = there(signed)
    low, high, n = min(held), max(held), len(held)
    worst = low

    def each(place: Any) -> Column:
        return [None if v is None else place(v, row) for v, row in zip(signed, rows, strict=True)]

    if "minmax" in rule:
        least, most = rule["minmax"]
        return each(lambda v, _: least + (v - low) / (high - low) * (most - least))
    if "zscore" in rule:
        centre, step = rule["zscore"]
        mean = sum(held) / n
        spread = math.sqrt(sum((v - mean) ** 2 for v in held) / (n - 1))
        return each(lambda v, _: centre + step * (v - mean) / spread)
    if "ranked" in rule:
        return each(lambda v, _: ref_ranked(rule["ranked"], v, held))
    if "target" in rule:
        worst = sign * rule["worst"] if "worst" in rule else low

        def to_target(v: float, row: Row) -> float | None:
            own = row[name + ".target"] if rule["target"] == "own" else rule["target"]
            if own is None:
                return None
            if v >= sign * own:
                return 10.0
            return 10 * (v - worst) / (sign * own - worst) if sign * own > worst else 0.0

        return each(to_target)
    if "reference" in rule:
        if rule["reference"] == "mean":
            mark = sum(held) / n
        elif rule["reference"] == "median":
            middle = sorted(held)
            mark = (middle[(n - 1) // 2] + middle[n // 2]) / 2
        else:
            at = [i for i, row in enumerate(rows) if row["unit"] == rule["reference"]]
            mark = next(
                signed[i] for i in sorted(at, key=lambda i: rows[i].get("period", ""))[::-1]
            )
        return each(lambda v, _: 10.0 if v >= mark else 10 * (v - low) / (mark - low))
    if "maximum" in rule:
        return each(lambda v, _: rule["maximum"] * (v / high if sign > 0 else high / v))
    return [ref_goalposts(rule, None if v is None else sign * v) for v in signed]


def ref_ranked(how: str, value: float, held: list[float]) -> float:
    worse, tied = sum(o < value for o in held), sum(o == value for o in held)
    if how == "percentile":
        return 10 * worse / (len(held) - 1)
    if how == "borda":
        return 10 * (worse + (tied - 1) / 2) / (len(held) - 1)
    return 10 * (worse + (tied + 1) / 2) / len(held)


def ref_goalposts(rule: dict[str, Any], value: float | None) -> float | None:
    low, high = rule["goalposts"]
    if value is None:
        return None
    if rule.get("log"):
        low, high, value = math.log(low), math.log(high), math.log(value)
    share = (value - low) / (high - low)
    return 10 * (share if rule.get("direction", "higher") == "higher" else 1 - share)


def ref_figures(
    spec: dict[str, Any], units: list[str], rows: list[Row], items: list[Row]
) -> dict[str, dict[str, tuple[float | None, bool]]]:
    """By item and unit, points (0 to 10) and whether the figure was imputed."""
    settings = spec.get("figures", {})
    rows = [row for row in rows if row["unit"] in units]
    periods = sorted({row["period"] for row in rows if row.get("period")})
    wanted = settings.get("period") or (periods[-1] if periods else None)
    scored = [row.get("period") == wanted for row in rows]
    columns: dict[str, Column] = {}
    for item in items:
        name = item.get("column", item["id"])
        columns[item["id"]] = [
            row[name]
            if not item.get("denominator") or row[name] is None
            else None
            if not row[item["denominator"]]
            else row[name] / row[item["denominator"]]
            for row in rows
        ]
    screen = settings.get("screen", {})
    for at in range(len(rows)):
        own = [columns[item["id"]][at] for item in items]
        present = sum(v is not None for v in own) / len(own)
        nonzero = sum(bool(v) for v in own) / max(sum(v is not None for v in own), 1)
        few = present < screen.get("present", 0) or nonzero < screen.get("nonzero", 0)
        if scored[at] and few:
            for item in items:
                columns[item["id"]][at] = None
    guessed = {item["id"]: ref_imputed(settings, rows, scored, columns, item) for item in items}
    for item in items:
        columns[item["id"]] = [
            v if stand_in is None else stand_in
            for v, stand_in in zip(columns[item["id"]], guessed[item["id"]], strict=True)
        ]
    found: dict[str, dict[str, tuple[float | None, bool]]] = {}
    for item in items:
        rule = item["rule"]
        seen = [at for at in range(len(rows)) if scored[at] or rule.get("over") == "all"]
        values = [columns[item["id"]][at] for at in seen]
        values = ref_treated(values, item.get("treat", settings.get("treat", "none")))
        points = ref_points(
            rule, values, [rows[at] for at in seen], item.get("column", item["id"])
        )  # fmt: skip
        found[item["id"]] = {
            rows[at]["unit"]: (
                None if p is None else min(max(p, 0.0), 10.0), guessed[item["id"]][at] is not None
            )
            for at, p in zip(seen, points, strict=True)
            if scored[at]
        }  # fmt: skip
    return found


def ref_imputed(
    settings: Row, rows: list[Row], scored: list[bool], columns: dict[str, Column], item: Row
) -> Column:
    """What stands in for each missing figure."""
    how = settings.get("impute")
    values = columns[item["id"]]
    stand_in: Column = [None] * len(rows)
    for at, row in enumerate(rows):
        kept = any(column[at] is not None for column in columns.values())
        if not how or not scored[at] or values[at] is not None or not kept:
            continue
        if how["impute"] == "last":
            earlier = [
                (other["period"], v) for other, v in zip(rows, values, strict=True)
                if other["unit"] == row["unit"] and v is not None and other["period"] < row["period"]
            ]  # fmt: skip
            stand_in[at] = max(earlier)[1] if earlier else None
            continue
        group = how.get("by")
        alike = sorted(
            v for k, v in enumerate(values)
            if v is not None and scored[k] and (not group or rows[k][group] == row[group])
        )  # fmt: skip
        if alike and how["impute"] == "mean":
            stand_in[at] = sum(alike) / len(alike)
        elif alike:
            stand_in[at] = (alike[(len(alike) - 1) // 2] + alike[len(alike) // 2]) / 2
    return stand_in


# Reference: records and the tree -----------------------------------------------------------------
def ref_answer(rule: dict[str, Any], answer: Any) -> float | None:
    if answer is None:
        return None
    if "likert" in rule:
        worst, best = rule["likert"]
        return (answer - worst) / (best - worst) * 10
    if "binary" in rule:
        return 10.0 if answer == rule["binary"][0] else 0.0
    return float(rule["map"][answer])


def ref_records(item: Row, rows: list[Row], audience: str | None) -> float | None:
    total = weights = 0.0
    for row in rows:
        points = ref_answer(item["rule"], row[item["id"]])
        asked = all(row[name] in values for name, values in item.get("where", {}).items())
        mine = audience is None or row["audience"] == audience
        if mine and asked and points is not None:
            total += row.get("weight", 1.0) * points
            weights += row.get("weight", 1.0)
    return total / weights if weights else None


Cell = tuple[float | None, float, bool]
"""Score, coverage, whether it applies."""


class Reference:
    """Scores of every node, audience and unit."""

    def __init__(self, spec: dict[str, Any], units: list[str], tables: dict[str, list[Row]]):
        self.spec, self.units, self.tables = spec, units, tables
        self.scale = spec.get("scale", 10)
        self.audiences = list(spec.get("audiences", {}))
        items = [item for node in self.walk(spec) for item in node.get("items", ())]
        figures = [item for item in items if item["table"] == "figures"]
        self.figures = (
            ref_figures(spec, units, tables["figures"], figures) if "figures" in tables else {}
        )
        self.responses: dict[str, list[Row]] = {unit: [] for unit in units}
        for row in tables.get("responses", ()):
            self.responses[row["unit"]].append(row)
        self.cells: dict[tuple[str, str], list[Cell]] = {}
        self.weights: dict[str, list[float]] = {}
        self.total()

    def walk(self, node: Row) -> list[Row]:
        below = [deeper for child in node.get("children", ()) for deeper in self.walk(child)]
        return [node, *below]

    def total(self) -> None:
        self.node({**self.spec, "id": "total"})

    def node(self, node: Row) -> None:
        for child in node.get("children", ()):
            self.node(child)
        core = [c for c in node.get("children", ()) if not c.get("bonus")]
        parts = core or node.get("items", [])
        overall = [[self.overall(part, k) for part in parts] for k in range(len(self.units))]
        self.weights[node["id"]] = ref_weights(
            node.get("weights", "given"), [float(p.get("weight", 1)) for p in parts], overall
        )
        for audience in (*self.audiences, "all"):
            self.cells[node["id"], audience] = [
                self.cell(node, parts, audience, k) for k in range(len(self.units))
            ]

    def overall(self, part: Row, k: int) -> float | None:
        if "table" not in part:
            return self.cells[part["id"], "all"][k][0]
        if part["table"] == "figures" or not self.audiences:
            return self.item(part, "all", k)[0]
        means = [self.item(part, audience, k)[0] for audience in self.audiences]
        shares = [float(a.get("weight", 1)) for a in self.spec["audiences"].values()]
        return ref_average("arithmetic", means, shares)

    def item(self, item: Row, audience: str, k: int) -> Cell:
        unit = self.units[k]
        addressed = item["table"] == "responses" and bool(self.audiences)
        if addressed == (audience == "all"):
            return None, 0.0, False
        if addressed and audience not in item.get("where", {}).get("audience", self.audiences):
            return None, 0.0, False
        if item["table"] == "figures":
            points, guessed = self.figures[item["id"]].get(unit, (None, False))
        else:
            one = audience if addressed else None
            points, guessed = ref_records(item, self.responses[unit], one), False
        value = None if points is None else points * self.scale / 10
        return value, float(value is not None and not guessed), True

    def cell(self, node: Row, parts: list[Row], audience: str, k: int) -> Cell:
        addressed = parts[0].get("table") == "responses" and bool(self.audiences)
        if audience == "all" and addressed:
            cells = [self.cells[node["id"], name][k] for name in self.audiences]
            shares = [float(a.get("weight", 1)) for a in self.spec["audiences"].values()]
            method = self.spec.get("across_audiences", "arithmetic")
            return self.combined(node, method, cells, shares, across=True)
        if "table" in parts[0]:
            cells = [self.item(part, audience, k) for part in parts]
            method = node.get("aggregate", "arithmetic")
        else:
            cells = [self.cells[part["id"], audience][k] for part in parts]
            method = node.get("aggregate", self.spec.get("aggregate", "arithmetic"))
        score, coverage, applies = self.combined(node, method, cells, self.weights[node["id"]])
        for child in node.get("children", ()):
            extra = self.cells[child["id"], audience][k][0] if child.get("bonus") else None
            if score is not None and extra is not None:
                score = min(score + extra / self.scale * child["bonus"], self.scale)
        return score, coverage, applies

    def combined(
        self, node: Row, method: Any, cells: list[Cell], weights: list[float], across: bool = False
    ) -> Cell:
        policy = node.get("missing", self.spec.get("missing", "rescale"))
        least = node.get("minimum_coverage", self.spec.get("minimum_coverage", 0.5))
        live = [w if applies else 0.0 for w, (_, _, applies) in zip(weights, cells, strict=True)]
        total = sum(live)
        seen = sum(w * c for w, (s, c, _) in zip(live, cells, strict=True) if s is not None)
        coverage = seen / total if total else 0.0
        values = [s for s, _, _ in cells]
        if policy == "worst" and not across:
            values = [0.0 if s is None and a else s for s, _, a in cells]
        mean = ref_average(method, values, live)
        gap = any(w > 0 and s is None for w, (s, _, _) in zip(live, cells, strict=True))
        if coverage < least - 1e-6 or (policy == "no_score" and gap):
            mean = None
        return mean, coverage, any(applies for *_, applies in cells)


# Reference: weights from data --------------------------------------------------------------------
def ref_weights(method: str, given: list[float], rows: list[Column]) -> list[float]:
    if method == "given":
        return given
    if method == "equal" or len(given) == 1:
        return [1.0] * len(given)
    full = [list(row) for row in zip(*[r for r in rows if None not in r], strict=True)]
    raw = {"entropy": ref_entropy, "critic": ref_critic, "pca": ref_pca}[method](full)
    return [w / sum(raw) for w in raw]


def ref_entropy(columns: list[list[float]]) -> list[float]:
    raw = []
    for column in columns:
        shares = [x / sum(column) for x in column if x > 0]
        raw.append(1 + sum(p * math.log(p) for p in shares) / math.log(len(column)))
    return raw


def ref_correlation(a: list[float], b: list[float]) -> float:
    ma, mb = sum(a) / len(a), sum(b) / len(b)
    top = sum((x - ma) * (y - mb) for x, y in zip(a, b, strict=True))
    return top / math.sqrt(sum((x - ma) ** 2 for x in a) * sum((y - mb) ** 2 for y in b))


def ref_critic(columns: list[list[float]]) -> list[float]:
    raw = []
    for column in columns:
        scaled = [(x - min(column)) / (max(column) - min(column)) for x in column]
        mean = sum(scaled) / len(scaled)
        spread = math.sqrt(sum((x - mean) ** 2 for x in scaled) / (len(scaled) - 1))
        raw.append(spread * sum(1 - ref_correlation(column, other) for other in columns))
    return raw


def ref_pca(columns: list[list[float]]) -> list[float]:
    size = len(columns)
    matrix = [[ref_correlation(a, b) for b in columns] for a in columns]
    values, vectors = ref_jacobi(matrix)
    order = sorted(range(size), key=lambda k: -values[k])
    kept = max(sum(v > 1 and v / size >= 0.1 for v in values), 1)
    while sum(values[k] for k in order[:kept]) / size < 0.6:
        kept += 1
    loadings = [[vectors[i][k] * math.sqrt(values[k]) for k in order[:kept]] for i in range(size)]
    return [max(x**2 for x in row) for row in ref_varimax(loadings)]


def ref_jacobi(matrix: list[list[float]]) -> tuple[list[float], list[list[float]]]:
    """Eigenvalues and eigenvectors (in columns) of a symmetric matrix."""
    size = len(matrix)
    a = [row[:] for row in matrix]
    v = [[float(i == j) for j in range(size)] for i in range(size)]
    for _ in range(60):
        for p in range(size):
            for q in range(p + 1, size):
                if abs(a[p][q]) < 1e-18:
                    continue
                angle = 0.5 * math.atan2(2 * a[p][q], a[q][q] - a[p][p])
                c, s = math.cos(angle), math.sin(angle)
                for k in range(size):
                    a[k][p], a[k][q] = c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]
                for k in range(size):
                    a[p][k], a[q][k] = c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]
                    v[k][p], v[k][q] = c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]
    return [a[k][k] for k in range(size)], v


def ref_varimax(loadings: list[list[float]]) -> list[list[float]]:
    """Kaiser's rotation in planes, of normalised rows."""
    lengths = [math.sqrt(sum(x**2 for x in row)) for row in loadings]
    rows = [[x / h for x in row] for row, h in zip(loadings, lengths, strict=True)]
    n, factors = len(rows), len(rows[0])
    for _ in range(200 if factors > 1 else 0):
        for p in range(factors):
            for q in range(p + 1, factors):
                u = [row[p] ** 2 - row[q] ** 2 for row in rows]
                w = [2 * row[p] * row[q] for row in rows]
                top = 2 * sum(x * y for x, y in zip(u, w, strict=True)) - 2 * sum(u) * sum(w) / n
                bottom = sum(x**2 - y**2 for x, y in zip(u, w, strict=True))
                bottom -= (sum(u) ** 2 - sum(w) ** 2) / n
                angle = math.atan2(top, bottom) / 4
                c, s = math.cos(angle), math.sin(angle)
                for row in rows:
                    row[p], row[q] = c * row[p] + s * row[q], c * row[q] - s * row[p]
    return [[x * h for x in row] for row, h in zip(rows, lengths, strict=True)]


# Random indices ----------------------------------------------------------------------------------
UNITS = [f"u{i:02d}" for i in range(50)]
GROUPS = {unit: "ABCD"[i % 4] for i, unit in enumerate(UNITS)}
ITEMS = 50


def words(**fields: Any) -> Row:
    return {"zh": "字", "en": "word", **fields}


def random_figures(seed: int, periods: int = 1, missing: float = 0.1) -> list[Row]:
    draw = random.Random(seed)
    rows = []
    for period in range(periods):
        for unit in UNITS:
            row: Row = {"unit": unit, "group": GROUPS[unit], "pop": draw.uniform(1, 9)}
            if periods > 1:
                row["period"] = f"{2019 + period}"
            for at in range(ITEMS):
                spread = 0.3 + 1.5 * (at % 5 == 0)
                value: float | None = round(draw.lognormvariate(1, spread), 3)
                if at % 7 == 3:
                    value = float(draw.randint(0, 6))
                if at % 10 == 9:
                    value = -value
                row[f"f{at}"] = None if draw.random() < missing else value
                row[f"f{at}.target"] = draw.uniform(1, 8)
            rows.append(row)
    draw.shuffle(rows)
    return rows


def random_responses(seed: int, audiences: list[str]) -> list[Row]:
    draw = random.Random(seed)
    rows = []
    for _ in range(600):
        row: Row = {"unit": draw.choice(UNITS), "audience": draw.choice([*audiences, "none"])}
        row |= {"weight": draw.uniform(0.5, 2), "mode": draw.choice(["phone", "web"])}
        for at in range(10):
            answer: Any = draw.choice([1, 2, 3, 4, 5])
            if at % 3 == 1:
                answer = draw.choice(["yes", "no"])
            if at % 3 == 2:
                answer = draw.choice(["good", "fair", "poor"])
            row[f"r{at}"] = None if draw.random() < 0.2 else answer
        rows.append(row)
    return rows


def figure(at: int, **fields: Any) -> Row:
    return words(id=f"f{at}", table="figures") | fields


def tree(items: list[Row], draw: random.Random, weights: str = "given") -> list[Row]:
    """Ten indicators of the items, two below each of five."""

    def node(name: str, **fields: Any) -> Row:
        own = {} if weights != "given" else {"weight": round(draw.uniform(0.2, 3), 2)}
        return words(id=name, weights=weights, **own, **fields)

    leaves = [node(f"b{k}", items=items[5 * k : 5 * k + 5]) for k in range(10)]
    return [node(f"a{k}", children=leaves[2 * k : 2 * k + 2]) for k in range(5)]


def random_items(draw: random.Random, rule: Row | None = None, weighted: bool = True) -> list[Row]:
    items = []
    for at in range(ITEMS):
        direction = draw.choice(["higher", "lower"])
        own = {"weight": round(draw.uniform(0.2, 3), 2)} if weighted else {}
        items.append(
            figure(at, rule={**(rule or {"minmax": [0, 10]}), "direction": direction}, **own)
        )
    return items


def index(children: list[Row], **settings: Any) -> Row:
    title = {"title": {"zh": "字", "en": "word"}, "source": {"zh": "字", "en": "word"}}
    return {"id": "s", **title, "children": children, **settings}


def frame_of(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=pd.RangeIndex(2, len(rows) + 2, name="row"))


def scored(spec: Row, tables: dict[str, list[Row]]) -> Scores:
    known = pd.DataFrame({"group": GROUPS})
    records = Records({name: frame_of(rows) for name, rows in tables.items()})
    return score(records, System.model_validate(spec), UNITS, known)[0]


def assert_same(spec: Row, tables: dict[str, list[Row]], tolerance: float = EXACT) -> Scores:
    found, expected = scored(spec, tables), Reference(spec, UNITS, tables)
    compared = 0
    for (name, audience), cells in expected.cells.items():
        at, node = found.audience_index(audience), found.hierarchy.index(name)
        scores = np.array([np.nan if s is None else s for s, _, _ in cells])
        coverage = np.array([c for _, c, _ in cells])
        told = f"{name}, {audience}"
        assert found.score[:, at, node] == pytest.approx(
            scores, abs=tolerance * expected.scale, nan_ok=True
        ), told
        assert found.coverage[:, at, node] == pytest.approx(coverage, abs=EXACT), told
        assert found.applies[:, at, node].tolist() == [a for *_, a in cells], told
        compared += int(np.isfinite(scores).sum())
    assert compared > 100
    return found


AVERAGES = [
    "arithmetic", "geometric", "harmonic", "minimum", "median", {"power": 2}, {"power": -3},
    {"power": 0.5}, {"power": 0},
]  # fmt: skip


@pytest.mark.parametrize("method", AVERAGES, ids=str)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_average(method, seed):
    draw = random.Random(seed)
    children = tree(random_items(draw), draw)
    for node in children:
        for leaf in node["children"]:
            leaf["aggregate"] = method
    assert_same(index(children, aggregate=method), {"figures": random_figures(seed)})


@pytest.mark.parametrize("weighted", [True, False])
def test_ordered_averages(weighted):
    draw = random.Random(7)
    children = tree(random_items(draw, weighted=weighted), draw, "given" if weighted else "equal")
    for node in children:
        node["aggregate"] = {"owa": [3, 1]}
        for leaf in node["children"]:
            leaf["aggregate"] = {"owa": [draw.uniform(0, 2) for _ in range(5)]}
    spec = index(children, aggregate={"owa": [1, 0, 2, 0, 1]})
    assert_same(spec, {"figures": random_figures(7)})


@pytest.mark.parametrize("seed", range(6))
def test_everything_different_for_each_indicator(seed):
    draw = random.Random(100 + seed)
    children = tree(random_items(draw, {"minmax": [1, 10]}), draw)
    leaves = [leaf for node in children for leaf in node["children"]]
    for node in [*children, *leaves]:
        node["aggregate"] = draw.choice(AVERAGES)
        node["missing"] = draw.choice(["rescale", "worst", "no_score"])
        node["minimum_coverage"] = draw.choice([0, 0.3, 0.6, 0.8, 1])
    spec = index(
        children, aggregate=draw.choice(AVERAGES), scale=draw.choice([1, 5, 10, 100]),
        missing=draw.choice(["rescale", "worst", "no_score"]), minimum_coverage=0.2,
    )  # fmt: skip
    assert_same(spec, {"figures": random_figures(seed, missing=0.08 if seed % 2 else 0.3)})


@pytest.mark.parametrize("policy", ["rescale", "worst", "no_score"])
@pytest.mark.parametrize("coverage", [0, 0.5, 0.75, 1])
def test_missing_policies_and_coverage(policy, coverage):
    draw = random.Random(3)
    spec = index(tree(random_items(draw), draw), missing=policy, minimum_coverage=coverage)
    assert_same(spec, {"figures": random_figures(3, missing=0.02 if coverage == 1 else 0.15)})


NORMALISERS: list[Row] = [
    {"minmax": [0, 10]}, {"minmax": [1, 10]}, {"zscore": [5, 2]}, {"ranked": "rank"},
    {"ranked": "percentile"}, {"ranked": "borda"}, {"reference": "u07"}, {"reference": "mean"},
    {"reference": "median"}, {"goalposts": [1, 4]},
]  # fmt: skip


@pytest.mark.parametrize("over", ["edition", "all"])
@pytest.mark.parametrize("rule", NORMALISERS, ids=str)
def test_every_normaliser_in_both_directions(rule, over):
    draw = random.Random(11)
    spec = index(tree(random_items(draw, {**rule, "over": over}), draw))
    rows = random_figures(11, periods=3)
    for row in rows:
        if row["unit"] == "u07":
            row.update({f"f{at}": 2.5 + at % 3 for at in range(ITEMS)})
    assert_same(spec, {"figures": rows})


@pytest.mark.parametrize("direction", ["higher", "lower"])
@pytest.mark.parametrize(
    "rule",
    [
        {"target": 4}, {"target": "own"}, {"maximum": 8}, {"goalposts": [0.5, 20], "log": True},
        {"target": 4, "worst": {"higher": 1, "lower": 9}},
        {"target": "own", "worst": {"higher": 0.5, "lower": 12}},
    ],
    ids=str,
)  # fmt: skip
def test_normalisers_of_positive_figures(rule, direction):
    draw = random.Random(12)
    own = {k: v[direction] if isinstance(v, dict) else v for k, v in rule.items()}
    rows = random_figures(12, periods=2)
    for row in rows:
        for at in range(ITEMS):
            value = row[f"f{at}"]
            row[f"f{at}"] = None if value is None else abs(value) + 0.1
            row[f"f{at}.target"] = None if draw.random() < 0.1 else row[f"f{at}.target"]
    items = random_items(draw)
    for item in items:
        item["rule"] = {**own, "direction": direction}
    assert_same(index(tree(items, draw), minimum_coverage=0.3), {"figures": rows})


def test_an_earlier_period_by_name():
    draw = random.Random(13)
    spec = index(tree(random_items(draw), draw), figures={"period": "2020"})
    assert_same(spec, {"figures": random_figures(13, periods=3)})


@pytest.mark.parametrize(
    "impute",
    [
        {"impute": "mean"}, {"impute": "median"}, {"impute": "mean", "by": "group"},
        {"impute": "median", "by": "group"}, {"impute": "last"},
    ],
    ids=str,
)  # fmt: skip
def test_imputation(impute):
    draw = random.Random(17)
    spec = index(tree(random_items(draw), draw), figures={"impute": impute}, minimum_coverage=0.4)
    rows = random_figures(17, periods=3, missing=0.25)
    found = assert_same(spec, {"figures": rows})
    # the groups stand in the table, or else in the register
    for row in rows:
        del row["group"]
    again = scored(spec, {"figures": rows})
    assert np.array_equal(found.score, again.score, equal_nan=True)


def test_screening_and_imputation():
    draw = random.Random(19)
    rows = random_figures(19, missing=0.2)
    for row in rows[:6]:
        row.update({f"f{at}": None for at in range(0, ITEMS, 2)})
    for row in rows[6:10]:
        row.update({f"f{at}": 0.0 for at in range(1, ITEMS, 2)})
    settings = {"screen": {"present": 0.6, "nonzero": 0.7}, "impute": {"impute": "mean"}}
    found = assert_same(index(tree(random_items(draw), draw), figures=settings), {"figures": rows})
    assert np.isnan(found.of("total")[[row["unit"] for row in rows[:10]]]).all()
    assert found.of("total").notna().sum() > 30


def test_denominators():
    draw = random.Random(23)
    items = random_items(draw)
    for item in items[::2]:
        item["denominator"] = "pop"
    # a figure that stands by itself, per head, and as the denominator of another
    items[1] |= {"column": "f40"}
    items[2] |= {"column": "f40"}
    items[4] |= {"denominator": "f7"}
    rows = random_figures(23)
    rows[3]["pop"] = 0.0
    assert_same(index(tree(items, draw)), {"figures": rows})


@pytest.mark.parametrize(
    "treat",
    [
        "auto", "log", {"winsorise": 2, "then": "none"}, {"winsorise": 1, "then": "log"},
        {"winsorise": 0}, {"winsorise": 9, "skewness": 0.5, "kurtosis": 0.5},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("over", ["edition", "all"])
def test_treatment(treat, over):
    draw = random.Random(29)
    items = random_items(draw, {"minmax": [0, 10], "over": over})
    items[3]["treat"] = "none"
    items[4] |= {"denominator": "pop", "treat": "log"}
    items[5] |= {"column": "f4"}
    spec = index(tree(items, draw), figures={"treat": treat, "impute": {"impute": "median"}})
    assert_same(spec, {"figures": random_figures(29, periods=2)})


@pytest.mark.parametrize("treat", ["boxcox", {"winsorise": 1, "then": "boxcox"}], ids=str)
def test_box_cox(treat):
    # both search the likelihood for its top, which is flat: the exponent is known to about 1e-8
    draw = random.Random(31)
    spec = index(tree(random_items(draw), draw), figures={"treat": treat})
    assert_same(spec, {"figures": random_figures(31)}, tolerance=1e-6)


@pytest.mark.parametrize("scale", [1, 10, 100])
def test_bonus_and_weighted_innovation(scale):
    draw = random.Random(37)
    children = tree(random_items(draw), draw)
    children[3] |= {"role": "innovation", "bonus": 0.3 * scale}
    children[4] |= {"role": "innovation"}
    children[0]["children"][1] |= {"role": "innovation", "bonus": 0.05 * scale}
    spec = index(children, scale=scale, aggregate="geometric")
    assert_same(spec, {"figures": random_figures(37)})


@pytest.mark.parametrize("audiences", [0, 1, 2, 3])
@pytest.mark.parametrize("policy", ["rescale", "worst", "no_score"])
@pytest.mark.parametrize("across", ["arithmetic", "minimum", "geometric"])
def test_audiences(audiences, policy, across):
    draw = random.Random(41)
    names = ["citizen", "enterprise", "visitor"][:audiences]
    rules: list[Row] = [
        {"likert": [1, 5]}, {"binary": ["yes", "no"]}, {"map": {"good": 10, "fair": 6.5, "poor": 1}},
    ]  # fmt: skip
    items = random_items(draw)
    for at in range(10):
        asked: Row = {"where": {"mode": ["phone"]}} if at == 2 else {}
        if at == 3 and audiences > 1:
            asked = {"where": {"audience": names[:1]}}
        item = words(id=f"r{at}", table="responses", rule=rules[at % 3], weight=1 + at % 4)
        items[15 + at] = item | asked
    spec = index(
        tree(items, draw), missing=policy, minimum_coverage=0.3, across_audiences=across,
        audiences={name: words(weight=1 + at) for at, name in enumerate(names)},
    )  # fmt: skip
    for k in (3, 4):
        leaf = spec["children"][k // 2]["children"][k % 2]
        assert leaf["items"][0]["table"] == "responses"
        leaf["aggregate"] = draw.choice(["arithmetic", "minimum", {"power": 2}])
    tables = {
        "figures": random_figures(41, missing=0.01),
        "responses": random_responses(41, names or ["citizen"]),
    }
    assert_same(spec, tables)


@pytest.mark.parametrize("method", ["entropy", "critic"])
@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_weights_from_data(method, aggregate):
    draw = random.Random(43)
    items = random_items(draw, {"minmax": [1, 10]}, weighted=False)
    spec = index(tree(items, draw, method), weights=method, aggregate=aggregate)
    rows = random_figures(43, missing=0.04)
    found = assert_same(spec, {"figures": rows})
    expected = Reference(spec, UNITS, {"figures": rows}).weights
    for parent, weights in expected.items():
        own = found.weights[found.weights["parent"] == parent]["weight"].to_numpy()
        assert own == pytest.approx(weights, abs=EXACT), parent


def test_weights_by_one_principal_component():
    draw = random.Random(47)
    items = random_items(draw, weighted=False)
    rows = random_figures(47, missing=0)
    for row in rows:
        ability = draw.gauss(0, 1)
        for at, item in enumerate(items):
            sign = 1 if item["rule"]["direction"] == "higher" else -1
            row[f"f{at}"] = sign * ability + draw.gauss(0, 0.2 + 0.08 * (at % 5))
    spec = index(tree(items, draw, "pca"), weights="pca")
    assert_same(spec, {"figures": rows})


def test_weights_by_several_principal_components():
    # varimax goes on until nothing moves by more than 1e-5 in statsmodels, and to the end here
    draw = random.Random(53)
    items = random_items(draw, weighted=False)
    rows = random_figures(53, missing=0)
    for row in rows:
        first, second = draw.gauss(0, 1), draw.gauss(0, 1)
        for at, item in enumerate(items):
            sign = 1 if item["rule"]["direction"] == "higher" else -1
            own = (first, second)[at % 5 > 1] + draw.gauss(0, 0.3 + 0.05 * (at % 5))
            row[f"f{at}"] = sign * own
    children = tree(items, draw)
    for node in children:
        for leaf in node["children"]:
            leaf["weights"] = "pca"
    found = assert_same(index(children), {"figures": rows}, tolerance=1e-4)
    kept = found.weights[found.weights["method"] == "pca"]["statistics"]
    assert kept.str.contains("factors 2").any()
