"""Hours: the hours that a slot's label tells."""

import re

_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\D+(\d{1,2})[:：](\d{2})")


def parse_hours(label: str) -> tuple[float, float] | None:
    """Return start and end of a label such as ``08:00–10:00`` in hours, or None.

    Parameters
    ----------
    label
        Words around the hours are passed over; so is a label whose end is not after its start.
    """
    found = _HOURS.search(label)
    if not found:
        return None
    start, start_minutes, end, end_minutes = map(int, found.groups())
    hours = start + start_minutes / 60, end + end_minutes / 60
    return hours if 0 <= hours[0] < hours[1] <= 24 else None
