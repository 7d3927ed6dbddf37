"""Sparse categories of margins: merged with a neighbour, or their variable left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.findings import Finding, Severity
from survey.weighting.margins import Margins
from survey.weighting.settings import RakingSettings


@dataclass(frozen=True)
class Merged:
    """Categories after sparse ones have gone.

    Parameters
    ----------
    codes, target
        As `survey.weighting.raking.rake` takes them, shape (n,) and (G, K).
    sparse
        Which categories were, shape (G, K).
    skipped
        Groups in which the variable is left out, shape (G,).
    """

    codes: np.ndarray
    target: np.ndarray
    sparse: np.ndarray
    skipped: np.ndarray


def merge_sparse(
    code: np.ndarray,
    target: np.ndarray,
    group: np.ndarray,
    weighted: np.ndarray,
    settings: RakingSettings,
) -> Merged:
    """Merge sparse categories with the one before them in the file, the first with the next.

    Parameters
    ----------
    code, group, weighted
        Category (-1 for none), group, and whether the record has a weight; shape (n,).
    target
        Wanted shares, NaN where the group has no margin. Shape (G, K).
    settings
        What is sparse, and whether it is merged or the variable skipped.
    """
    groups, values = target.shape
    own = (code >= 0) & weighted
    cell = np.bincount(group[own] * values + code[own], minlength=groups * values)
    known = ~np.isnan(target)
    enough = (cell.reshape(groups, values) >= settings.least) & known
    sparse = known & ~enough
    into = np.maximum.accumulate(np.where(enough, np.arange(values), -1), axis=1)
    into = np.where(into < 0, enough.argmax(axis=1)[:, None], into)
    kept = enough.any(axis=1) if settings.sparse == "merge" else ~sparse.any(axis=1)
    skipped = np.asarray(known.any(axis=1) & ~kept)
    wanted = np.zeros_like(target)
    np.add.at(wanted, (np.arange(groups)[:, None], into), np.nan_to_num(target))
    wanted[skipped | ~known.any(axis=1)] = np.nan
    moved = np.where((code < 0) | skipped[group], -1, into[group, code])
    return Merged(moved, wanted, sparse, skipped)


def sparse_findings(
    merged: Merged,
    variable: str,
    groups: pd.DataFrame,
    margins: Margins,
    settings: RakingSettings,
) -> Iterator[Finding]:
    """Tell which categories were merged, and where a variable was left out."""
    least = settings.least
    several = f"{least} respondents or more" if least > 1 else "a respondent"
    partly = merged.sparse & ~merged.skipped[:, None]
    for which, hint in (
        (partly, "each is merged with its neighbour in the file; the sum of their shares holds"),
        (merged.sparse & merged.skipped[:, None], f"weights there are not brought to {variable}"),
    ):
        if not which.any():
            continue
        values = [v for v, any_ in zip(margins.values(variable), np.any(which, axis=0), strict=True)
                  if any_]  # fmt: skip
        units = groups["unit"].to_numpy()[which.any(axis=1)]
        yield Finding(
            "sparse-margin", Severity.WARNING, margins.file, None, variable,
            f"{several} in every category", f"fewer in {', '.join(values)} of {named(units)}",
            hint, int(which.sum()),
        )  # fmt: skip


def named(units: Sequence[str] | np.ndarray) -> str:
    """Name units, each once: all of up to three, else how many and the first."""
    distinct = list(dict.fromkeys(str(unit) for unit in units))
    if len(distinct) > 3:
        return f"{len(distinct)} units such as {', '.join(distinct[:3])}"
    return ", ".join(distinct)
