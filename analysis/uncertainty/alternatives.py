"""What an index might have been: the plan of alternatives to its method, as a key of YAML."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, field_validator

from analysis.uncertainty.distributions import DISTRIBUTIONS, Distribution, UniformFactor
from indicators.averages import Average
from indicators.hierarchy import ROOT
from indicators.nodes import MissingPolicy, Name
from indicators.rules import AnyRule
from survey.yaml_source import Strict


def _of_keys(setting: dict[str, Any]) -> dict[str, Any]:
    if not setting or not all(all(key.rpartition(".")) for key in setting):
        raise ValueError("changes of the form ID.KEY: value, such as {goal.weight: 2}")
    return setting


def _power_of_two(size: int) -> int:
    if size & (size - 1):
        raise ValueError(f"a power of 2, such as {1 << size.bit_length()}")
    return size


Setting = Annotated[dict[str, Any], AfterValidator(_of_keys)]
"""Changes as ``what-if`` takes them on the command line."""


class MethodPlan(Strict):
    """What varies in the method of an index, as the key ``method`` of an edition states it.

    Parameters
    ----------
    draws, seed
        Number of draws, and what makes them; the same seed gives the same draws.
    base
        Size of the design that tells which factors matter, a power of 2; it takes
        ``base * (factors + 2)`` draws.
    weights
        How weights vary: a `Distribution` for all indicators, or by ``all``, level (``level_1``)
        or id of an indicator, of which the narrowest holds. Nothing varies where it is empty.
    aggregate, missing
        Alternative averages, and alternatives for parts without a score: a list for the system
        (and all that says nothing else), or lists by id of an indicator.
    normalise
        Alternative rules: a list for all figures and KPIs together, or lists by id of an item, or
        of an indicator for its items.
    leave_out
        Indicators or items that are left out, one at a time; ``each`` for each indicator that has
        items.
    alternatives
        By a name of one's own, any changes as ``what-if`` takes them, such as
        ``{goal.weight: 2, total.minimum_coverage: 0.7}``, or a list of them.

    Notes
    -----
    Each weight is a factor of the plan, and so is each list of alternatives
    (`analysis.uncertainty.factors`). In a draw, each factor takes its value without regard to the
    others, and each alternative of a list is as likely as the system as it is.
    """

    draws: Annotated[int, Field(ge=2, le=100_000)] = 2000
    seed: Annotated[int, Field(ge=0)] = 0
    base: Annotated[int, Field(ge=16, le=65_536), AfterValidator(_power_of_two)] = 512
    weights: dict[str, Distribution] = {"all": UniformFactor(uniform=0.25)}
    aggregate: dict[str, Annotated[tuple[Average, ...], Field(min_length=1)]] = {}
    missing: dict[str, Annotated[tuple[MissingPolicy, ...], Field(min_length=1)]] = {}
    normalise: dict[str, Annotated[tuple[AnyRule, ...], Field(min_length=1)]] = {}
    leave_out: tuple[str, ...] = ()
    alternatives: dict[Name, Annotated[tuple[Setting, ...], Field(min_length=1)]] = {}

    @field_validator("weights", mode="before")
    @classmethod
    def _of_all(cls, stated: Any) -> Any:
        plain = isinstance(stated, dict) and any(
            name in stated and not isinstance(stated[name], dict) for name in DISTRIBUTIONS
        )
        return {"all": stated} if plain else stated

    @field_validator("aggregate", "missing", "normalise", mode="before")
    @classmethod
    def _of_the_system(cls, stated: Any) -> Any:
        return {ROOT: stated} if isinstance(stated, list | tuple) else stated

    @field_validator("leave_out", mode="before")
    @classmethod
    def _one_or_more(cls, stated: Any) -> Any:
        return (stated,) if isinstance(stated, str) else stated

    @field_validator("alternatives", mode="before")
    @classmethod
    def _listed(cls, stated: Any) -> Any:
        if not isinstance(stated, dict):
            return stated
        return {name: (each,) if isinstance(each, dict) else each for name, each in stated.items()}
