"""How figures of units are prepared, as a system's YAML names it."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from indicators.rules.normalise import MinMaxRule, Normaliser
from survey.yaml_source import Strict

Share = Annotated[float, Field(ge=0, le=1)]


class Screening(Strict):
    """Units that are left out because they have too few figures.

    Parameters
    ----------
    present
        Least share of the system's figures that a unit must have.
    nonzero
        Least share of the figures it has that must differ from zero.
    """

    present: Share = 0.0
    nonzero: Share = 0.0


class Imputation(Strict):
    """What stands in for a missing figure; it never counts as covered.

    Parameters
    ----------
    impute
        ``mean`` or ``median`` of the other units, or ``last``: the unit's own last figure of an
        earlier period.
    by
        Column that groups units (of the table or the register): the mean or median is then that
        of the unit's own group.
    """

    impute: Literal["mean", "median", "last"]
    by: str | None = None


class OutlierTreatment(Strict):
    """What is done about a skewed figure, until its distribution passes.

    Parameters
    ----------
    winsorise
        At most so many values are drawn in to the next one; 0 for none.
    then
        ``log`` or ``boxcox``, where that was not enough; ``none`` leaves it winsorised.
    skewness, kurtosis
        A figure passes unless it is beyond both: its skewness in absolute terms, and its excess
        kurtosis.
    """

    winsorise: Annotated[int, Field(ge=0)] = 5
    then: Literal["log", "boxcox", "none"] = "log"
    skewness: Annotated[float, Field(gt=0)] = 2.0
    kurtosis: Annotated[float, Field(gt=0)] = 3.5


def _treatment_tag(value: Any) -> str:
    return "name" if isinstance(value, str) else "settings"


Treatment = Annotated[
    Annotated[Literal["none", "auto", "log", "boxcox"], Tag("name")]
    | Annotated[OutlierTreatment, Tag("settings")],
    Discriminator(_treatment_tag),
]
"""``auto`` is `OutlierTreatment` with its defaults; ``log`` and ``boxcox`` are always done."""


class FigureSettings(Strict):
    """How figures are screened, imputed, treated and normalised unless an item says otherwise.

    Parameters
    ----------
    screen
        `Screening`.
    impute
        `Imputation`; none by default.
    treat
        Treatment of outliers; none by default.
    rule
        The rule of figures that state none; the range to 0 to 10 by default.
    period
        The period that is scored; the last one in the table by default.
    """

    screen: Screening = Screening()
    impute: Imputation | None = None
    treat: Treatment = "none"
    rule: Normaliser = MinMaxRule(minmax=(0, 10))
    period: str | None = None
