"""From raw figures to comparable ones: denominators, screening, imputation, treatment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from indicators.figures.settings import FigureSettings, Imputation, Treatment
from indicators.figures.treat import Treated, treat
from indicators.nodes import Item
from indicators.rules import FormulaRule
from indicators.rules.normalise import TARGET_SUFFIX, Placement
from indicators.system import System
from survey.findings import Finding, InputError, Severity, did_you_mean

PERIOD = "period"
OWN = ":prepared"
"""Ends the name of the column that holds an item's figure after its own preparation."""


@dataclass(frozen=True)
class Prepared:
    """Figures of the units that are scored, ready for the rules.

    Parameters
    ----------
    frame
        One row a unit and period (column ``unit``); the columns of the file and those of `own`.
    scored
        Which rows are scored: one a unit. Shape (rows,), bool.
    own
        By id of an item whose figure was changed for it alone, the column that holds the result.
    exempt
        By id of an item that need not apply, where it does not. Shape (rows,), bool.
    imputed
        By column, which rows hold a figure that was not observed. Shape (rows,), bool.
    findings
        What was divided by zero, screened out, imputed and treated.
    """

    frame: pd.DataFrame
    scored: np.ndarray
    own: dict[str, str]
    exempt: dict[str, np.ndarray]
    imputed: dict[str, np.ndarray]
    findings: tuple[Finding, ...]

    def seen_by(self, item: Item, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Return what an item's rule reads of some rows, its figure under its source's name."""
        names = {name: name for name in ("unit", PERIOD, *(a.name for a in item.answers()))}
        names[item.source] = self.own.get(item.id, item.source)
        held = {name: self._arrays[column] for name, column in names.items()
                if column in self._arrays}  # fmt: skip
        return held if rows.all() else {name: values[rows] for name, values in held.items()}

    @cached_property
    def _arrays(self) -> dict[str, np.ndarray]:
        numbers = self.frame.select_dtypes("number")
        columns = dict(zip(numbers.columns, numbers.to_numpy(dtype=float).T, strict=True))
        rest = self.frame.columns.difference(numbers.columns)
        return columns | {name: self.frame[name].to_numpy(dtype=object) for name in rest}

    def guessed(self, item: Item) -> np.ndarray:
        """Return where any figure that an item reads was imputed, shape (rows,), bool."""
        flags = [self.imputed[name] for name in _columns(item, self.own) if name in self.imputed]
        return np.any(flags, axis=0) if flags else np.zeros(len(self.frame), dtype=bool)


def prepare_figures(
    frame: pd.DataFrame,
    items: Sequence[Item],
    system: System,
    attributes: pd.DataFrame | None = None,
) -> Prepared:
    """Divide, screen, impute and treat figures, in this order.

    Parameters
    ----------
    frame
        Columns ``unit``, optionally ``period``, and a number for each item.
    items
        The items that read it, each from its own column.
    system
        Whose settings hold.
    attributes
        What a register knows of the units, indexed by unit; for imputation by group.

    Raises
    ------
    InputError
        Where the period to be scored, or the column to impute by, does not exist.
    """
    settings = system.figures
    frame = frame.reset_index(drop=False, names="row")
    period = _scored_period(frame, settings)
    if period is not None and settings.impute and settings.impute.impute == "last":
        frame = _with_absent_units(frame, period)
    own = {item.id: item.id + OWN for item in items if _is_changed(item, settings)}
    columns = list(dict.fromkeys(name for item in items for name in _columns(item, own)))
    frame, exempt, findings = _with_own_columns(frame, [i for i in items if i.id in own], own)
    scored = _scored_rows(frame, period)
    frame, screened = _screened(frame, scored, columns, settings)
    findings += screened
    imputed = {column: np.zeros(len(frame), dtype=bool) for column in columns}
    if settings.impute:
        applies = {own[name]: ~where for name, where in exempt.items()}
        frame, imputed, more = _imputed(
            frame, scored, columns, settings.impute, attributes, applies
        )
        findings += more
    frame, more = _treated(frame, scored, items, settings, own)
    findings += more
    return Prepared(frame, scored, own, exempt, imputed, tuple(findings))


def placed_over(item: Item, scored: np.ndarray) -> np.ndarray:
    """Return the rows that a rule is to see: those scored, or all editions'."""
    rule = item.rule if isinstance(item.rule, Placement) else getattr(item.rule, "then", None)
    everything = isinstance(rule, Placement) and rule.over == "all"
    return np.ones_like(scored) if everything else scored


def _columns(item: Item, own: Mapping[str, str]) -> tuple[str, ...]:
    if item.id in own:
        return (own[item.id],)
    names = (answer.name for answer in item.rule.answers(item.source) if answer.kind == "number")
    return tuple(name for name in names if not name.endswith(TARGET_SUFFIX))


def _is_changed(item: Item, settings: FigureSettings) -> bool:
    """Tell whether an item's figure is divided, blanked or treated, for it and no other item."""
    if isinstance(item.rule, FormulaRule):
        return False
    reads = {answer.name for answer in item.rule.answers(item.source) if answer.kind == "number"}
    treated = isinstance(item.rule, Placement) and _treatment(item, settings) != "none"
    return item.source in reads and bool(item.denominator or item.not_applicable or treated)


def _treatment(item: Item, settings: FigureSettings) -> Treatment:
    return settings.treat if item.treat is None else item.treat


def _with_own_columns(
    frame: pd.DataFrame, items: Sequence[Item], own: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, np.ndarray], list[Finding]]:
    """Give each changed item a column, from the figures and denominators as the file has them."""
    exempt: dict[str, np.ndarray] = {}
    findings: list[Finding] = []
    values = frame[[item.source for item in items]].to_numpy(dtype=float, copy=True)
    for at, item in enumerate(items):
        if item.not_applicable:
            exempt[item.id] = np.isin(values[:, at], item.exempt_numbers)
            values[exempt[item.id], at] = np.nan
        if item.denominator:
            findings += _zero_denominators(frame, item)
            divisor = frame[item.denominator].to_numpy(dtype=float)
            values[:, at] /= np.where(divisor == 0, np.nan, divisor)
    columns = pd.DataFrame(values, index=frame.index, columns=[own[item.id] for item in items])
    return pd.concat([frame, columns], axis=1), exempt, findings


def _scored_period(frame: pd.DataFrame, settings: FigureSettings) -> str | None:
    """Return the period that is scored, or None where the table has none."""
    if PERIOD not in frame or frame[PERIOD].isna().all():
        return None
    periods = sorted(frame[PERIOD].dropna().unique())
    period = settings.period or periods[-1]
    if period not in periods:
        finding = Finding(
            "unknown-period",
            Severity.ERROR,
            "",
            None,
            "figures.period",
            "a period of the table",
            repr(period),
            did_you_mean(period, periods),
        )
        raise InputError([finding])
    return period


def _scored_rows(frame: pd.DataFrame, period: str | None) -> np.ndarray:
    if period is None:
        return np.ones(len(frame), dtype=bool)
    return (frame[PERIOD] == period).to_numpy(dtype=bool, na_value=False)


def _with_absent_units(frame: pd.DataFrame, period: str) -> pd.DataFrame:
    """Add a blank row of the period for each unit that only has earlier ones."""
    earlier = frame[(frame[PERIOD] < period).to_numpy(dtype=bool, na_value=False)]
    absent = ~earlier["unit"].isin(frame.loc[_scored_rows(frame, period), "unit"])
    last = earlier[absent.to_numpy()].sort_values(PERIOD, kind="stable")
    last = last.drop_duplicates("unit", keep="last")
    blank = last[["row", "unit"]].assign(**{PERIOD: period}).reindex(columns=frame.columns)
    if blank.empty:
        return frame
    return pd.concat([frame, blank.astype(frame.dtypes)], ignore_index=True)


def _zero_denominators(frame: pd.DataFrame, item: Item) -> list[Finding]:
    zero = (frame[str(item.denominator)] == 0).sum()
    if not zero:
        return []
    return [
        Finding(
            "zero-denominator",
            Severity.WARNING,
            column=str(item.denominator),
            expected="a denominator other than 0",
            got=f"0 in {zero} rows",
            hint=f"{item.id} is missing there",
            count=int(zero),
        )
    ]


def _screened(
    frame: pd.DataFrame, scored: np.ndarray, columns: list[str], settings: FigureSettings
) -> tuple[pd.DataFrame, list[Finding]]:
    """Blank the figures of units that have too few, so that they shape no other's score."""
    screen = settings.screen
    values = frame[columns].to_numpy(dtype=float, copy=True)
    there = ~np.isnan(values)
    present = there.mean(axis=1)
    nonzero = ((values != 0) & there).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    few = (present < screen.present - 1e-9) | (nonzero < screen.nonzero - 1e-9)
    if not (few & scored).any():
        return frame, []
    names = frame["unit"].to_numpy()[few & scored].tolist()
    told = ", ".join(map(str, names[:5])) + (", …" if len(names) > 5 else "")
    finding = Finding(
        "screened-out", Severity.WARNING, column="unit",
        expected=f"{screen.present:.0%} of the figures present, {screen.nonzero:.0%} not zero",
        got=f"{len(names)} units below: {told}", hint="left out of the index", count=len(names),
    )  # fmt: skip
    blanked = frame.copy()
    blanked.loc[few & scored, columns] = np.nan
    return blanked, [finding]


def _imputed(
    frame: pd.DataFrame,
    scored: np.ndarray,
    columns: list[str],
    how: Imputation,
    attributes: pd.DataFrame | None,
    applies: Mapping[str, np.ndarray],
) -> tuple[pd.DataFrame, dict[str, np.ndarray], list[Finding]]:
    missing = frame[columns].isna().to_numpy() & scored[:, None]
    for column, where in applies.items():
        missing[:, columns.index(column)] &= where
    if how.impute == "last":
        ordered = frame.sort_values(PERIOD, kind="stable") if PERIOD in frame else frame
        stand_in = ordered.groupby("unit")[columns].ffill().reindex(frame.index)
    else:
        missing &= frame[columns].notna().any(axis=1).to_numpy()[:, None]
        held = frame[columns].where(np.broadcast_to(scored[:, None], missing.shape))
        groups = _groups(frame, how, attributes)
        stand_in = held.groupby(groups, dropna=False).transform(how.impute)
    filled = frame.copy()
    filled[columns] = frame[columns].where(~missing, stand_in)
    changed = missing & filled[columns].notna().to_numpy()
    imputed = {column: changed[:, at] for at, column in enumerate(columns)}
    count = int(changed.sum())
    left = int(missing.sum()) - count
    if not missing.any():
        return filled, imputed, []
    by = f" by {how.by}" if how.by else ""
    finding = Finding(
        "imputed", Severity.NOTE,
        column=", ".join(c.removesuffix(OWN) for c in columns if imputed[c].any())[:120],
        got=f"{count} figures, by their {how.impute}{by}; {left} could not be",
        hint="they enter the score, but count as not covered", count=count,
    )  # fmt: skip
    return filled, imputed, [finding]


def _groups(frame: pd.DataFrame, how: Imputation, attributes: pd.DataFrame | None) -> pd.Series:
    if how.by is None:
        return pd.Series(0, index=frame.index)
    if how.by in frame:
        return frame[how.by]
    if attributes is not None and how.by in attributes:
        return frame["unit"].map(attributes[how.by])
    known = [*frame.columns, *([] if attributes is None else attributes.columns)]
    finding = Finding(
        "unknown-column", Severity.ERROR, "", None, "figures.impute.by",
        "a column of the figures or of the register", repr(how.by), did_you_mean(how.by, known),
    )  # fmt: skip
    raise InputError([finding])


def _treated(
    frame: pd.DataFrame,
    scored: np.ndarray,
    items: Sequence[Item],
    settings: FigureSettings,
    own: Mapping[str, str],
) -> tuple[pd.DataFrame, list[Finding]]:
    found: list[Finding] = []
    treated_items: list[tuple[Item, Treatment]] = [
        (item, _treatment(item, settings)) for item in items if isinstance(item.rule, Placement)
    ]
    treated_items = [(item, how) for item, how in treated_items if how != "none"]
    columns = [own[item.id] for item, _ in treated_items]
    values = frame[columns].to_numpy(dtype=float, copy=True)
    for at, (item, treatment) in enumerate(treated_items):
        rows = placed_over(item, scored)
        treated = treat(values[rows, at], treatment)
        values[rows, at] = treated.values
        found += _treatment_findings(item, treated, int(rows.sum()))
    changed = pd.DataFrame(values, index=frame.index, columns=columns)
    return pd.concat([frame.drop(columns=columns), changed], axis=1), found


def _treatment_findings(item: Item, treated: Treated, rows: int) -> Iterator[Finding]:
    before, after = ("{:.2f} / {:.2f}".format(*shape) for shape in (treated.before, treated.after))
    if treated.winsorised or treated.transform:
        drawn = f"{treated.winsorised} values drawn in"
        done = drawn if treated.winsorised else treated.transform
        yield Finding(
            "treated",
            Severity.NOTE,
            column=item.id,
            got=f"{done}; skewness / kurtosis {before}, now {after}",
            count=treated.winsorised or rows,
        )
    if not treated.passed:
        yield Finding(
            "still-skewed",
            Severity.WARNING,
            column=item.id,
            expected="a distribution that passes after treatment",
            got=f"skewness / kurtosis {after}",
            hint="look at the figure; try boxcox, or a rule by rank",
        )
