"""Drivers: the share of each predictor in what moves an outcome, with its interval."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.drivers.data import FEW, DataLevel, DriverData, gather
from analysis.drivers.importance import (
    coefficients,
    collinear,
    correlations,
    covariances,
    lmg,
    relative_weights,
)
from analysis.drivers.settings import DriverSettings
from indicators.hierarchy import ALL
from indicators.scores import Scores
from survey.findings import Finding, Severity

Method = Literal["lmg", "relative_weights"]
EXACT = 12
"""Most predictors whose every subset is looked at."""
FEW_UNITS = 20
"""A bootstrap of fewer units than this is not to be relied on."""
BATCH = 100
"""Draws looked at together: bounds the memory to some tens of megabytes."""


@dataclass(frozen=True)
class Drivers:
    """What moves an outcome.

    Parameters
    ----------
    outcome, audience
        Id, and whose answers were looked at.
    level, source
        ``records`` of a table, or ``units``.
    method
        ``lmg`` up to `EXACT` predictors, ``relative_weights`` beyond.
    n, units
        Observations and units they come from.
    r2
        Share of the outcome's variance that the predictors account for, with its interval.
        Shape (3,).
    predictors
        Ids, length K, the most important first.
    importance, share, coefficient
        Part of R^2, share of R^2 and standardised regression coefficient, each as estimate, low
        and high. Shape (3, K).
    confidence
        Level of the percentile intervals.
    """

    outcome: str
    audience: str
    level: DataLevel
    source: str
    method: Method
    n: int
    units: int
    r2: np.ndarray
    predictors: tuple[str, ...]
    importance: np.ndarray
    share: np.ndarray
    coefficient: np.ndarray
    confidence: float

    def table(self) -> pd.DataFrame:
        """Return one row a predictor, the most important first.

        Returns
        -------
        Columns outcome, audience, indicator, rank, importance, importance_low, importance_high
        (parts of R^2), share, share_low, share_high (of R^2), coefficient, coefficient_low,
        coefficient_high (standardised), direction (``positive``, ``negative``, or ``unclear``
        where the interval of the coefficient holds 0 or there is none).
        """
        _, low, high = self.coefficient
        columns: dict[str, object] = {
            "outcome": self.outcome,
            "audience": self.audience,
            "indicator": list(self.predictors),
            "rank": np.arange(len(self.predictors)) + 1,
        }
        for name in ("importance", "share", "coefficient"):
            for end, figure in zip(("", "_low", "_high"), getattr(self, name), strict=True):
                columns[name + end] = figure
        columns["direction"] = np.select([low > 0, high < 0], ["positive", "negative"], "unclear")
        return pd.DataFrame(columns)

    def model(self) -> pd.DataFrame:
        """Return one row on the model as a whole.

        Returns
        -------
        Columns outcome, audience, level, source, method, predictors (their number), n, units, r2,
        r2_low, r2_high.
        """
        r2, low, high = self.r2
        row = {
            "outcome": self.outcome, "audience": self.audience, "level": self.level,
            "source": self.source, "method": self.method, "predictors": len(self.predictors),
            "n": self.n, "units": self.units, "r2": r2, "r2_low": low, "r2_high": high,
        }  # fmt: skip
        return pd.DataFrame([row])


def find_drivers(
    scores: Scores,
    settings: DriverSettings,
    *,
    audience: str = ALL,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[Drivers | None, tuple[Finding, ...]]:
    """Find how much each predictor has to do with an outcome.

    Parameters
    ----------
    scores
        Scores with the points of every record.
    settings
        The outcome, the predictors and the number of draws.
    audience
        Records of this audience only, or scores of it.
    level, seed
        Level of the intervals, and seed of the bootstrap.

    Returns
    -------
    drivers
        `Drivers`; None where there are too few observations or the outcome never varies.
    findings
        What is left out, what never varies, what cannot be told apart.

    Raises
    ------
    InputError
        For names that the system does not know and predictors that overlap.

    Notes
    -----
    The outcome is regressed linearly on all predictors, and R^2 shared out (`lmg`,
    `relative_weights`). Records are compared within each unit and audience (fixed effects), with
    their survey weights, so that nothing that sets units apart plays a part. Where the answers
    lie in several tables, or no table has enough complete records, units are compared by their
    scores, each counting the same; sampling error in the scores then lowers the part of what is
    measured least well.

    Intervals are percentiles over resamples of whole units (a cluster bootstrap; Cameron, Gelbach
    and Miller 2008, Review of Economics and Statistics 90:414-427). A part is never negative, so
    its interval says how firm it is and does not test it. What goes together need not be cause
    and effect.
    """
    data, found = gather(scores, settings, audience)
    if data is None:
        return None, tuple(found)
    moments = _moments(data)
    varies = np.diagonal(covariances(moments.sum(axis=0))) > 0
    found += [_constant(data.predictors[at]) for at in np.flatnonzero(~varies[:-1])]
    if not varies[-1] or not varies[:-1].any():
        return None, (*found, *([] if varies[-1] else [_constant_outcome(data.outcome)]))
    kept = np.flatnonzero(varies)
    data = replace(
        data,
        predictors=tuple(data.predictors[at] for at in kept[:-1]),
        values=data.values[:, kept],
    )
    drivers = _estimate(data, _moments(data), audience, level, (settings.replicates, seed))
    return drivers, (*found, *_doubts(data, drivers))


def _moments(data: DriverData) -> np.ndarray:
    """Return each unit's weighted sums of products of 1 and the values, shape (U, V + 1, V + 1)."""
    order = np.argsort(data.unit, kind="stable")
    edges = np.flatnonzero(np.diff(data.unit[order], prepend=-1))
    values = np.column_stack([np.ones(len(order)), data.values[order]])
    products = values[:, :, None] * (values * data.weight[order, None])[:, None, :]
    return np.add.reduceat(products, edges, axis=0)


def _estimate(
    data: DriverData,
    moments: np.ndarray,
    audience: str,
    level: float,
    resampling: tuple[int, int],
) -> Drivers:
    """Estimate every figure, with intervals over resamples of the units."""
    method: Method = "lmg" if len(data.predictors) <= EXACT else "relative_weights"
    estimate = _figures(moments.sum(axis=0)[None], method)
    drawn = [np.full_like(of, np.nan) for of in estimate]
    replicates, seed = resampling
    units = len(moments)
    if units > 1:
        times = np.random.default_rng(seed).multinomial(
            units, np.full(units, 1 / units), size=replicates
        )
        flat = times @ moments.reshape(units, -1)
        batches = np.array_split(flat.reshape(-1, *moments.shape[1:]), -(-replicates // BATCH))
        figures = [_figures(batch, method) for batch in batches]
        drawn = [np.concatenate(of) for of in zip(*figures, strict=True)]
    tails = [(1 - level) / 2, (1 + level) / 2]
    r2, part, share, slope = (
        np.concatenate([value, np.quantile(draws, tails, axis=0)])
        for value, draws in zip(estimate, drawn, strict=True)
    )
    order = np.lexsort((data.predictors, -part[0]))
    return Drivers(
        outcome=data.outcome,
        audience=audience,
        level=data.level,
        source=data.table or "units",
        method=method,
        n=len(data.values),
        units=units,
        r2=r2,
        predictors=tuple(data.predictors[at] for at in order),
        importance=part[:, order],
        share=share[:, order],
        coefficient=slope[:, order],
        confidence=level,
    )


def _figures(moments: np.ndarray, method: Method) -> tuple[np.ndarray, ...]:
    """Return R^2, its parts, their shares and the coefficients of a stack of moments."""
    correlation = correlations(covariances(moments))
    part = (lmg if method == "lmg" else relative_weights)(correlation)
    r2 = part.sum(axis=-1)
    whole = r2[..., None]
    share = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return r2, part, share, coefficients(correlation)


def _doubts(data: DriverData, drivers: Drivers) -> list[Finding]:
    found = []
    if data.sizes < FEW:
        found.append(
            Finding(
                "few-for-drivers", Severity.WARNING, column=data.outcome,
                expected=f"{FEW} observations or more a predictor",
                got=f"{drivers.n} for {len(data.predictors)}",
                hint="R^2 and its parts come out too high", count=drivers.n,
            )
        )  # fmt: skip
    if drivers.units < FEW_UNITS:
        found.append(
            Finding(
                "few-units-for-drivers", Severity.WARNING, column=data.outcome,
                expected=f"{FEW_UNITS} units or more", got=str(drivers.units),
                hint="intervals are too narrow" if drivers.units > 1 else "there is no interval",
                count=drivers.units,
            )
        )  # fmt: skip
    together = collinear(correlations(covariances(_moments(data).sum(axis=0))))
    if together.any():
        names = [name for name, of in zip(data.predictors, together, strict=True) if of]
        found.append(
            Finding(
                "collinear-drivers", Severity.WARNING, column=", ".join(names),
                expected="predictors that do not determine each other",
                got=f"{len(names)} that do",
                hint="what they share is shared out among them; leave some out", count=len(names),
            )
        )  # fmt: skip
    return found


def _constant(name: str) -> Finding:
    return Finding(
        "constant-driver", Severity.WARNING, column=name,
        expected="a predictor that varies", got="the same figure everywhere", hint="left out",
    )  # fmt: skip


def _constant_outcome(name: str) -> Finding:
    return Finding(
        "constant-driver-outcome", Severity.WARNING, column=name,
        expected="an outcome that varies", got="the same figure everywhere",
        hint="nothing to explain",
    )  # fmt: skip
