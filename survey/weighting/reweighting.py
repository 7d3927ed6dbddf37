"""Questionnaires reweighted to known margins, and what that did to their weights."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.findings import Finding, Severity, raise_errors
from survey.weighting.margins import Margins
from survey.weighting.raking import design_effect, rake
from survey.weighting.settings import RakingSettings
from survey.weighting.sparse import merge_sparse, named, sparse_findings


@dataclass(frozen=True)
class Reweighted:
    """Questionnaires with raked weights.

    Parameters
    ----------
    frame
        The same records in the same order; only ``weight`` differs.
    effects
        What raking did to each unit, or unit and audience where margins go by audience: see
        `weight_table`, and ``miss``, the largest difference of a share from its margin.
    """

    frame: pd.DataFrame
    effects: pd.DataFrame


def reweight(
    frame: pd.DataFrame, margins: Margins, settings: RakingSettings, file: str = ""
) -> tuple[Reweighted, tuple[Finding, ...]]:
    """Bring the weights of questionnaires to known margins, each unit by itself.

    The weights of the file are the starting weights (1 where blank). The index uses the new
    weights as it uses any, in means of points (`indicators.measure`) and in the bootstrap
    (`analysis.uncertainty`): as fixed numbers. Raking estimates them from the sample, though;
    where the margins go with the answers, standard errors are therefore too large rather than too
    small (Deville and Särndal 1992: the variance is that of the residuals from the margins).

    Parameters
    ----------
    frame
        Valid questionnaires, with the columns of the margins.
    margins
        Known margins. With shares the weights of a unit add up to what they did; with counts
        they add up to the number of users.
    settings
        How to rake.
    file
        The file of the questionnaires, for findings.

    Returns
    -------
    The questionnaires, and notes and warnings on sparse categories, units without margins and
    margins that bounds kept from being met.

    Raises
    ------
    InputError
        For answers that have no margin, a column that is not there, an audience raked within
        itself, and where raking does not converge.
    """
    _refuse_columns(frame, margins, file)
    group, groups = _groups(frame, margins.by_audience)
    start = _starting(frame)
    findings: list[Finding] = []
    codes, targets = [], []
    size = np.full(len(groups), np.nan)
    for variable in margins.variables:
        labels = _labels(frame[variable])
        code = pd.Index(margins.values(variable)).get_indexer(pd.Index(labels))
        target, count = margins.targets(variable, groups)
        findings += _unknown(frame, variable, labels, code, target[group], margins)
        codes.append(np.where(np.all(np.isnan(target[group]), axis=1), -1, code))
        targets.append(target)
        size = np.where(np.isnan(size), count, size)
    raise_errors(findings)
    for place, variable in enumerate(margins.variables):
        merged = merge_sparse(codes[place], targets[place], group, start > 0, settings)
        findings += sparse_findings(merged, variable, groups, margins, settings)
        codes[place], targets[place] = merged.codes, merged.target
    raked = rake(
        start, group, np.column_stack(codes), targets, bounds=settings.bounds,
        tolerance=settings.tolerance, iterations=settings.iterations,
    )  # fmt: skip
    findings += _missed(raked.miss, groups, margins, settings)
    raise_errors(findings)
    total = np.bincount(group, start, len(groups))
    scale = np.divide(size, total, out=np.ones(len(groups)), where=~np.isnan(size) & (total > 0))
    weight = start * raked.factor * scale[group]
    effects = weight_table(weight, group, groups, start).assign(miss=raked.miss)
    findings += _summary(effects, margins, len(frame))
    return Reweighted(frame.assign(weight=weight), effects), tuple(findings)


def weight_table(
    weight: np.ndarray, group: np.ndarray, groups: pd.DataFrame, start: np.ndarray | None = None
) -> pd.DataFrame:
    """Describe weights by group.

    Parameters
    ----------
    weight, group
        Shape (n,); codes of the rows of `groups`.
    groups
        What the groups are called, shape (G,).
    start
        Weights before, for ``deff_start``.

    Returns
    -------
    The columns of `groups`, n (records with a weight above 0), deff (Kish), n_effective, smallest
    and largest (weights over the average of the group), and deff_start where `start` is given.
    """
    size = len(groups)
    n = np.bincount(group[weight > 0], minlength=size)
    total = np.bincount(group, weight, size)
    average = np.divide(total, n, out=np.full(size, np.nan), where=n > 0)
    relative = pd.Series(np.where(weight > 0, weight / average[group], np.nan)).groupby(group)
    deff = design_effect(weight, group, size)
    table = groups[["unit", *(["audience"] if (groups["audience"] != "").any() else [])]].copy()
    table["n"] = n
    table["deff"] = deff
    table["n_effective"] = n / deff
    table["smallest"] = relative.min().reindex(range(size)).to_numpy()
    table["largest"] = relative.max().reindex(range(size)).to_numpy()
    if start is not None:
        table.insert(
            list(table.columns).index("deff"), "deff_start", design_effect(start, group, size)
        )
    return table


def _starting(frame: pd.DataFrame) -> np.ndarray:
    if "weight" not in frame:
        return np.ones(len(frame))
    return frame["weight"].fillna(1.0).to_numpy(float)


def _groups(frame: pd.DataFrame, by_audience: bool) -> tuple[np.ndarray, pd.DataFrame]:
    unit, units = pd.factorize(frame["unit"], use_na_sentinel=False)
    audience, audiences = np.zeros(len(frame), dtype=int), pd.Index([""])
    if by_audience:
        audience, audiences = pd.factorize(frame["audience"], use_na_sentinel=False)
    group, pairs = pd.factorize(unit * len(audiences) + audience)
    table = {
        "unit": np.asarray(units, dtype=object)[pairs // len(audiences)],
        "audience": np.asarray(audiences, dtype=object)[pairs % len(audiences)],
    }
    return group, pd.DataFrame(table).fillna("")


def _labels(column: pd.Series) -> np.ndarray:
    """Return the values as a margin names them; whole numbers without a point."""
    codes, values = pd.factorize(column)
    if pd.api.types.is_numeric_dtype(column):
        values = [f"{value:g}" for value in values]
    return np.array([*values, None], dtype=object)[codes]


def _refuse_columns(frame: pd.DataFrame, margins: Margins, file: str) -> None:
    findings = [
        Finding("missing-column", Severity.ERROR, file, 1, name,
                f"a column {name!r}, as {margins.file} has margins of it", "none",
                "add the column, or take its margins out")
        for name in margins.variables
        if name not in frame
    ]  # fmt: skip
    if margins.by_audience and "audience" in margins.variables:
        findings.append(
            Finding("audience-within-itself", Severity.ERROR, margins.file, None, "variable",
                    "margins of the audience in rows whose column audience is blank",
                    "margins that go by audience beside them",
                    "leave the column audience blank throughout, or take the variable out")
        )  # fmt: skip
    if margins.by_audience and "audience" not in frame:
        findings.append(
            Finding("missing-column", Severity.ERROR, file, 1, "audience",
                    f"a column 'audience', as {margins.file} goes by audience", "none",
                    "leave the column audience of the margins blank")
        )  # fmt: skip
    raise_errors(findings)


def _unknown(
    frame: pd.DataFrame,
    variable: str,
    labels: np.ndarray,
    code: np.ndarray,
    target: np.ndarray,
    margins: Margins,
) -> Iterator[Finding]:
    """Find answers that have no margin though the variable has some in their unit."""
    known = ~np.isnan(target).all(axis=1)
    answered = pd.notna(labels)
    without = np.isnan(target[np.arange(len(code)), code]) | (code < 0)
    wrong = np.flatnonzero(answered & known & without)
    for label, rows in pd.Series(wrong).groupby(labels[wrong], sort=True):
        units = pd.unique(frame["unit"].to_numpy(object)[rows])
        yield Finding(
            "category-without-margin", Severity.ERROR, margins.file, None, variable,
            f"a margin of every answer to {variable} ({', '.join(margins.values(variable))})",
            f"none of {label!r}, given in {len(rows)} questionnaires of {named(units)}",
            "add it, or correct the answers", len(rows),
        )  # fmt: skip
    if not known.all():
        units = pd.unique(frame["unit"].to_numpy(object)[~known])
        yield Finding(
            "units-without-margin", Severity.WARNING, margins.file, None, variable,
            f"margins of {variable} of every unit", f"none of {named(units)}",
            "their weights are not brought to it", len(units),
        )  # fmt: skip


def _missed(
    miss: np.ndarray, groups: pd.DataFrame, margins: Margins, settings: RakingSettings
) -> list[Finding]:
    far = miss > settings.tolerance
    if not far.any():
        return []
    worst = int(miss.argmax())
    bound = settings.bounds is not None
    return [
        Finding(
            "margins-missed" if bound else "raking-not-converged",
            Severity.WARNING if bound else Severity.ERROR,
            margins.file, None, "share",
            f"shares within {settings.tolerance:g} of their margins",
            f"up to {miss[worst]:.2g} off ({groups['unit'].iloc[worst]}), in "
            f"{named(groups['unit'].to_numpy()[far])}",
            "the bounds on the weights keep them off" if bound
            else "set least: 5 to merge sparse categories, raise iterations, or take a margin out",
            int(far.sum()),
        )
    ]  # fmt: skip


def _summary(effects: pd.DataFrame, margins: Margins, records: int) -> Iterator[Finding]:
    deff = effects["deff"].to_numpy()
    if not np.isfinite(deff).any():
        return
    worst = int(np.nanargmax(deff))
    yield Finding(
        "weights-raked", Severity.NOTE, margins.file, None, "weight", "",
        f"weights of {records} questionnaires brought to the margins of "
        f"{', '.join(margins.variables)}; design effect {np.nanmedian(deff):.2f} in the middle, "
        f"{deff[worst]:.2f} at most ({effects['unit'].iloc[worst]}); weights from "
        f"{effects['smallest'].min():.2g} to {effects['largest'].max():.2g} times the average "
        "of their unit",
        "starting weights are those of the file", records,
    )  # fmt: skip
    absent = sorted({*margins.table["unit"]} - {*effects["unit"], ""})
    if absent:
        yield Finding(
            "margins-unused", Severity.NOTE, margins.file, None, "unit",
            "units with questionnaires", f"none of {named(absent)}", "", len(absent),
        )  # fmt: skip
