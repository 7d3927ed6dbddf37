"""The registry of KPIs: what each measures, and which of them may be compared."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from survey.findings import Finding, Severity, did_you_mean, raise_errors
from survey.yaml_source import Strict, read_yaml

REGISTRY = Path(__file__).parent / "kpis.yaml"


class Names(Strict):
    """A name in Chinese and in English."""

    zh: str
    en: str


class Kpi(Strict):
    """What a KPI measures.

    Parameters
    ----------
    zh, en
        Its name.
    kind
        ``rate`` (numerator out of denominator, 0 to 1), ``mean`` (a sum over a count),
        ``count`` (a number that adds up over units).
    numerator, denominator
        What is counted, by id of a basis; a count has no denominator.
    stock
        Whether a count stands at the end of a period, such as a backlog, rather than growing
        over it: of several periods the last one holds, and they are not added up.
    clock_start
        What starts the clock of a waiting or handling time.
    direction
        Whether a ``higher`` or a ``lower`` value is better; ``neutral`` where neither is.
    unit
        Unit of the value. Rates are told in ``%`` and stand in files as fractions of 1.
    clause
        The standard that states it.
    at_most
        A KPI on the same denominator that it cannot exceed.
    """

    zh: str
    en: str
    kind: Literal["rate", "mean", "count"]
    numerator: str
    denominator: str | None = None
    stock: bool = False
    clock_start: str | None = None
    direction: Literal["higher", "lower", "neutral"]
    unit: str
    clause: str = ""
    at_most: str | None = None

    @model_validator(mode="after")
    def _has_its_parts(self) -> "Kpi":
        if (self.kind == "count") != (self.denominator is None):
            raise ValueError("a denominator for a rate or a mean, none for a count")
        if self.stock and self.kind != "count":
            raise ValueError("stock: true for a count only")
        return self


class Registry(Strict):
    """The file of KPIs.

    Parameters
    ----------
    units
        Units of values, by id.
    bases
        What numerators and denominators count, and what starts a clock, by id.
    kpis
        By id.
    """

    units: dict[str, Names]
    bases: dict[str, Names]
    kpis: Annotated[dict[str, Kpi], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_sound(self) -> "Registry":
        for name, kpi in self.kpis.items():
            for basis in (kpi.numerator, kpi.denominator, kpi.clock_start):
                if basis is not None and basis not in self.bases:
                    raise ValueError(
                        f"a basis for {name!r} instead of {basis!r} "
                        f"({did_you_mean(basis, self.bases)})"
                    )
            if kpi.unit not in self.units:
                raise ValueError(
                    f"a unit for {name!r} instead of {kpi.unit!r} "
                    f"({did_you_mean(kpi.unit, self.units)})"
                )
        refuse_relations(self.kpis)
        return self


def refuse_relations(kpis: Mapping[str, Kpi]) -> None:
    """Refuse a KPI that is bounded by itself or by one it cannot be compared with."""
    for name, kpi in kpis.items():
        if kpi.at_most is None:
            continue
        if kpi.at_most not in kpis:
            raise ValueError(f"at_most of {name!r} to be a KPI: {did_you_mean(kpi.at_most, kpis)}")
        if name in ceilings(name, kpis):
            raise ValueError(f"at_most of {name!r} not to lead back to it")
        if reason := why_incomparable(kpi, kpis[kpi.at_most]):
            raise ValueError(f"at_most of {name!r} to be comparable: {reason}")


def ceilings(name: str, kpis: Mapping[str, Kpi]) -> tuple[str, ...]:
    """Return every KPI that a KPI cannot exceed, the nearest first."""
    found: list[str] = []
    above = kpis[name].at_most
    while above is not None and above in kpis and above not in found:
        found.append(above)
        above = kpis[above].at_most
    return tuple(found)


@cache
def read_registry() -> Registry:
    """Read the registry that comes with the package."""
    return read_yaml(REGISTRY, Registry)


def why_incomparable(first: Kpi, second: Kpi) -> str:
    """Say why two KPIs may not be compared or averaged, or ``""`` where they may."""
    if first.kind != second.kind:
        return f"{first.en} is a {first.kind}, {second.en} a {second.kind}"
    if first.denominator != second.denominator:
        return (
            f"{first.en} is counted on {first.denominator}, {second.en} on {second.denominator}: "
            "different denominators"
        )
    if first.unit != second.unit:
        return f"{first.en} is in {first.unit}, {second.en} in {second.unit}"
    if first.clock_start != second.clock_start:
        return (
            f"the clock of {first.en} starts at {first.clock_start or 'nothing'}, that of "
            f"{second.en} at {second.clock_start or 'nothing'}"
        )
    return ""


def incomparable(first: str, second: str, kpis: Mapping[str, Kpi], where: str = "") -> Finding:
    """Return the error that says why two KPIs may not be compared or averaged."""
    return Finding(
        "incomparable-kpis",
        Severity.ERROR,
        where,
        None,
        f"{first}, {second}",
        "KPIs on one denominator",
        why_incomparable(kpis[first], kpis[second]),
        "score each by a rule of its own, and average the points",
    )


def mean_rate(figures: Mapping[str, tuple[float, float]], kpis: Mapping[str, Kpi]) -> float:
    """Return the pooled value of several KPIs of one kind: sum of numerators over denominators.

    Parameters
    ----------
    figures
        KPI to its numerator and denominator.
    kpis
        The registry.

    Raises
    ------
    InputError
        Where one is unknown, a count or without cases, or where two of them are counted on
        different denominators, in different units or from different starts of the clock; it says
        why.
    """
    names = [name for name in figures if name in kpis]
    findings = [unknown_kpi(name, kpis) for name in figures if name not in kpis]
    findings += [
        Finding("count-has-no-mean", Severity.ERROR, "", None, name, "rates or means",
                f"{kpis[name].en}, a count", "add counts up; they have no denominator")
        for name in names
        if kpis[name].kind == "count"
    ]  # fmt: skip
    findings += [
        incomparable(names[0], other, kpis) for other in names[1:]
        if why_incomparable(kpis[names[0]], kpis[other])
    ]  # fmt: skip
    if not sum(bottom for _, bottom in figures.values()) > 0:
        findings.append(
            Finding("zero-denominator", Severity.ERROR, "", None, ", ".join(figures),
                    "denominators above 0", "no cases", "there is nothing to average")
        )  # fmt: skip
    raise_errors(findings)
    tops, bottoms = zip(*figures.values(), strict=True)
    return float(sum(tops) / sum(bottoms))


def unknown_kpi(name: str, kpis: Mapping[str, Kpi]) -> Finding:
    """Return the error that a name is no KPI, with the nearest one that is."""
    return Finding(
        "unknown-kpi", Severity.ERROR, "", None, "kpi", "a KPI of the registry", repr(name),
        did_you_mean(name, kpis),
    )  # fmt: skip
