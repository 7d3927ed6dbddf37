"""Many tests at once."""

import numpy as np
from statsmodels.stats.multitest import multipletests


def holm(p: np.ndarray) -> np.ndarray:
    """Return p-values that hold over all of them, by Holm (1979, Scand. J. Stat. 6:65-70).

    Parameters
    ----------
    p
        Any shape; NaN is no test.

    Returns
    -------
    Same shape, NaN where `p` is.
    """
    adjusted = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        adjusted[tested] = np.asarray(multipletests(p[tested], method="holm")[1])
    return adjusted
