"""The calls of a simulated campaign: what comes of each, and how it is coded."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from survey.findings import Finding
from survey.simulation.answers import Copies, Sheet, draw, with_answers
from survey.simulation.campaign import CampaignModel
from survey.simulation.drawing import centred, named
from survey.simulation.items import ItemModel, outcome_item
from survey.simulation.schedule import scheduled

NOT_ANSWERED = {
    "busy": (0.35, 0.0),
    "no_answer": (0.30, 60.0),
    "dropped": (0.10, 25.0),
    "ivr_only": (0.25, 110.0),
}
"""Share among the calls not answered, and median seconds of ringing (a busy line does not)."""
MEDIAN_TALK = 150.0
"""Seconds of an answered call."""
_PLAIN_WAIT = ItemModel(
    "wait_seconds", "calls", ("wait_seconds",), "seconds", target={}, where={"outcome": ()},
    curve=((15, 10), (180, 0)),
)  # fmt: skip
"""Asked of no record, so without a target: waits are drawn around their median."""


def simulated_calls(
    model: CampaignModel, items: Sequence[ItemModel], quality: np.ndarray
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the table of calls, and a finding for each target that cannot be had.

    Parameters
    ----------
    model, items
        The campaign and what it asks.
    quality
        Of each city, shape (units,).

    Returns
    -------
    Calls in the order of unit, audience, scenario, slot; then, where a plan wants them, the
    recordings coded again by a second shopper or a supervisor. A second coding has the outcome and
    times of its call, the severity of its coder, and noise of coding; a supervisor is not severe.
    """
    effects, made = model.effects, scheduled(model)
    frame, size = made.frame, len(made.frame)
    hard = np.array([_off_hours(*hours) for hours in model.slots.values()])
    ease = effects.slot * model.stream("slot").standard_normal(len(hard))
    ease -= effects.off_hours * hard
    everyone = np.ones(size, dtype=bool)
    line = Sheet(
        "calls", frame, made.unit, made.audience, model.audiences, everyone, ease[made.slot]
    )
    drawn, findings = draw(model, outcome_item(model, items), line, quality)
    answered = drawn[:, 0] == 1
    frame["outcome"] = np.where(answered, "answered", _not_answered(model, size))
    line = replace(line, reached=answered)
    frame["wait_seconds"], more = _waits(model, items, line, quality)
    talk = np.rint(MEDIAN_TALK * np.exp(0.45 * model.chance("talk").standard_normal(size)))
    frame["talk_seconds"] = pd.Series(talk).where(answered).astype("Int64")
    judged = model.stream("shopper").standard_normal(len(made.shoppers))
    severity = np.append(centred(judged) * effects.shopper, 0.0)
    agent = model.chance("call").standard_normal(size) * effects.call
    line = replace(line, common=agent - severity[made.shopper])
    again = made.again
    if len(again):
        of = again["of"].to_numpy()
        apart = severity[made.shopper[of]] - severity[again["coder"].to_numpy()]
        line = replace(line, copies=Copies(of, apart))
    table, rest = with_answers(model, items, line, quality)
    for column in ("call_id", "shopper") if len(again) else ():
        table[column] = [*frame[column], *again[column]]
    return table, [*findings, *more, *rest]


def _not_answered(model: CampaignModel, size: int) -> np.ndarray:
    share = np.array([share for share, _ in NOT_ANSWERED.values()])
    code = model.chance("not answered").choice(len(share), size, p=share)
    return named(tuple(NOT_ANSWERED), code)


def _waits(
    model: CampaignModel, items: Sequence[ItemModel], sheet: Sheet, quality: np.ndarray
) -> tuple[pd.Series, list[Finding]]:
    """Return seconds until the call was answered or given up, whole, shape (records,)."""
    medians = {name: median for name, (_, median) in NOT_ANSWERED.items()}
    median = pd.Series(medians).reindex(sheet.frame["outcome"]).to_numpy(dtype=float)
    ring = median * np.exp(0.4 * model.chance("ring").standard_normal(len(median)))
    item = next((item for item in items if item.kind == "seconds"), _PLAIN_WAIT)
    waited, findings = draw(model, item, sheet, quality)
    seconds = np.where(sheet.reached, waited[:, 0], np.rint(ring))
    return pd.Series(seconds).astype("Int64"), findings


def _off_hours(start: float, end: float) -> bool:
    middle = (start + end) / 2
    return 12 <= middle < 14 or middle >= 17.5
