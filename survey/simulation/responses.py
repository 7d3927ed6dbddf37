"""The questionnaires of a simulated campaign."""

import numpy as np
import pandas as pd

from survey.simulation.answers import Sheet
from survey.simulation.campaign import CampaignModel
from survey.simulation.drawing import ids, named, rank_in, times

MEDIAN_SURVEY = 240.0
"""Seconds of a questionnaire."""
HOURS = (9.0, 21.0)
MODES = {"web": 0.6, "phone": 0.4}


def simulated_responses(model: CampaignModel, quality: np.ndarray) -> Sheet:
    """Return the questionnaires without their answers, in the order of units.

    Those that hotlines handed out are lifted by the inflation of the campaign, and play no part in
    how items come to their means.
    """
    random = model.chance("responses")
    least, most = model.responses
    unit = np.repeat(np.arange(len(quality)), random.integers(least, most + 1, len(quality)))
    size = len(unit)
    first = random.integers(0, len(model.audiences), len(quality))
    audience = (rank_in(unit) + first[unit]) % len(model.audiences)
    mode = random.choice(len(MODES), size, p=list(MODES.values()))
    day, within = random.integers(0, len(model.workdays), size), random.random(size)
    duration = np.rint(MEDIAN_SURVEY * np.exp(0.4 * random.standard_normal(size)))
    handed = _handed_out(model, unit)
    frame = pd.DataFrame(
        {
            "response_id": ids("sim-r", size),
            "unit": model.units.index.to_numpy(dtype=object)[unit],
            "audience": named(model.audiences, audience),
            "mode": named(tuple(MODES), mode),
            "source": named(("independent", "hotline_distributed"), handed.astype(int)),
            "weight": 1,
            "started_at": times(model.workdays[day], np.tile(HOURS, (size, 1)), within),
            "duration_seconds": duration.astype(int),
        }
    )
    common = random.standard_normal(size) * model.effects.respondent
    common += model.handed_out.inflation * handed
    everyone = np.ones(size, dtype=bool)
    return Sheet(
        "responses", frame, unit, audience, model.audiences, everyone, common, target=~handed
    )


def _handed_out(model: CampaignModel, unit: np.ndarray) -> np.ndarray:
    """Return which questionnaires the rated hotlines handed out, bool, shape (records,)."""
    given = model.handed_out
    chosen = model.chance("handed out").random(len(unit)) < given.share
    if given.units:
        chosen &= model.units.index.isin(given.units)[unit]
    return chosen
