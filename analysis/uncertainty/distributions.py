"""How a weight varies: it is multiplied by a random factor around 1."""

from typing import Annotated, Any

import numpy as np
import scipy
from pydantic import Discriminator, Field, Tag

from survey.yaml_source import Strict

Spread = Annotated[float, Field(gt=0, le=1)]


class UniformFactor(Strict):
    """Any factor from ``1 - uniform`` to ``1 + uniform`` alike."""

    uniform: Spread

    def at(self, quantile: np.ndarray, share: float) -> np.ndarray:
        """Return the factors at some quantiles."""
        return 1 + self.uniform * (2 * quantile - 1)


class TriangularFactor(Strict):
    """Factors from ``1 - triangular`` to ``1 + triangular``, those near 1 the most likely."""

    triangular: Spread

    def at(self, quantile: np.ndarray, share: float) -> np.ndarray:
        """Return the factors at some quantiles."""
        width = 2 * self.triangular
        return scipy.stats.triang.ppf(quantile, 0.5, 1 - self.triangular, width)


class NormalFactor(Strict):
    """Normal factors of this standard deviation, cut at 0 and 2 so that their mean stays 1."""

    normal: Spread

    def at(self, quantile: np.ndarray, share: float) -> np.ndarray:
        """Return the factors at some quantiles."""
        reach = 1 / self.normal
        return scipy.stats.truncnorm.ppf(quantile, -reach, reach, 1, self.normal)


class DirichletFactor(Strict):
    """All weights below one indicator at once, as shares from a Dirichlet distribution.

    Parameters
    ----------
    dirichlet
        Concentration; the shares have their stated values as means, and a share s the variance
        ``s (1 - s) / (dirichlet + 1)``.

    Notes
    -----
    Independent gamma variates of shapes ``dirichlet * s``, divided by their sum, are Dirichlet
    distributed; that only proportions among siblings count does the dividing.
    """

    dirichlet: Annotated[float, Field(ge=1, allow_inf_nan=False)]

    def at(self, quantile: np.ndarray, share: float) -> np.ndarray:
        """Return the factors at some quantiles of a weight with this share among its siblings."""
        shape = self.dirichlet * share
        return (
            scipy.stats.gamma.ppf(quantile, shape) / shape if shape > 0 else np.ones_like(quantile)
        )


DISTRIBUTIONS = {
    "uniform": UniformFactor,
    "triangular": TriangularFactor,
    "normal": NormalFactor,
    "dirichlet": DirichletFactor,
}


def _tag(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    return next((name for name in DISTRIBUTIONS if name in keys), None)


Distribution = Annotated[
    Annotated[UniformFactor, Tag("uniform")]
    | Annotated[TriangularFactor, Tag("triangular")]
    | Annotated[NormalFactor, Tag("normal")]
    | Annotated[DirichletFactor, Tag("dirichlet")],
    Discriminator(
        _tag,
        custom_error_type="unknown_distribution",
        custom_error_message="one of the distributions " + ", ".join(DISTRIBUTIONS),
    ),
]
"""How a weight varies, as a key of a configuration names it."""
