"""Simulation: the records of a national campaign of mystery calls and questionnaires.

Every record is made up. A city's quality follows its published grade; the answers follow a
cumulative logit of that quality and of slots, shoppers, agents and respondents; and one intercept
an item and audience is set so that the national mean is the published one. Several draws of a
campaign share the world they are made in, and differ by chance alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from survey.findings import Finding, InputError, Severity
from survey.simulate_model import (
    ALL,
    Calibrated,
    CampaignModel,
    ItemModel,
    Seconds,
    Steps,
    calibrate,
    check_items,
    city_mean_weights,
    city_quality,
    outcome_item,
    scale_of,
)

NOT_ANSWERED = {
    "busy": (0.35, 0.0),
    "no_answer": (0.30, 60.0),
    "dropped": (0.10, 25.0),
    "ivr_only": (0.25, 110.0),
}
"""Share among the calls not answered, and median seconds of ringing (a busy line does not)."""
MEDIAN_TALK, MEDIAN_SURVEY = 150.0, 240.0
"""Seconds of an answered call, and of a questionnaire."""
COLUMN_SPREAD = 0.8
"""The columns of a count item are this many logits easier (the first) to harder (the last)."""
SPARE = 0.05
"""Share at the end of a slot in which no call begins."""
RESPONSE_HOURS = (9.0, 21.0)
MODES = {"web": 0.6, "phone": 0.4}
REVIEWERS = 6
ADMITTED_RATE = 0.9
"""Answered rate that a city of middling quality reports of itself."""
CASE_GROUPS = ("老年人", "青年", "企业", "外来务工人员", "学生家长", "残障人士")
CASE_WORKS = {
    "content": ("专席服务", "政策答疑", "上门协办", "应急求助服务"),
    "method": ("智能派单", "视频坐席", "数据研判", "限时回访"),
}


@dataclass(frozen=True)
class _Sheet:
    """One table on its way: its records, and what moves their answers.

    ``unit`` and ``audience`` are codes, ``reached`` says who could answer at all, ``common`` is
    the part of the predictor (logits) that the items of a record share. All of shape (records,).
    """

    table: str
    frame: pd.DataFrame
    unit: np.ndarray
    audience: np.ndarray
    audiences: tuple[str, ...]
    reached: np.ndarray
    common: np.ndarray


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
    calls, findings = _calls(model, items, quality)
    tables = {"calls": calls}
    for sheet in (_responses(model, quality), _cases(model, quality)):
        tables[sheet.table], more = _with_answers(model, items, sheet, quality)
        findings += more
    if findings:
        raise InputError(findings)
    return tables | {"kpis": _kpis(model, quality)}


def _calls(
    model: CampaignModel, items: Sequence[ItemModel], quality: np.ndarray
) -> tuple[pd.DataFrame, list[Finding]]:
    effects, slots = model.effects, tuple(model.slots)
    shape = (len(quality), len(model.audiences), len(model.scenarios), len(slots), model.calls)
    size = int(np.prod(shape))
    unit, audience, scenario, slot, _ = np.unravel_index(np.arange(size), shape)
    shopper = _deal(model, unit)
    frame = pd.DataFrame(
        {
            "call_id": _ids("sim-c", size),
            "unit": model.units.index.to_numpy(dtype=object)[unit],
            "audience": _names(model.audiences, audience),
            "scenario": _names(model.scenarios, scenario),
            "slot": _names(slots, slot),
            "channel": "phone",
            "shopper": _ids("s", model.shoppers)[shopper],
            "started_at": _call_times(model, shopper, slot),
        }
    )
    hard = np.array([_off_hours(*hours) for hours in model.slots.values()])
    ease = effects.slot * model.stream("slot").standard_normal(len(slots))
    ease -= effects.off_hours * hard
    everyone = np.ones(size, dtype=bool)
    line = _Sheet("calls", frame, unit, audience, model.audiences, everyone, ease[slot])
    drawn, findings = _draw(model, outcome_item(model, items), line, quality)
    answered = drawn[:, 0] == 1
    frame["outcome"] = np.where(answered, "answered", _not_answered(model, size))
    line = replace(line, reached=answered)
    frame["wait_seconds"], more = _waits(model, items, line, quality)
    talk = np.rint(MEDIAN_TALK * np.exp(0.45 * model.chance("talk").standard_normal(size)))
    frame["talk_seconds"] = pd.Series(talk).where(answered).astype("Int64")
    severity = _centred(model.stream("shopper").standard_normal(model.shoppers)) * effects.shopper
    agent = model.chance("call").standard_normal(size) * effects.call
    judged = replace(line, common=agent - severity[shopper])
    frame, rest = _with_answers(model, items, judged, quality)
    return frame, [*findings, *more, *rest]


def _not_answered(model: CampaignModel, size: int) -> np.ndarray:
    share = np.array([share for share, _ in NOT_ANSWERED.values()])
    code = model.chance("not answered").choice(len(share), size, p=share)
    return _names(tuple(NOT_ANSWERED), code)


def _responses(model: CampaignModel, quality: np.ndarray) -> _Sheet:
    random = model.chance("responses")
    least, most = model.responses
    unit = np.repeat(np.arange(len(quality)), random.integers(least, most + 1, len(quality)))
    size = len(unit)
    first = random.integers(0, len(model.audiences), len(quality))
    audience = (_rank_in(unit) + first[unit]) % len(model.audiences)
    mode = random.choice(len(MODES), size, p=list(MODES.values()))
    day, within = random.integers(0, len(model.workdays), size), random.random(size)
    hours = np.array([RESPONSE_HOURS])
    duration = np.rint(MEDIAN_SURVEY * np.exp(0.4 * random.standard_normal(size)))
    frame = pd.DataFrame(
        {
            "response_id": _ids("sim-r", size),
            "unit": model.units.index.to_numpy(dtype=object)[unit],
            "audience": _names(model.audiences, audience),
            "mode": _names(tuple(MODES), mode),
            "source": "independent",
            "weight": 1,
            "started_at": _times(model, day, hours, np.zeros(size, dtype=int), within),
            "duration_seconds": duration.astype(int),
        }
    )
    common = random.standard_normal(size) * model.effects.respondent
    return _Sheet("responses", frame, unit, audience, model.audiences, np.ones(size, bool), common)


def _cases(model: CampaignModel, quality: np.ndarray) -> _Sheet:
    random = model.stream("cases")
    unit = np.repeat(np.arange(len(quality)), random.poisson(model.cases * np.exp(0.35 * quality)))
    size = len(unit)
    kind, work = random.integers(0, 2, size), random.integers(0, 4, size)
    group = _names(CASE_GROUPS, random.integers(0, len(CASE_GROUPS), size))
    city = model.units.index.to_numpy(dtype=object)[unit]
    what = "面向" + group + "的" + _names(sum(CASE_WORKS.values(), ()), kind * 4 + work)
    reviewer = random.integers(0, REVIEWERS, size)
    if model.draw:
        reviewer = model.chance("reviewers").permutation(reviewer)
    severity = _centred(random.standard_normal(REVIEWERS)) * model.effects.shopper
    frame = pd.DataFrame(
        {
            "case_id": _ids("sim-k", size),
            "unit": city,
            "kind": _names(tuple(CASE_WORKS), kind),
            "title": "【模拟】" + what,
            "text": "模拟案例，并非真实做法：" + city + "的政务热线推出" + what + "。",
            "reviewer": _ids("v", REVIEWERS)[reviewer],
        },
        dtype="str",
    )
    nobody = np.zeros(size, dtype=int)
    return _Sheet("cases", frame, unit, nobody, (ALL,), np.ones(size, bool), -severity[reviewer])


def _kpis(model: CampaignModel, quality: np.ndarray) -> pd.DataFrame:
    random = model.stream("kpis")
    calls = np.rint(np.exp(random.normal(np.log(2e5), 0.8, len(quality)))).astype(int)
    noise = 0.3 * random.standard_normal(len(quality))
    rate = expit(logit(ADMITTED_RATE) + 0.8 * model.effects.city * quality + noise)
    answered = random.binomial(calls, rate)
    return pd.DataFrame(
        {
            "unit": model.units.index.to_numpy(dtype=object),
            "kpi": "answered_rate",
            "numerator": answered,
            "denominator": calls,
            "value": np.round(answered / calls, 4),
            "period": f"{model.start:%Y-%m-%d}/{model.end:%Y-%m-%d}",
            "clock_start": "queue_entry",
            "source": "模拟数据，并非热线上报",
        }
    )


def _waits(
    model: CampaignModel, items: Sequence[ItemModel], sheet: _Sheet, quality: np.ndarray
) -> tuple[pd.Series, list[Finding]]:
    """Return seconds until the call was answered or given up, whole, shape (records,)."""
    medians = {name: median for name, (_, median) in NOT_ANSWERED.items()}
    median = pd.Series(medians).reindex(sheet.frame["outcome"]).to_numpy(dtype=float)
    ring = median * np.exp(0.4 * model.chance("ring").standard_normal(len(median)))
    item = next((item for item in items if item.kind == "seconds"), _PLAIN_WAIT)
    waited, findings = _draw(model, item, sheet, quality)
    seconds = np.where(sheet.reached, waited[:, 0], np.rint(ring))
    return pd.Series(seconds).astype("Int64"), findings


_PLAIN_WAIT = ItemModel(
    "wait_seconds", "calls", ("wait_seconds",), "seconds", target={}, where={"outcome": ()},
    curve=((15, 10), (180, 0)),
)  # fmt: skip
"""Asked of no record, so without a target: waits are drawn around `MEDIAN_WAIT`."""


def _with_answers(
    model: CampaignModel, items: Sequence[ItemModel], sheet: _Sheet, quality: np.ndarray
) -> tuple[pd.DataFrame, list[Finding]]:
    """Add the columns of the items that are asked in the table."""
    columns: dict[str, np.ndarray] = {}
    findings: list[Finding] = []
    for item in items:
        if item.table != sheet.table or item.kind in ("outcome", "seconds"):
            continue
        codes, more = _draw(model, item, sheet, quality)
        codes[~_asked(item, sheet)] = np.nan
        findings += more
        for name, own in zip(item.columns, codes.T, strict=True):
            there = ~np.isnan(own)
            column = columns.setdefault(name, np.full(len(own), None, dtype=object))
            if pd.notna(column[there]).any():
                hint = "items that share a column must be asked of different records"
                findings.append(_finding("column-taken", item, "a column of its own", name, hint))
            column[there] = np.array(item.values, dtype=object)[own[there].astype(int)]
    answers = {name: _typed(column) for name, column in columns.items()}
    return sheet.frame.assign(**answers), findings


def _draw(
    model: CampaignModel, item: ItemModel, sheet: _Sheet, quality: np.ndarray
) -> tuple[np.ndarray, list[Finding]]:
    """Return the answers that an item would get from every record it can reach.

    Returns
    -------
    Codes of ``item.values`` or seconds, NaN where not reached or left blank, shape
    (records, columns); and a finding for each audience whose target cannot be had.
    """
    scale = scale_of(item)
    random = model.chance("answer", item.item)
    shape = (len(sheet.unit), len(item.columns))
    latent = _predictor(model, item, sheet, quality)[:, None] + scale.noise(random, shape)
    latent += np.linspace(COLUMN_SPREAD, -COLUMN_SPREAD, shape[1]) if shape[1] > 1 else 0.0
    given = sheet.reached[:, None] & (random.random(shape) >= item.missing)
    asked = _asked(item, sheet)
    without = np.nan if item.not_reached_points is None else item.not_reached_points
    counted = asked & (given.any(axis=1) | (~sheet.reached & ~np.isnan(without)))
    findings = []
    for code, audience in enumerate(dict.fromkeys((*sheet.audiences, *item.target))):
        own = sheet.audience == code
        target = item.target.get(audience)
        if (target is None) != (not (own & counted).any()):
            findings.append(_no_target(item, audience, target))
        elif target is not None:
            weight = city_mean_weights(sheet.unit, len(quality), own & counted)
            missed = (weight * ~sheet.reached).sum()
            fixed = missed * without if missed else 0.0
            rows = own & counted & sheet.reached
            cells = (weight / np.maximum(given.sum(axis=1), 1))[rows, None] * given[rows]
            found = calibrate(_mean(scale, latent[rows], cells, fixed), target)
            if not found.reaches(target):
                findings.append(_unreachable(item, audience, target, found))
            latent[own] += found.intercept
    return np.where(given, scale.answer(latent), np.nan), findings


def _mean(
    scale: Steps | Seconds, latent: np.ndarray, weight: np.ndarray, fixed: float
) -> Callable[[float], float]:
    """Return mean points as a function of the intercept."""
    return lambda intercept: fixed + float((weight * scale.points_of(latent + intercept)).sum())


def _predictor(
    model: CampaignModel, item: ItemModel, sheet: _Sheet, quality: np.ndarray
) -> np.ndarray:
    """Return the linear predictor of an item, logits, shape (records,)."""
    effects = model.effects
    region, regions = pd.factorize(model.units["region"], use_na_sentinel=False)
    own = model.stream("indicator", item.indicator)
    city = effects.city * quality + effects.indicator * own.standard_normal(len(quality))
    city += (effects.region * own.standard_normal(len(regions)))[region]
    predictor = city[sheet.unit] + sheet.common
    if "scenario" in sheet.frame and item.kind in ("ordinal", "count"):
        scenario = pd.Index(model.scenarios).get_indexer(pd.Index(sheet.frame["scenario"]))
        shift = model.stream("scenario", item.item).standard_normal(len(model.scenarios))
        predictor += effects.scenario * shift[scenario]
    return predictor


def _asked(item: ItemModel, sheet: _Sheet) -> np.ndarray:
    """Return which records an item is asked of, bool, shape (records,)."""
    asked = np.ones(len(sheet.unit), dtype=bool)
    for column, values in item.where.items():
        asked &= sheet.frame[column].isin(values).to_numpy()
    return asked


def _typed(answers: np.ndarray) -> pd.Series:
    """Whole numbers as Int64, anything else as strings."""
    column = pd.Series(answers, dtype="str")
    there = column.dropna()
    return column.astype("Int64") if there.str.fullmatch(r"-?(?:0|[1-9]\d*)").all() else column


def _finding(check: str, item: ItemModel, expected: str, got: str, hint: str) -> Finding:
    return Finding(check, Severity.ERROR, column=item.item, expected=expected, got=got, hint=hint)


def _no_target(item: ItemModel, audience: str, target: float | None) -> Finding:
    if target is None:
        return _finding(
            "no-target", item, f"mean points wanted for {audience}", "none",
            "give a target for every audience that is asked the item",
        )  # fmt: skip
    return _finding(
        "nobody-asked", item, f"records of {audience} to reach {target:g} points", "none",
        "check `where`, or drop the target",
    )  # fmt: skip


def _unreachable(item: ItemModel, audience: str, target: float, found: Calibrated) -> Finding:
    return _finding(
        "target-out-of-reach", item,
        f"a target from {found.low:.2f} to {found.high:.2f} for {audience}", f"{target:g}",
        "unanswered calls, or the points of the answers, leave no other means",
    )  # fmt: skip


def _names(names: Sequence[str], code: np.ndarray) -> np.ndarray:
    return np.array(names, dtype=object)[code]


def _ids(prefix: str, size: int) -> np.ndarray:
    number = pd.Series(np.arange(1, size + 1)).astype("str").str.zfill(len(str(size)))
    return (prefix + number).to_numpy(dtype=object)


def _centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean()


def _rank_in(group: np.ndarray) -> np.ndarray:
    """Return each record's place among the records of its group, from 0, in their order."""
    return pd.Series(group).groupby(group).cumcount().to_numpy()


def _off_hours(start: float, end: float) -> bool:
    middle = (start + end) / 2
    return 12 <= middle < 14 or middle >= 17.5


def _deal(model: CampaignModel, unit: np.ndarray) -> np.ndarray:
    """Deal the calls to shoppers in shuffled rounds: each gets as many, give or take one."""
    random = model.chance("deal")
    rounds = np.tile(np.arange(model.shoppers), (-(-len(unit) // model.shoppers), 1))
    dealt = random.permuted(rounds, axis=1).ravel()[: len(unit)]
    within = np.lexsort((random.random(len(unit)), random.permutation(unit.max() + 1)[unit]))
    shopper = np.empty_like(dealt)
    shopper[within] = dealt
    return shopper


def _call_times(model: CampaignModel, shopper: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """Spread the calls of a shopper in a slot evenly over the days, in random order.

    As long as a shopper has no more calls in a slot than there are days, no two share a day.
    """
    random = model.chance("times")
    group, order = shopper * len(model.slots) + slot, random.permutation(len(slot))
    place = np.empty_like(group)
    place[order] = _rank_in(group[order])
    spacing = len(model.workdays) / np.bincount(group)[group]
    day = (place + random.random(group.max() + 1)[group]) * spacing
    within = np.where(spacing < 1, day % 1, random.random(len(slot)))
    hours = np.array(list(model.slots.values()), dtype=float)
    return _times(model, day.astype(int), hours, slot, within)


def _times(
    model: CampaignModel, day: np.ndarray, hours: np.ndarray, band: np.ndarray, within: np.ndarray
) -> np.ndarray:
    start, end = hours[band].T
    seconds = (3600 * (start + within * (1 - SPARE) * (end - start))).astype("timedelta64[s]")
    return (model.workdays[day].astype("datetime64[s]") + seconds).astype("datetime64[us]")
