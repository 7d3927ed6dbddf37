"""Calendars of planned calls, as iCalendar files (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = 75
"""Octets of a line, without its end (RFC 5545, section 3.1)."""
ZONE = "Asia/Shanghai"
HEAD = f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//hotline-index//call plan//ZH
CALSCALE:GREGORIAN
METHOD:PUBLISH
BEGIN:VTIMEZONE
TZID:{ZONE}
BEGIN:STANDARD
DTSTART:19910915T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0800
TZNAME:CST
END:STANDARD
END:VTIMEZONE"""
"""China has had no summer time since it ended on 15 September 1991."""


@dataclass(frozen=True)
class Event:
    """Something to be done in some hours of a day.

    Parameters
    ----------
    uid
        The same for the same event in every calendar, so that a second import replaces the first.
    day
        Midnight of the day, local time.
    hours
        First and last hour; None for the whole day.
    summary, description
        One line, and any number.
    """

    uid: str
    day: datetime
    hours: tuple[float, float] | None
    summary: str
    description: str


def calendar_text(events: Iterable[Event], stamp: datetime) -> str:
    """Write events as the text of an iCalendar file.

    Parameters
    ----------
    events
        In the order of the file.
    stamp
        When the calendar counts as made, in UTC; given, so that the same plan gives the same
        bytes.

    Returns
    -------
    Lines of at most 75 octets of UTF-8, each ended by CR LF.
    """
    made = f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    lines = HEAD.split("\n")
    for event in events:
        lines += ["BEGIN:VEVENT", f"UID:{event.uid}", made, *_when(event)]
        lines += [f"SUMMARY:{escaped(event.summary)}"]
        lines += [f"DESCRIPTION:{escaped(event.description)}", "END:VEVENT"]
    return "".join(f"{folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _when(event: Event) -> list[str]:
    if event.hours is None:
        after = event.day + timedelta(days=1)
        return [
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{after:%Y%m%d}",
            "TRANSP:TRANSPARENT",
        ]
    start, end = (event.day + timedelta(hours=hour) for hour in event.hours)
    return [
        f"DTSTART;TZID={ZONE}:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={ZONE}:{end:%Y%m%dT%H%M%S}",
    ]


def escaped(text: str) -> str:
    """Return a text as a TEXT value (RFC 5545, section 3.3.11)."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """Fold a line after 75 octets at most, never within a character."""
    parts, size, limit = [""], 0, LONGEST
    for character in line:
        octets = len(character.encode())
        if size + octets > limit:
            parts.append("")
            size, limit = 0, LONGEST - 1
        parts[-1] += character
        size += octets
    return "\r\n ".join(parts)
