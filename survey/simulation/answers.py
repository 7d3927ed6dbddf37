"""The answers of records: a cumulative logit, with one intercept an item and audience."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.findings import Finding, Severity
from survey.simulation.campaign import CampaignModel
from survey.simulation.items import ItemModel
from survey.simulation.scales import (
    Calibrated,
    Seconds,
    Steps,
    calibrate,
    city_mean_weights,
    scale_of,
)

COLUMN_SPREAD = 0.8
"""The columns of a count item are this many logits easier (the first) to harder (the last)."""


@dataclass(frozen=True)
class Copies:
    """Records that are coded again.

    Parameters
    ----------
    of
        Position of the record, shape (copies,).
    apart
        By how much the second coder is milder than the first, logits, shape (copies,).
    """

    of: np.ndarray
    apart: np.ndarray


@dataclass(frozen=True)
class Sheet:
    """One table on its way: its records, and what moves their answers.

    ``unit`` and ``audience`` are codes, ``reached`` says who could answer at all, ``common`` is
    the part of the predictor (logits) that the items of a record share. All of shape (records,).
    ``target`` says which records the wanted means are of (all by default), ``copies`` which are
    coded again.
    """

    table: str
    frame: pd.DataFrame
    unit: np.ndarray
    audience: np.ndarray
    audiences: tuple[str, ...]
    reached: np.ndarray
    common: np.ndarray
    target: np.ndarray | None = None
    copies: Copies | None = None

    @property
    def rows(self) -> np.ndarray:
        """The position of each record and of the records coded again."""
        own = np.arange(len(self.unit))
        return own if self.copies is None else np.concatenate([own, self.copies.of])


def with_answers(
    model: CampaignModel, items: Sequence[ItemModel], sheet: Sheet, quality: np.ndarray
) -> tuple[pd.DataFrame, list[Finding]]:
    """Add the columns of the items that are asked in the table."""
    columns: dict[str, np.ndarray] = {}
    findings: list[Finding] = []
    for item in items:
        if item.table != sheet.table or item.kind in ("outcome", "seconds"):
            continue
        codes, more = draw(model, item, sheet, quality)
        codes[~_asked(item, sheet)[sheet.rows]] = np.nan
        findings += more
        for name, own in zip(item.columns, codes.T, strict=True):
            there = ~np.isnan(own)
            column = columns.setdefault(name, np.full(len(own), None, dtype=object))
            if pd.notna(column[there]).any():
                hint = "items that share a column must be asked of different records"
                findings.append(_finding("column-taken", item, "a column of its own", name, hint))
            column[there] = np.array(item.values, dtype=object)[own[there].astype(int)]
    answers = {name: _typed(column) for name, column in columns.items()}
    return sheet.frame.iloc[sheet.rows].reset_index(drop=True).assign(**answers), findings


def draw(
    model: CampaignModel, item: ItemModel, sheet: Sheet, quality: np.ndarray
) -> tuple[np.ndarray, list[Finding]]:
    """Return the answers that an item would get from every record it can reach.

    Returns
    -------
    Codes of ``item.values`` or seconds, NaN where not reached or left blank, shape
    (records and copies, columns); and a finding for each audience whose target cannot be had.
    """
    scale = scale_of(item)
    random = model.chance("answer", item.item)
    shape = (len(sheet.unit), len(item.columns))
    latent = _predictor(model, item, sheet, quality)[:, None] + scale.noise(random, shape)
    latent += np.linspace(COLUMN_SPREAD, -COLUMN_SPREAD, shape[1]) if shape[1] > 1 else 0.0
    given = sheet.reached[:, None] & (random.random(shape) >= item.missing)
    asked = _asked(item, sheet)
    without = np.nan if item.not_reached_points is None else item.not_reached_points
    counted = asked if sheet.target is None else asked & sheet.target
    counted = counted & (given.any(axis=1) | (~sheet.reached & ~np.isnan(without)))
    findings = []
    for code, audience in enumerate(dict.fromkeys((*sheet.audiences, *item.target))):
        own = sheet.audience == code
        target = item.target.get(audience)
        if (target is None) != (not (own & counted).any()):
            findings.append(_no_target(item, audience, target))
        elif target is not None:
            weight = city_mean_weights(sheet.unit, len(quality), own & counted)
            missed = (weight * ~sheet.reached).sum()
            fixed = missed * without if missed else 0.0
            rows = own & counted & sheet.reached
            cells = (weight / np.maximum(given.sum(axis=1), 1))[rows, None] * given[rows]
            found = calibrate(_mean(scale, latent[rows], cells, fixed), target)
            if not found.reaches(target):
                findings.append(_unreachable(item, audience, target, found))
            latent[own] += found.intercept
    codes = np.where(given, scale.answer(latent), np.nan)
    if sheet.copies is None:
        return codes, findings
    of, noise = sheet.copies.of, model.chance("coding", item.item)
    latent = latent[of] + sheet.copies.apart[:, None]
    latent += model.effects.coding * noise.standard_normal(latent.shape)
    return np.vstack([codes, np.where(given[of], scale.answer(latent), np.nan)]), findings


def _mean(
    scale: Steps | Seconds, latent: np.ndarray, weight: np.ndarray, fixed: float
) -> Callable[[float], float]:
    """Return mean points as a function of the intercept."""
    return lambda intercept: fixed + float((weight * scale.points_of(latent + intercept)).sum())


def _predictor(
    model: CampaignModel, item: ItemModel, sheet: Sheet, quality: np.ndarray
) -> np.ndarray:
    """Return the linear predictor of an item, logits, shape (records,)."""
    effects = model.effects
    region, regions = pd.factorize(model.units["region"], use_na_sentinel=False)
    own = model.stream("indicator", item.indicator)
    city = effects.city * quality + effects.indicator * own.standard_normal(len(quality))
    city += (effects.region * own.standard_normal(len(regions)))[region]
    predictor = city[sheet.unit] + sheet.common
    if "scenario" in sheet.frame and item.kind in ("ordinal", "count"):
        scenario = pd.Index(model.scenarios).get_indexer(pd.Index(sheet.frame["scenario"]))
        shift = model.stream("scenario", item.item).standard_normal(len(model.scenarios))
        predictor += effects.scenario * shift[scenario]
    return predictor


def _asked(item: ItemModel, sheet: Sheet) -> np.ndarray:
    """Return which records an item is asked of, bool, shape (records,)."""
    asked = np.ones(len(sheet.unit), dtype=bool)
    for column, values in item.where.items():
        asked &= sheet.frame[column].isin(values).to_numpy()
    return asked


def _typed(answers: np.ndarray) -> pd.Series:
    """Whole numbers as Int64, anything else as strings."""
    column = pd.Series(answers, dtype="str")
    there = column.dropna()
    return column.astype("Int64") if there.str.fullmatch(r"-?(?:0|[1-9]\d*)").all() else column


def _finding(check: str, item: ItemModel, expected: str, got: str, hint: str) -> Finding:
    return Finding(check, Severity.ERROR, column=item.item, expected=expected, got=got, hint=hint)


def _no_target(item: ItemModel, audience: str, target: float | None) -> Finding:
    if target is None:
        return _finding(
            "no-target", item, f"mean points wanted for {audience}", "none",
            "give a target for every audience that is asked the item",
        )  # fmt: skip
    return _finding(
        "nobody-asked", item, f"records of {audience} to reach {target:g} points", "none",
        "check `where`, or drop the target",
    )  # fmt: skip


def _unreachable(item: ItemModel, audience: str, target: float, found: Calibrated) -> Finding:
    return _finding(
        "target-out-of-reach", item,
        f"a target from {found.low:.2f} to {found.high:.2f} for {audience}", f"{target:g}",
        "unanswered calls, or the points of the answers, leave no other means",
    )  # fmt: skip
