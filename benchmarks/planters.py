"""Faults to plant into clean simulated records."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.clean_campaign import OPEN, Campaign, own_words
from survey.checks import Contradiction
from survey.contracts import CONTRACTS

SHARE = 0.01
"""Of the records of a table in which a fault is planted."""
Planted = tuple[Campaign, set[str]]
Planter = Callable[[Campaign, np.random.Generator], Planted]


# --------------------------------------------------------------------------- the planters


def _some(frame: pd.DataFrame, random: np.random.Generator, mask: np.ndarray | None = None,
          size: int | None = None) -> np.ndarray:  # fmt: skip
    """Draw positions of records, of those in `mask` where it is given."""
    among = np.arange(len(frame)) if mask is None else np.flatnonzero(mask)
    return np.sort(random.choice(among, size or max(int(SHARE * len(frame)), 1), replace=False))


def _key(table: str) -> str:
    return CONTRACTS[table].key[0]


def _ids(campaign: Campaign, table: str, rows: np.ndarray) -> set[str]:
    return set(campaign.tables[table][_key(table)].iloc[rows])


def _set(campaign: Campaign, table: str, rows: np.ndarray, **values: object) -> Campaign:
    """Write values into columns of some records."""
    frame = campaign.tables[table].copy()
    for name, value in values.items():
        column = frame[name].copy()
        column.iloc[rows] = value
        frame[name] = column
    return campaign.changed(table, frame)


def _answers(campaign: Campaign, table: str) -> list[str]:
    return [item.name for item in campaign.plan.closed_items(table)]


def _append(campaign: Campaign, table: str, more: pd.DataFrame) -> Planted:
    frame = campaign.tables[table]
    ids = [f"planted-{i}" for i in range(len(more))]
    whole = pd.concat([frame, more.assign(**{_key(table): ids})], ignore_index=True)
    whole.index = pd.RangeIndex(2, len(whole) + 2, name="row")
    return campaign.changed(table, whole), set(ids)


def _copies(table: str) -> Planter:
    def plant(campaign: Campaign, random: np.random.Generator) -> Planted:
        frame = campaign.tables[table]
        return _append(campaign, table, frame.iloc[_some(frame, random)])

    return plant


def _near_copies(table: str, changed: int) -> Planter:
    """Copy records a few minutes later, with some answers changed; the rest is kept."""

    def plant(campaign: Campaign, random: np.random.Generator) -> Planted:
        frame = campaign.tables[table]
        names = _answers(campaign, table)
        whole = frame[names].notna().sum(axis=1).to_numpy() >= len(names) * 0.6
        more = frame.iloc[_some(frame, random, whole)].copy()
        later = pd.to_timedelta(random.integers(60, 600, len(more)), unit="s")
        more["started_at"] = more["started_at"] + later
        for row in range(len(more)):
            given = [name for name in names if pd.notna(more[name].iloc[row])]
            for name in random.choice(given, changed, replace=False):
                others = frame[name].dropna().unique()
                column = more.columns.get_loc(name)
                more.iloc[row, column] = random.choice(others[others != more.iloc[row, column]])
        return _append(campaign, table, more)

    return plant


def _identical(campaign: Campaign, random: np.random.Generator) -> Planted:
    """Blocks of eight questionnaires of a unit with one set of answers, complete and varied."""
    frame, names = campaign.tables["responses"], _answers(campaign, "responses")
    blocks = []
    for unit in random.choice(frame["unit"].unique(), 12, replace=False):
        rows = random.choice(np.flatnonzero(frame["unit"] == unit), 8, replace=False)
        blocks.append(rows)
    rows = np.concatenate(blocks)
    vectors = np.repeat(random.integers(2, 6, (len(blocks), len(names))), 8, axis=0).astype(float)
    changed = frame.copy()
    changed.iloc[rows, [changed.columns.get_loc(name) for name in names]] = vectors
    return campaign.changed("responses", changed), _ids(campaign, "responses", rows)


def _not_made(campaign: Campaign, random: np.random.Generator) -> Planted:
    calls = campaign.tables["calls"]
    made = calls["started_at"] < calls["started_at"].max() - pd.Timedelta(days=2)
    rows = _some(calls, random, made.to_numpy())
    left = calls.drop(index=calls.index[rows])
    return campaign.changed("calls", left), _ids(campaign, "calls", rows)


def _unplanned(campaign: Campaign, random: np.random.Generator) -> Planted:
    schedule = campaign.tables["plan"]
    rows = _some(schedule, random)
    left = schedule.drop(index=schedule.index[rows])
    return campaign.changed("plan", left), set(schedule["call_id"].iloc[rows])


def _other(column: str) -> Planter:
    def plant(campaign: Campaign, random: np.random.Generator) -> Planted:
        calls = campaign.tables["calls"]
        rows = _some(calls, random)
        values = calls[column].unique()
        value = [random.choice(values[values != old]) for old in calls[column].iloc[rows]]
        return _set(campaign, "calls", rows, **{column: value}), _ids(campaign, "calls", rows)

    return plant


def _shifted(hours: Callable[[pd.Series, np.random.Generator], pd.Series]) -> Planter:
    def plant(campaign: Campaign, random: np.random.Generator) -> Planted:
        calls = campaign.tables["calls"]
        rows = _some(calls, random)
        moved = hours(calls["started_at"].iloc[rows], random)
        return _set(campaign, "calls", rows, started_at=moved.to_numpy()), _ids(
            campaign, "calls", rows
        )

    return plant


def _to_another_slot(times: pd.Series, random: np.random.Generator) -> pd.Series:
    """Move to the middle of another slot of two hours between 8 and 20."""
    own = (times.dt.hour - 8) // 2
    other = (own + random.integers(1, 6, len(times))) % 6
    return times.dt.normalize() + pd.to_timedelta(
        9 * 60 + other * 120 + times.dt.minute // 4, "min"
    )


def _into_the_night(times: pd.Series, random: np.random.Generator) -> pd.Series:
    return times.dt.normalize() + pd.to_timedelta(
        random.integers(21 * 60, 24 * 60, len(times)), "min"
    )


def _another_day(times: pd.Series, random: np.random.Generator) -> pd.Series:
    return times - pd.to_timedelta(random.integers(1, 9, len(times)), "D")


def _value(table: str, column: str, value: object, outcome: str = "") -> Planter:
    """Write one value into some records, of one outcome where it is named."""

    def plant(campaign: Campaign, random: np.random.Generator) -> Planted:
        frame = campaign.tables[table]
        mask = (frame["outcome"] == outcome).to_numpy(dtype=bool) if outcome else None
        size = None if mask is None else min(int(mask.sum()) // 2, int(SHARE * len(frame)))
        rows = _some(frame, random, mask, size)
        return _set(campaign, table, rows, **{column: value}), _ids(campaign, table, rows)

    return plant


def _overlaps(campaign: Campaign, random: np.random.Generator) -> Planted:
    """Start calls while the shopper's call before is still on."""
    calls = campaign.tables["calls"]
    long = (calls["talk_seconds"] > 150).to_numpy()
    first = _some(calls, random, long, int(SHARE * len(calls)))
    second = _some(calls, random, ~long, len(first))
    started = calls["started_at"].iloc[first] + pd.Timedelta(seconds=70)
    shopper = calls["shopper"].iloc[first]
    changed = _set(
        campaign, "calls", second, started_at=started.to_numpy(), shopper=shopper.to_numpy()
    )
    return changed, _ids(campaign, "calls", second)


def _branches(campaign: Campaign, random: np.random.Generator) -> Planted:
    calls = campaign.tables["calls"]
    asked = (calls["outcome"] == "answered") & (calls["scenario"] == "information")
    rows = _some(calls, random, asked.to_numpy())
    return _set(campaign, "calls", rows, case_accepted="yes"), _ids(campaign, "calls", rows)


def _blanks(table: str, share: float) -> Planter:
    def plant(campaign: Campaign, random: np.random.Generator) -> Planted:
        frame, names = campaign.tables[table], _answers(campaign, table)
        mask = (frame["outcome"] == "answered").to_numpy() if table == "calls" else None
        rows = _some(frame, random, mask)
        blank = np.zeros((len(frame), len(names)), dtype=bool)
        blank[rows] = random.random((len(rows), len(names))) < share
        changed = frame.copy()
        changed[names] = frame[names].mask(pd.DataFrame(blank, frame.index, names))
        return campaign.changed(table, changed), _ids(campaign, table, rows)

    return plant


def _contradictions(campaign: Campaign, random: np.random.Generator) -> Planted:
    """Clear what the rule forbids everywhere, as a form that skips items would, then plant it."""
    rule = Contradiction(
        table="calls", together={"answer_given": ("none",), "answer_correct": ("yes",)}
    )
    calls = campaign.tables["calls"]
    none = (calls["answer_given"] == "none").to_numpy(dtype=bool)
    skipped = _set(campaign, "calls", np.flatnonzero(none), answer_correct=None)
    rows = _some(calls, random, none)
    settings = campaign.plan.settings.model_copy(update={"contradictions": (rule,)})
    ruled = replace(skipped, plan=replace(campaign.plan, settings=settings))
    return _set(ruled, "calls", rows, answer_correct="yes"), _ids(campaign, "calls", rows)


def _straight(campaign: Campaign, random: np.random.Generator, other: int = 0,
              apart: bool = False) -> Planted:  # fmt: skip
    """Give one middling answer to every item, but for some `other` ones, at the end or `apart`."""
    frame, names = campaign.tables["responses"], _answers(campaign, "responses")
    rows = _some(frame, random)
    answers = np.repeat(random.integers(2, 5, (len(rows), 1)), len(names), axis=1).astype(float)
    for own in answers:
        places = random.choice(len(names), other, replace=False) if apart else slice(-other, None)
        if other:
            own[places] += random.choice([-1, 1], other)
    changed = frame.copy()
    changed.iloc[rows, [changed.columns.get_loc(name) for name in names]] = answers
    return campaign.changed("responses", changed), _ids(campaign, "responses", rows)


def _bursts(campaign: Campaign, random: np.random.Generator) -> Planted:
    """Fifteen questionnaires of a unit within eight minutes, in some units."""
    frame = campaign.tables["responses"]
    rows, times = [], []
    for unit in random.choice(frame["unit"].unique(), 12, replace=False):
        own = random.choice(np.flatnonzero(frame["unit"] == unit), 15, replace=False)
        begin = frame["started_at"].iloc[own[0]]
        rows.append(own)
        times.append(begin + pd.to_timedelta(np.sort(random.integers(0, 480, len(own))), "s"))
    rows = np.concatenate(rows)
    started = np.concatenate([each.to_numpy() for each in times])
    return _set(campaign, "responses", rows, started_at=started), _ids(campaign, "responses", rows)


def _devices(campaign: Campaign, random: np.random.Generator) -> Planted:
    frame = campaign.tables["responses"]
    rows = random.choice(len(frame), 120, replace=False)
    device = np.repeat([f"shared-{i}" for i in range(15)], 8)
    return _set(campaign, "responses", rows, device=device), _ids(campaign, "responses", rows)


def _texts(campaign: Campaign, random: np.random.Generator) -> Planted:
    """Texts that five questionnaires share, in most of them with one character more or less."""
    frame = campaign.tables["responses"]
    rows = random.choice(len(frame), 150, replace=False)
    base = own_words(60, random).dropna()
    base = base[base.str.len() > 12].to_numpy(dtype=object)[:30].repeat(5)
    ends = random.choice(np.array(["", "！", "啊", "呀", "的"], dtype=object), len(base))
    return _set(campaign, "responses", rows, **{OPEN: base + ends}), _ids(
        campaign, "responses", rows
    )


CALLS, RESPONSES = "calls", "responses"
PLANTERS: Mapping[str, tuple[tuple[str, str, Planter], ...]] = {
    "duplicate-records": (
        (CALLS, "copies under another id", _copies(CALLS)),
        (RESPONSES, "copies under another id", _copies(RESPONSES)),
    ),
    "near-duplicates": (
        (CALLS, "copies some minutes later, 1 answer changed", _near_copies(CALLS, 1)),
        (RESPONSES, "copies some minutes later, 3 answers changed", _near_copies(RESPONSES, 3)),
    ),
    "identical-vectors": ((RESPONSES, "8 alike in a unit", _identical),),
    "calls-not-made": ((CALLS, "calls left out", _not_made),),
    "unplanned-calls": ((CALLS, "calls without a plan", _unplanned),),
    "other-than-planned": tuple(
        (CALLS, f"another {column}", _other(column))
        for column in ("shopper", "slot", "scenario", "audience", "unit")
    ),
    "other-date": ((CALLS, "some days earlier", _shifted(_another_day)),),
    "outside-slot": ((CALLS, "in another slot", _shifted(_to_another_slot)),),
    "outside-hours": ((CALLS, "after 21:00", _shifted(_into_the_night)),),
    "impossible-time": (
        (CALLS, "a wait of 2 h", _value(CALLS, "wait_seconds", 7200.0)),
        (CALLS, "a talk of 6 h", _value(CALLS, "talk_seconds", 21600.0)),
    ),
    "talk-without-answer": ((CALLS, "talk on busy", _value(CALLS, "talk_seconds", 90.0, "busy")),),
    "wait-when-busy": ((CALLS, "wait on busy", _value(CALLS, "wait_seconds", 9.0, "busy")),),
    "zero-duration": (
        (CALLS, "talk of 0 s", _value(CALLS, "talk_seconds", 0.0, "answered")),
        (RESPONSES, "duration of 0 s", _value(RESPONSES, "duration_seconds", 0.0)),
    ),
    "short-talk": ((CALLS, "talk of 8 s", _value(CALLS, "talk_seconds", 8.0, "answered")),),
    "overlapping-calls": ((CALLS, "begun during another", _overlaps),),
    "answers-without-call": (
        (CALLS, "an answer on busy", _value(CALLS, "rating_invited", "yes", "busy")),
    ),
    "answered-when-not-asked": ((CALLS, "complaint item on information", _branches),),
    "many-blanks": (
        (CALLS, "most items blank", _blanks(CALLS, 0.8)),
        (RESPONSES, "two thirds blank", _blanks(RESPONSES, 2 / 3)),
    ),
    "contradiction": ((CALLS, "correct without an answer", _contradictions),),
    "straight-lining": ((RESPONSES, "one answer throughout", _straight),),
    "long-run": ((RESPONSES, "all but the last 3", lambda c, r: _straight(c, r, 3)),),
    "even-answers": ((RESPONSES, "all but 2, apart", lambda c, r: _straight(c, r, 2, True)),),
    "speeding": ((RESPONSES, "25 s", _value(RESPONSES, "duration_seconds", 25.0)),),
    "burst": ((RESPONSES, "15 in 8 minutes", _bursts),),
    "same-device": ((RESPONSES, "8 from a device", _devices),),
    "repeated-text": ((RESPONSES, "shared by 5, nearly", _texts),),
}
"""By check: the table, what is planted, and how."""
