"""The days of a campaign: which are worked, and which are weekends and holidays."""

from datetime import date, timedelta

import numpy as np

from survey.findings import Finding, InputError, Severity
from survey.plan.settings import PlanSettings


def campaign_days(settings: PlanSettings, file: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Return the working days and the days off from the first day to the last.

    Parameters
    ----------
    settings
        The plan's.
    file
        What findings call the file that they stand in.

    Returns
    -------
    Two arrays of datetime64[D], rising.

    Raises
    ------
    InputError
        Where the calendar of a year is not known, or a kind of day is wanted that there is none
        of.

    Notes
    -----
    Days off and working weekends (调休) are the State Council's notices of each year, as the
    library `chinesecalendar` (MIT) holds them; a year it does not hold is refused, for holidays of
    China cannot be computed beforehand.
    """
    span = (settings.end - settings.start).days + 1
    days = [settings.start + timedelta(days=n) for n in range(span)]
    listed = settings.holidays
    if listed == "china":
        worked = np.array([_is_workday(day, file) for day in days])
    else:
        weekend = np.array([day.weekday() > 4 for day in days])
        free, made_up = (
            np.array([day in set(some) for day in days])
            for some in (listed, settings.working_weekends)
        )
        worked = ~free & (~weekend | made_up)
    every = np.array(days, dtype="datetime64[D]")
    _refuse_none(settings, worked, file)
    return every[worked], every[~worked]


def _is_workday(day: date, file: str) -> bool:
    import chinese_calendar

    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        known = sorted({each.year for each in chinese_calendar.constants.holidays})
        raise InputError(
            [
                Finding(
                    "calendar-unknown", Severity.ERROR, file, None, "plan.holidays",
                    f"a campaign within {known[0]} to {known[-1]}, or its days off listed",
                    f"the year {day.year}",
                    "list holidays and working_weekends as the State Council's notice sets them, "
                    "or update the package chinesecalendar",
                )
            ]
        ) from None  # fmt: skip


def _refuse_none(settings: PlanSettings, worked: np.ndarray, file: str) -> None:
    share = settings.off_days
    kinds = ((share < 1, worked, "working day"), (share > 0, ~worked, "day off"))
    for wanted, there, kind in kinds:
        if wanted and not there.any():
            got = f"none from {settings.start} to {settings.end}"
            raise InputError(
                [
                    Finding(
                        "no-day", Severity.ERROR, file, None, "plan", f"a {kind} of the campaign",
                        got, "change start, end, or off_days",
                    )
                ]
            )  # fmt: skip
