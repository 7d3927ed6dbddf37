"""What a shopper gets: the calls to make in order, and sheets to enter their records in."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from survey.contracts import CONTRACTS
from survey.instruments.files import whole_book

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

HEADERS = {
    "date": ("日期", "Date", 12),
    "weekday": ("星期", "Day", 8),
    "hours": ("时段", "Hours", 14),
    "unit": ("评估对象", "Unit", 18),
    "audience": ("身份", "Caller", 12),
    "scenario": ("情景", "Scenario", 14),
    "channel": ("渠道", "Channel", 10),
    "call_id": ("拨测编号", "Call", 11),
    "recording": ("录音编号", "Recording", 11),
}
"""Of the columns of a shopper's calls: zh, en, and width in characters."""
WEEKDAYS = ("周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu", "周五 Fri", "周六 Sat", "周日 Sun")
TITLES = {
    "main": ("拨测", "Calls"),
    "double": ("双录", "Second codings"),
    "back_check": ("复核", "Back-checks"),
}
CHANNELS = {"phone": "电话"}
TOLD = {
    "main": (
        "按日期和时段拨打；不能按时完成的，当天报督导另行安排，不要自行调换。拨打时须录音，录音以“录音编号”命名。",
        "Call on the day and in the hours given; report what cannot be done on that day, and "
        "swap nothing yourself. Record each call and name the file after the recording.",
    ),
    "double": (
        "听录音独立记录，不与原拨测员商量，不看其记录；“日期”为原通话日期。",
        "Code the recording on your own, without seeing or asking for the first coding; the date "
        "is that of the call.",
    ),
    "back_check": (
        "听录音核对拨测是否属实、情景是否按脚本执行、记录是否准确；“日期”为原通话日期。",
        "Listen whether the call was made, kept to its scenario, and was recorded as heard; the "
        "date is that of the call.",
    ),
}


def words_of(column: str) -> Mapping[str, str]:
    """Return the Chinese word of each value of a column of calls, where its contract has one."""
    found = CONTRACTS["calls"][column]
    return dict(zip(found.allowed, found.allowed_zh, strict=False))


def readable(plan: pd.DataFrame, hours: Mapping[str, str]) -> pd.DataFrame:
    """Return rows of a plan as people read them.

    Parameters
    ----------
    plan
        The columns of the contract `plan`.
    hours
        Label of each slot.

    Returns
    -------
    The columns of `HEADERS`, and role.
    """
    said = {name: plan[name].replace(dict(words_of(name))) for name in ("audience", "scenario")}
    return plan.assign(
        **said,
        weekday=plan["date"].dt.day_of_week.map(dict(enumerate(WEEKDAYS))),
        hours=plan["slot"].replace(dict(hours)),
        channel=plan["channel"].replace(CHANNELS),
    )[[*HEADERS, "role"]]


def write_calls(told: pd.DataFrame, path: Path, title: str, name: str) -> None:
    """Write a shopper's calls and second codings, a sheet each.

    Parameters
    ----------
    told
        What `readable` returns, of one shopper.
    path
        An ``.xlsx`` file.
    title, name
        Of the campaign, and of the shopper.
    """
    with whole_book(path, f"{title} {name}") as book:
        for role, (zh, en) in TITLES.items():
            own = told[told["role"] == role]
            if len(own):
                _write_sheet(book, book.add_worksheet(f"{zh} {en}"), own, role, f"{title}　{name}")


def _write_sheet(
    book: "Workbook", sheet: "Worksheet", told: pd.DataFrame, role: str, title: str
) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    header = book.add_format(
        {"bold": True, "bg_color": "#1F4E79", "font_color": "white", "text_wrap": True, "border": 1}
    )
    last = len(HEADERS) - 1
    sheet.write_string(0, 0, f"{title}　{len(told)}")
    sheet.set_row(0, 22, bold)
    for row, text in enumerate(TOLD[role], start=1):
        sheet.merge_range(row, 0, row, last, text, wrapped)
        sheet.set_row(row, 30)
    for column, (key, (zh, en, width)) in enumerate(HEADERS.items()):
        form = book.add_format(_look(key))
        sheet.set_column(column, column, width, form)
        sheet.write_string(3, column, f"{zh}\n{en}", header)
        write: Any = sheet.write_datetime if key == "date" else sheet.write_string
        for row, value in enumerate(told[key], start=4):
            write(row, column, value.to_pydatetime() if key == "date" else str(value), form)
    sheet.set_row(3, 32)
    sheet.freeze_panes(4, 0)
    sheet.autofilter(3, 0, 3 + max(len(told), 1), last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)


def _look(key: str) -> dict[str, Any]:
    return {"border": 1, "border_color": "#D9D9D9"} | (
        {"num_format": "yyyy-mm-dd", "align": "left"} if key == "date" else {}
    )
