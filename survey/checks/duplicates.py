"""Records made of others: copies, and answer sheets filled in alike."""

import numpy as np
from scipy.special import pdtrc

from survey.checks.coding import SCALE_ITEMS, hashed
from survey.checks.sheet import FEWEST, Found, Sheet, marked, named, warning
from survey.contracts import CONTRACTS


def duplicate_records(sheet: Sheet) -> Found:
    """Find records that equal another in all but the id; two codings of a recording may.

    Records without a time and with fewer than `SCALE_ITEMS` answers are left alone: two busy
    calls are easily alike.
    """
    alike, first = _copies(sheet)
    ids = sheet.frame[CONTRACTS[sheet.table].key[0]].to_numpy(dtype=object)
    copies = alike & (first >= 0) & (first != np.arange(len(first)))
    finding = warning(
        "duplicate-records",
        "",
        "records that differ in more than the id",
        f"copies of other records; {named(ids[alike].tolist())} are alike",
        "remove them, or give two codings of one call the same recording",
    )
    yield from marked(sheet, finding, copies, first)


def _copies(sheet: Sheet) -> tuple[np.ndarray, np.ndarray]:
    """Return which records equal another, and the first that each of them equals (or -1)."""
    frame = sheet.frame
    items = [answer.name for answer in sheet.plan.items(sheet.table)]
    answered = np.zeros(len(frame), dtype=np.int32)
    for name in items:
        answered += frame[name].notna().to_numpy()
    told = frame["started_at"].notna().to_numpy() | (answered >= SCALE_ITEMS)
    ids = [name for name in (*CONTRACTS[sheet.table].key, "recording") if name in frame]
    if "recording" in frame:
        told &= (frame["recording"].isna() | ~frame["recording"].duplicated()).to_numpy()
    candidates = np.flatnonzero(told & _alike_in_part(sheet))
    first = np.full(len(frame), -1)
    alike = np.zeros(len(frame), dtype=bool)
    suspects = frame.iloc[candidates].drop(columns=ids)
    if len(suspects):
        group = suspects.groupby(list(suspects.columns), dropna=False, sort=False).ngroup()
        size = np.bincount(group.to_numpy())
        earliest = candidates[np.unique(group.to_numpy(), return_index=True)[1]]
        first[candidates] = earliest[group.to_numpy()]
        alike[candidates] = size[group.to_numpy()] > 1
    return alike, first


def _alike_in_part(sheet: Sheet) -> np.ndarray:
    """Return the records that equal another in unit, times and coded answers."""
    columns = [sheet.codes("unit").astype(np.int64)]
    columns += [np.nan_to_num(sheet.time, nan=-1).astype(np.int64)]
    columns += [sheet.coded.codes[:, place] for place in range(sheet.coded.codes.shape[1])]
    _, group, size = np.unique(hashed(columns), return_inverse=True, return_counts=True)
    return size[group] > 1


def identical_vectors(sheet: Sheet) -> Found:
    """Find groups of questionnaires of a unit with the very same answers to many items.

    Notes
    -----
    The number of records of a unit and level with a given vector of answers is taken for Poisson
    with mean ``n * prod(p)`` (`AnswerModel`), or by the share that the vector has in other units,
    one more record counted, where that is more: an answer sheet that is common everywhere tells
    nothing. Bonferroni over the groups. Straight lines are left to `straight_lining`.
    """
    coded = sheet.coded
    size = len(sheet.frame)
    if size < FEWEST or coded.codes.shape[1] < SCALE_ITEMS:
        return
    rows = np.flatnonzero((coded.answered >= SCALE_ITEMS) & ~coded.straight)
    vector = hashed([coded.codes[rows, place] for place in range(coded.codes.shape[1])])
    unit = sheet.codes("unit")[rows]
    _, vector, everywhere = np.unique(vector, return_inverse=True, return_counts=True)
    cell = vector.astype(np.int64) * (unit.max(initial=0) + 1) + unit
    _, first, group, count = np.unique(
        cell, return_index=True, return_inverse=True, return_counts=True
    )
    large = np.flatnonzero(count >= 3)
    sample = first[large]
    members = np.bincount(unit)[unit[sample]]
    level = sheet.model.level[rows]
    peers = np.bincount(unit * 128 + level, minlength=1)[unit[sample] * 128 + level[sample]]
    expected = peers * np.exp(-sheet.model.surprise(coded.codes, rows[sample]).sum(axis=1))
    elsewhere = (everywhere[vector[sample]] - count[large] + 1) / np.maximum(len(rows) - members, 1)
    chance = pdtrc(count[large] - 1, np.maximum(expected, members * elsewhere))
    odd = large[chance * max(len(count), 1) < sheet.plan.settings.chance]
    wrong = np.zeros(size, dtype=bool)
    wrong[rows] = np.isin(group, odd)
    finding = warning(
        "identical-vectors",
        "",
        f"answers to {coded.codes.shape[1]} items that differ between people",
        f"the very same answers in {len(odd)} group{'s' * (len(odd) != 1)} of one unit",
        "see who collected them and when; keep them out of scores until explained",
    )
    yield from marked(sheet, finding, wrong)
