"""Balance: whether shoppers were dealt the same kinds of calls, and cities that link them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import chi2, norm

from survey.findings import Finding, Severity
from survey.shoppers.multiplicity import holm

FACTORS = ("audience", "scenario", "slot")
"""What a call may be like, that the plan deals evenly."""
LEAST_EXPECTED = 5.0
"""Expected number of calls a cell that the chi-square approximation needs in four of five cells."""
WORTH_TELLING = 0.1
"""Cramér's V below which shoppers are dealt near enough alike, whatever the test says."""
CELL = (
    "factor", "shopper", "value", "n", "expected", "residual", "p", "p_adjusted", "verdict",
)  # fmt: skip
TEST = ("factor", "chi2", "df", "p", "cramers_v", "verdict")
GROUP = ("shopper", "group", "calls", "units", "shared_units")


@dataclass(frozen=True)
class Balance:
    """How calls were dealt.

    Parameters
    ----------
    cells
        One row a factor, shopper and value: n (calls), expected (if it did not matter who calls),
        residual (adjusted and standardised, standard normal), p, p_adjusted (Holm, within a
        factor), verdict (``more``, ``fewer``, ``even``).
    tests
        One row a factor: chi2, df, p, cramers_v (0 even, 1 as uneven as can be), verdict
        (``even``, ``uneven``, ``too_few`` calls for the test).
    groups
        One row a shopper: group (shoppers of one group are linked by units that they called in
        common, directly or through others), calls, units, shared_units (units that others of
        the table called too).
    findings
        What is out of balance.
    """

    cells: pd.DataFrame
    tests: pd.DataFrame
    groups: pd.DataFrame
    findings: tuple[Finding, ...]


def balance(
    calls: pd.DataFrame,
    *,
    factors: Sequence[str] = FACTORS,
    level: float = 0.95,
    file: str = "",
) -> Balance:
    """Tell how evenly calls were dealt to shoppers, and which shoppers can be compared.

    Parameters
    ----------
    calls
        Columns unit, shopper and, where there are, the factors. Calls without a shopper are left
        out; a blank factor is left out of that factor.
    factors
        Columns that shoppers should have the same shares of.
    level
        1 less the chance that a test errs.
    file
        For findings.

    Notes
    -----
    Adjusted residuals: Haberman (1973), Biometrics 29:205-220. Cramér's V: Cramér (1946). The
    chi-square test is said to have too few calls where more than a fifth of the cells expects
    fewer than 5 (Cochran 1954, Biometrics 10:417-451).
    """
    if "shopper" not in calls or calls["shopper"].isna().all():
        return Balance(_empty(CELL), _empty(TEST), _empty(GROUP), ())
    named = calls[calls["shopper"].notna()]
    there = [factor for factor in factors if factor in named and named[factor].nunique() > 1]
    several = named["shopper"].nunique() > 1
    tables = [_uneven(named, factor, level) for factor in there] if several else []
    cells = pd.concat([_empty(CELL), *(cells for cells, _ in tables)][bool(tables) :])
    tests = pd.DataFrame([row for _, row in tables], columns=list(TEST))
    groups = group_table(named)
    findings = (*_uneven_findings(cells, tests, file), *_link_findings(groups, file))
    return Balance(cells.reset_index(drop=True), tests, groups, findings)


def linked_groups(unit: np.ndarray, shopper: np.ndarray) -> np.ndarray:
    """Number the sets of shoppers that are linked by units called in common.

    Parameters
    ----------
    unit, shopper
        Codes from 0 without gaps, shape (calls,).

    Returns
    -------
    Group of each shopper, from 0 in the order of their first member. Shape (shoppers,).
    """
    shoppers, size = shopper.max() + 1, shopper.max() + unit.max() + 2
    edges = coo_array((np.ones(len(unit)), (shopper, shoppers + unit)), shape=(size, size))
    label = connected_components(edges, directed=False)[1][:shoppers]
    return pd.factorize(label)[0]


def group_table(calls: pd.DataFrame) -> pd.DataFrame:
    """Return one row a named shopper with the group that it can be compared in; see `Balance`."""
    unit, _ = pd.factorize(calls["unit"], sort=True)
    shopper, names = pd.factorize(calls["shopper"], sort=True)
    pair = np.unique(shopper.astype(np.int64) * (unit.max() + 1) + unit)
    who, where = np.divmod(pair, unit.max() + 1)
    shared = np.bincount(where)[where] > 1
    return pd.DataFrame(
        {
            "shopper": np.asarray(names, dtype=object),
            "group": linked_groups(unit, shopper),
            "calls": np.bincount(shopper),
            "units": np.bincount(who),
            "shared_units": np.bincount(who, shared).astype(int),
        }
    )


def _uneven(calls: pd.DataFrame, factor: str, level: float) -> tuple[pd.DataFrame, tuple]:
    """Return cells of shoppers by values, and the row of the factor's test."""
    calls = calls[calls[factor].notna()]
    count = pd.crosstab(calls["shopper"], calls[factor])
    seen = count.to_numpy(float)
    total, of_shopper, of_value = seen.sum(), seen.sum(axis=1), seen.sum(axis=0)
    expected = np.outer(of_shopper, of_value) / total
    spread = np.outer(1 - of_shopper / total, 1 - of_value / total)
    residual = np.divide(
        seen - expected,
        np.sqrt(expected * spread),
        out=np.zeros_like(seen),
        where=expected * spread > 0,
    )
    p = 2 * norm.sf(np.abs(residual))
    adjusted = holm(p)
    sure = adjusted < 1 - level
    verdict = np.where(~sure, "even", np.where(residual > 0, "more", "fewer"))
    of_cell = {"n": seen.astype(int), "expected": expected, "residual": residual, "p": p,
               "p_adjusted": adjusted, "verdict": verdict}  # fmt: skip
    index = pd.MultiIndex.from_product([count.index, count.columns], names=["shopper", "value"])
    cells = pd.DataFrame({k: v.ravel() for k, v in of_cell.items()}, index=index).reset_index()
    cells.insert(0, "factor", factor)
    statistic = float(((seen - expected) ** 2 / expected).sum())
    df = (seen.shape[0] - 1) * (seen.shape[1] - 1)
    v = float(np.sqrt(statistic / (total * max(min(seen.shape) - 1, 1))))
    chance = float(chi2.sf(statistic, df)) if df else np.nan
    few = (expected < LEAST_EXPECTED).mean() > 0.2
    uneven = chance < 1 - level and v >= WORTH_TELLING
    verdict = "too_few" if few or not df else "uneven" if uneven else "even"
    return cells, (factor, statistic, df, chance, v, verdict)


def _uneven_findings(cells: pd.DataFrame, tests: pd.DataFrame, file: str) -> Iterator[Finding]:
    for test in tests[tests["verdict"] == "uneven"].itertuples():
        out = cells[(cells["factor"] == test.factor) & (cells["verdict"] != "even")]
        worst = out.reindex(out["residual"].abs().sort_values(ascending=False).index)[:3]
        named = "; ".join(
            f"{row.shopper} has {row.n} of {row.value} where {row.expected:.0f} are expected"
            for row in worst.itertuples()
        )
        yield Finding(
            "shoppers-unbalanced",
            Severity.WARNING,
            file=file,
            column=f"calls.{test.factor}",
            expected="every shopper with like shares of each value",
            got=f"Cramér's V {test.cramers_v:.2f}" + (f"; {named}" if named else ""),
            hint="severity is adjusted for it as far as shoppers overlap; deal the next calls "
            "by the plan",
            count=max(out["shopper"].nunique(), 1),
        )


def _link_findings(groups: pd.DataFrame, file: str) -> Iterator[Finding]:
    found = groups["group"].nunique()
    if found < 2:
        return
    alone = int((groups["group"].map(groups["group"].value_counts()) == 1).sum())
    told = f"{found} groups without a unit in common"
    if alone:
        told += f"; {alone} of {len(groups)} shoppers share no unit with anybody"
    yield Finding(
        "shoppers-not-linked",
        Severity.WARNING,
        file=file,
        column="calls.shopper",
        expected="shoppers linked by units that they call in common",
        got=told,
        hint="between groups, a severe shopper cannot be told from a poor city; let shoppers "
        "cross groups",
        count=found,
    )


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))
