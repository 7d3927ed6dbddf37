"""How a survey was drawn, and how its weights are raked."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from survey.yaml_source import Strict

LonelyRule = Literal["adjust", "average", "remove", "refuse"]


class Design(Strict):
    """How a sample was drawn; the arguments of R's ``svydesign``.

    Parameters
    ----------
    weight
        Column of the weights; none weighs every record alike.
    strata
        Columns whose combinations are the strata.
    clusters
        Columns of the primary sampling units (PSUs) and, in a two-stage design, of the units
        drawn inside them; without any, every record is drawn by itself. Names of PSUs are taken
        apart by stratum.
    population
        Columns of the population sizes, for the finite population correction: of PSUs in the
        stratum and, in a two-stage design, of units in the PSU. Without, sampling is taken as
        with replacement.
    lonely
        What a stratum with one PSU adds to a variance, in the words of R's ``survey.lonely.psu``:
        its distance from the mean of all PSUs (``adjust``), the average of the other strata
        (``average``), nothing (``remove``), or the estimate is refused.
    """

    weight: str | None = None
    strata: tuple[str, ...] = ()
    clusters: Annotated[tuple[str, ...], Field(max_length=2)] = ()
    population: Annotated[tuple[str, ...], Field(max_length=2)] = ()
    lonely: LonelyRule = "adjust"

    @model_validator(mode="after")
    def _stages(self) -> "Design":
        if len(self.population) > max(len(self.clusters), 1):
            raise ValueError("a population size for each stage of sampling at most")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the design names, each once."""
        own = () if self.weight is None else (self.weight,)
        return tuple(dict.fromkeys((*own, *self.strata, *self.clusters, *self.population)))


class RakingSettings(Strict):
    """How weights are brought to known margins; the key ``margins`` of an edition.

    Parameters
    ----------
    file
        A table of `survey.weighting.margins`: unit, audience, variable, value, share or count.
        ``margins: FILE`` says the same as ``margins: {file: FILE}``.
    bounds
        Least and largest factor by which a weight may change, against the average of its unit;
        none leaves the factors free. Bounds may keep a margin from being met.
    least
        A category with fewer respondents is sparse.
    sparse
        What becomes of a sparse category: ``merge`` with its neighbour in the order of the
        file, or ``skip`` the whole variable, in that unit.
    tolerance
        Largest difference between the share reached and the share wanted.
    iterations
        Most rounds over all variables.
    """

    file: Path
    bounds: tuple[Annotated[float, Field(ge=0, lt=1)], Annotated[float, Field(gt=1)]] | None = None
    least: Annotated[int, Field(ge=1)] = 1
    sparse: Literal["merge", "skip"] = "merge"
    tolerance: Annotated[float, Field(gt=0, lt=0.1)] = 1e-6
    iterations: Annotated[int, Field(ge=1, le=10_000)] = 200

    @model_validator(mode="before")
    @classmethod
    def _file_alone(cls, stated: Any) -> Any:
        return {"file": stated} if isinstance(stated, str | Path) else stated
