"""Campaigns in which there is nothing to be found, so that what is found all the same is counted.

Records are dealt anew, so that slots, cities or satisfaction go with nothing; everything else
about the campaign stays as it is.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.comparisons.connection import connection
from analysis.comparisons.funnel import rate_funnel, score_funnel
from analysis.comparisons.waiting import waiting
from analysis.drivers.drivers import find_drivers
from analysis.drivers.settings import items_below
from analysis.uncertainty.design import STRATUM
from analysis.uncertainty.linearised import linearised_variances
from hotline_index.edition import Edition
from indicators.scores import Scores, score
from survey.records import Records

COMPARED = 80
"""Cities whose slots are compared: the models take seconds on all."""

Data = Mapping[str, pd.DataFrame]


def slots_without_effect(data: Data, edition: Edition, draw: int, level: float) -> Sequence[float]:
    """Return p of slots in answering and waiting, once slots are dealt anew within each city."""
    random = np.random.default_rng([draw, 1])
    calls = data["calls"]
    own = calls[calls["unit"].isin(sorted(calls["unit"].unique())[:COMPARED])]
    own = _dealt(own, "slot", ["unit"], random)
    order = {"slot": tuple(edition.config.slots)}
    answered, _ = connection(own, order, factors=("slot",), level=level)
    waited, _ = waiting(own, order, factors=("slot",), level=level)
    return float(answered.effects["factor_p"].iloc[0]), float(waited.tests["p"].iloc[0])


def unusual_cities(data: Data, edition: Edition, draw: int, level: float) -> Sequence[float]:
    """Return the shares of cities beyond their limits, once records are dealt anew to cities.

    First of scores (total and level 1), then of the rate of calls answered.
    """
    random = np.random.default_rng([draw, 2])
    alike = {
        name: _dealt(frame, "unit", [by for by in STRATUM[name] if by in frame], random)
        if name in STRATUM
        else frame
        for name, frame in data.items()
    }
    scores = _scored(alike, edition)
    variances = linearised_variances(scores)
    scores = scores.with_se(np.sqrt(variances.total), variances.degrees)
    tree = scores.hierarchy
    nodes = [tree.ids[at] for at in (0, *tree.core(0))]
    of_scores, _ = score_funnel(scores, indicators=nodes)
    answered = alike["calls"]["outcome"].eq("answered").groupby(alike["calls"]["unit"])
    of_rates, _ = rate_funnel(answered.sum(), answered.size(), measure="answered")
    return [float((funnel.table["p"] < 1 - level).mean()) for funnel in (of_scores, of_rates)]


def drivers_of_nothing(data: Data, edition: Edition, draw: int, level: float) -> float:
    """Return the share of drivers with a direction, once satisfaction is dealt anew to answers."""
    settings, tree = edition.config.drivers, edition.system.hierarchy
    assert settings is not None
    answers = data["responses"]
    items = {tree.items[at] for at in items_below(tree, settings.outcome)}
    columns = [name for name in answers if name in items]
    order = np.random.default_rng([draw, 3]).permutation(len(answers))
    dealt = answers[columns].iloc[order].set_axis(answers.index)
    scores = _scored({**data, "responses": answers.assign(**dealt)}, edition)
    drivers, _ = find_drivers(scores, settings, level=level, seed=draw)
    assert drivers is not None
    return float((drivers.table()["direction"] != "unclear").mean())


def _dealt(
    frame: pd.DataFrame, column: str, within: list[str], random: np.random.Generator
) -> pd.DataFrame:
    groups = frame.groupby(within)[column] if within else frame[column]
    return frame.assign(**{column: groups.transform(random.permutation)})


def _scored(data: Data, edition: Edition) -> Scores:
    assert edition.sample is not None
    records = Records(data)
    return score(records, edition.system, edition.sample, edition.register.table)[0]
