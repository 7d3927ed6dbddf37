"""Simulation: the records of a national campaign of mystery calls and questionnaires.

Every record is made up. A city's quality follows its published grade; the answers follow a
cumulative logit of that quality and of slots, shoppers, agents and respondents; and one intercept
an item and audience is set so that the national mean is the published one. Several draws of a
campaign share the world they are made in, and differ by chance alone.
"""

from collections.abc import Sequence

import pandas as pd

from survey.findings import InputError
from survey.simulation.answers import with_answers
from survey.simulation.calls import simulated_calls
from survey.simulation.campaign import CampaignModel, Effects, city_quality
from survey.simulation.cases import simulated_cases, simulated_kpis
from survey.simulation.items import ItemModel, check_items
from survey.simulation.responses import simulated_responses

__all__ = ["CampaignModel", "Effects", "ItemModel", "simulate_campaign"]


def simulate_campaign(model: CampaignModel, items: Sequence[ItemModel]) -> dict[str, pd.DataFrame]:
    """Simulate the records of a campaign.

    Parameters
    ----------
    model
        The campaign.
    items
        The items asked, with the national means wanted.

    Returns
    -------
    Tables by name: calls, responses, cases, kpis, with the columns of their contracts
    (`survey.contracts`) and then of the items; a blank answer is missing. Calls are in the order
    of unit, audience, scenario, slot; the other tables in the order of units.

    Raises
    ------
    InputError
        With a finding for each item whose target is out of reach (naming the range that can be
        reached), that has no target for an audience, or that writes into another's column.
    """
    check_items(items)
    quality = city_quality(model)
    calls, findings = simulated_calls(model, items, quality)
    tables = {"calls": calls}
    for sheet in (simulated_responses(model, quality), simulated_cases(model, quality)):
        tables[sheet.table], more = with_answers(model, items, sheet, quality)
        findings += more
    if findings:
        raise InputError(findings)
    return tables | {"kpis": simulated_kpis(model, quality)}
