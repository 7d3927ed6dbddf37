"""When answers that a hotline collected itself are called doubtful."""

from typing import Annotated, Literal

from pydantic import Field

from survey.yaml_source import Strict


class SelectionSettings(Strict):
    """Thresholds of the checks on selection and gaming.

    Parameters
    ----------
    least
        Fewest answers of each source for a unit to be judged.
    least_units
        Fewest units with both for what is typical to be known.
    error
        Share of flags that may be false (``fdr``), or chance that any is (``holm``). A flag puts
        a hotline's honesty in doubt, so it is small.
    control
        Benjamini and Hochberg (1995), or Holm (1979), over all units and the three tests.
    """

    least: Annotated[int, Field(ge=2)] = 20
    least_units: Annotated[int, Field(ge=5)] = 10
    error: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    control: Literal["fdr", "holm"] = "fdr"
