"""Which outcome is explained by what, as an edition's YAML names it."""

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from indicators.hierarchy import Hierarchy
from survey.findings import Finding, Severity, did_you_mean, raise_errors
from survey.yaml_source import Strict


class DriverSettings(Strict):
    """The key ``drivers`` of an edition.

    Parameters
    ----------
    outcome
        What is to be explained: an indicator or an item of the system.
    of
        What may explain it: indicators or items. By default the other lowest indicators that
        are measured in the outcome's table; where there are none, all other lowest core
        indicators.
    replicates
        Draws of the bootstrap.
    """

    outcome: str
    of: tuple[str, ...] = ()
    replicates: Annotated[int, Field(ge=100, le=100_000)] = 1000

    @model_validator(mode="after")
    def _once(self) -> "DriverSettings":
        if len(set(self.of)) < len(self.of):
            raise ValueError("each of the predictors once")
        return self


def items_below(tree: Hierarchy, name: str) -> frozenset[int]:
    """Return the indices of the items below an indicator, or of the item itself."""
    if name in tree.ids:
        return frozenset(np.flatnonzero(tree.leaf_below[tree.index(name)][tree.item_leaf]).tolist())
    return frozenset([tree.items.index(name)])


def check_names(tree: Hierarchy, settings: DriverSettings, file: str = "") -> None:
    """Refuse names that the system does not know, and parts that would explain themselves.

    Raises
    ------
    InputError
        With every wrong name at once.
    """
    known = [*tree.ids, *tree.items]
    names = [("outcome", settings.outcome), *((f"of.{n}", n) for n in settings.of)]
    raise_errors(
        Finding(
            "unknown-name", Severity.ERROR, file, column=f"drivers.{key}",
            expected="an indicator or an item of the system", got=repr(name),
            hint=did_you_mean(name, known),
        )
        for key, name in names
        if name not in known
    )  # fmt: skip
    taken = [(name, items_below(tree, name)) for _, name in names]
    raise_errors(
        Finding(
            "driver-overlap", Severity.ERROR, file, column=f"drivers.of.{name}",
            expected="predictors that share no item with the outcome or with each other",
            got=f"{name!r} and {other!r} share items",
            hint="leave one of the two out; a part would explain itself",
        )
        for place, (name, items) in enumerate(taken)
        for other, before in taken[:place]
        if items & before
    )  # fmt: skip
