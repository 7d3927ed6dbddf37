"""Bursts: many questionnaires from one unit or one device in a short time."""

import numpy as np
from scipy.special import pdtrc

from survey.checks.sheet import FEWEST, Found, Sheet, marked, warning

_LEAST_BURST = 5
_LEAST_DEVICE = 3


def bursts(sheet: Sheet) -> Found:
    """Find windows of time with more questionnaires of a unit than its rate allows.

    Notes
    -----
    A scan statistic of fixed width: the count in the window that each record opens, against the
    count expected were the unit's questionnaires spread over time as those of all other units
    are (the space-time permutation model of Kulldorff et al. 2005), or evenly over the hours in
    which there are any, whichever is more. Poisson tail, Bonferroni over all windows. Days and
    hours at which everybody answers more are allowed for in this way.
    """
    width = 60 * sheet.plan.settings.burst_minutes
    rows = np.flatnonzero(np.isfinite(sheet.clock))
    if len(rows) < FEWEST:
        return
    unit, time = sheet.codes("unit")[rows], sheet.time[rows]
    order = np.lexsort((time, unit))
    rows, unit, time = rows[order], unit[order], time[order]
    first, count, expected = _windows(unit, time, width)
    crowded = np.flatnonzero(count >= _LEAST_BURST)
    tail = pdtrc(count[crowded] - 1, expected[crowded])
    opening = crowded[tail * len(rows) < sheet.plan.settings.chance]
    edges = np.zeros(len(rows) + 1, dtype=np.int64)
    np.add.at(edges, first[opening], 1)
    np.add.at(edges, first[opening] + count[opening], -1)
    inside = np.cumsum(edges[:-1]) > 0
    wrong = np.zeros(len(sheet.frame), dtype=bool)
    wrong[rows[inside]] = True
    found = warning(
        "burst",
        "started_at",
        f"questionnaires of a unit that come at its own rate within {width / 60:g} minutes",
        f"bursts in {len(np.unique(unit[inside]))} units",
        "find out who sent them, and from where; keep them out of scores until explained",
    )
    yield from marked(sheet, found, wrong)


def _windows(
    unit: np.ndarray, time: np.ndarray, width: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return first record, count and expected count of the window that each record opens.

    The records are in the order of unit and time.
    """
    size = len(time)
    span = time.max() - time.min() + width + 1
    line = unit * span + (time - time.min())
    own = np.searchsorted(line, line + width, side="right") - np.arange(size)
    everybody = np.sort(time)
    window = np.searchsorted(everybody, time + width, side="right")
    window = window - np.searchsorted(everybody, time, side="left")
    members = np.bincount(unit)[unit]
    others = np.maximum(size - members, 1)
    elsewhere = members * (window - own + 1) / others
    hours = len(np.unique(time // 3600))
    evenly = members * width / (3600 * hours)
    return np.arange(size), own, np.maximum(elsewhere, evenly)


def same_device(sheet: Sheet) -> Found:
    """Find devices from which far more questionnaires came than from others.

    Notes
    -----
    Where most devices sent one, the number from a device is taken for geometric with the share
    of devices that sent more than one; Bonferroni over the devices. Where most sent several
    (interviewers' tablets) nothing is said.
    """
    if "device" not in sheet.frame:
        return
    device = sheet.codes("device")
    known = device >= 0
    sent = np.bincount(device[known]) if known.any() else np.zeros(0, dtype=np.int64)
    if len(sent) < FEWEST or np.median(sent) > 1:
        return
    again = max(np.mean(sent > 1), 1 / len(sent))
    chance = again ** np.maximum(sent - 1.0, 0)
    many = (sent >= _LEAST_DEVICE) & (chance * len(sent) < sheet.plan.settings.chance)
    wrong = known & np.append(many, False)[device]
    found = warning(
        "same-device",
        "device",
        "a questionnaire or two from a device",
        f"many from each of {np.count_nonzero(many)} devices",
        "see whether they are shared or one person's; keep one a person",
    )
    yield from marked(sheet, found, wrong)
