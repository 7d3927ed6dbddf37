"""An instrument as an Excel sheet to enter records in, which the intake reads back."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from survey.contracts import Contract
from survey.instruments.entry_fields import SAID, Field, help_lines, sheet_fields
from survey.instruments.files import whole_book
from survey.instruments.model import NUMERIC, Instrument, Lang
from survey.instruments.wording import number_range

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 500
LISTS = "lists"
TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
"""Characters that Excel shows of the title and the text of a message."""
EARLIEST, LATEST = pd.Timestamp("2000-01-01"), pd.Timestamp("2099-12-31")


def write_entry_sheet(
    instrument: Instrument,
    path: Path,
    contract: Contract,
    *,
    lang: Lang = "zh",
    frame: pd.DataFrame | None = None,
    units: Sequence[str] = (),
    rows: int = ROWS,
) -> None:
    """Write an Excel sheet in which records are entered; the same content gives the same bytes.

    Parameters
    ----------
    instrument
        A loaded instrument; its questions are the columns.
    path
        An ``.xlsx`` file, written whole or not at all.
    contract
        Of the instrument's table, with what the indicator system asks
        (`survey.contracts.Contract.asking`): where it reads Chinese words, the lists show them.
    lang
        Of messages and instructions; in English the lists show values.
    frame
        Known cells of the first records, such as those of a plan; columns that the instrument
        does not have are left out.
    units
        Names offered for the column ``unit``; without, it is typed.
    rows
        For how many records the lists and checks are laid out, at least.
    """
    fields = sheet_fields(instrument, contract, lang, units)
    known = pd.DataFrame() if frame is None else frame.reset_index(drop=True)
    last = max(len(known), rows)
    sheet_name = contract.zh if lang == "zh" else contract.table
    with whole_book(path, instrument.title[lang]) as book:
        sheet = book.add_worksheet(sheet_name)
        _write_instructions(book, instrument, fields, sheet_name, lang)
        lists = book.add_worksheet(LISTS)
        lists.hide()
        for field in fields:
            _write_header(book, sheet, field, instrument, lang)
            _write_checks(sheet, lists, field, instrument, last, lang)
        _mark_cells(book, sheet, fields, instrument, contract.key[0], last)
        _write_known(sheet, fields, known)
        held = [field.position for field in fields if field.question.name == "unit"]
        sheet.freeze_panes(1, held[0] + 1 if held else 1)


def known_rows(instrument: Instrument, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a plan that are for an instrument: those of its audience and channel.

    Parameters
    ----------
    instrument
        A loaded instrument.
    frame
        One row a record, with values or blanks. A column that the instrument fixes (the audience
        of a sheet) keeps only the rows of the same value and the blank ones.
    """
    kept = pd.Series(True, index=frame.index)
    for question in instrument.questions:
        fixed = instrument.fixed(question)
        if fixed and question.name in frame:
            words = (fixed, instrument.answers(question)[fixed].zh)
            kept &= frame[question.name].isna() | frame[question.name].isin(words)
    return frame[kept]


def _write_header(
    book: "Workbook", sheet: "Worksheet", field: Field, instrument: Instrument, lang: Lang
) -> None:
    colour = "#5B6B7B" if field.section.office else "#1F4E79"
    look = {"bold": True, "font_color": "white", "bg_color": colour, "border": 1}
    header = book.add_format(look | {"border_color": "white", "valign": "vcenter"})
    question = field.question
    sheet.write_string(0, field.position, question.name, header)
    parts = [question.zh, question.en, *help_lines(field, instrument, lang)]
    text = "\n".join(part for part in parts if part)
    size = {"x_scale": 2.4, "y_scale": max(1, (text.count("\n") + len(text) // 30) / 5)}
    sheet.write_comment(0, field.position, text, size | {"author": ""})
    width = max(len(question.name) + 2, *(2 * len(word) + 3 for word in field.words.values()), 10)
    if question.kind == "text":
        width = max(width, 36 if not (field.section.office or question.required) else 16)
    shown = {"text": "@", "multiple": "@", "datetime": "yyyy-mm-dd hh:mm"}.get(question.kind)
    width = max(width, 17) if question.kind == "datetime" else width
    sheet.set_column(
        field.position,
        field.position,
        min(width, 40),
        book.add_format({"num_format": shown}) if shown else None,
    )


def _write_checks(
    sheet: "Worksheet",
    lists: "Worksheet",
    field: Field,
    instrument: Instrument,
    last: int,
    lang: Lang,
) -> None:
    question, said = field.question, SAID[lang]
    rule = _rule(lists, field)
    error = said["listed"] if field.words else said["date"]
    if rule["validate"] in ("integer", "decimal"):
        error = said["number"].format(range=number_range(question, lang))
    message = "\n".join(part for part in help_lines(field, instrument, lang) if part)
    shown = {
        "input_title": question.label[lang][:TITLE_LIMIT],
        "input_message": message[:MESSAGE_LIMIT],
        "error_title": said["wrong"],
        "error_message": error,
    }
    sheet.data_validation(1, field.position, last, field.position, rule | shown)


def _rule(lists: "Worksheet", field: Field) -> dict[str, Any]:
    question = field.question
    if field.words:
        numeric = question.kind == "likert"
        entries = [float(word) if numeric else word for word in field.words.values()]
        lists.write_column(0, field.position, [question.name, *entries])
        column = f"${field.letter}"
        return {"validate": "list", "source": f"={LISTS}!{column}$2:{column}${len(entries) + 1}"}
    if question.kind == "datetime":
        span = {"minimum": EARLIEST.to_pydatetime(), "maximum": LATEST.to_pydatetime()}
        return {"validate": "date", "criteria": "between"} | span
    low, high = question.minimum, question.maximum
    if question.kind not in NUMERIC or (low, high) == (None, None):
        return {"validate": "any"}
    if low is None or high is None:
        sign, limit = ("<=", high) if low is None else (">=", low)
        return {"validate": question.kind, "criteria": sign, "value": limit}
    return {"validate": question.kind, "criteria": "between", "minimum": low, "maximum": high}


def _mark_cells(
    book: "Workbook",
    sheet: "Worksheet",
    fields: Sequence[Field],
    instrument: Instrument,
    key: str,
    last: int,
) -> None:
    """Grey what needs no answer after those before it, and mark what is still to be filled in."""
    needless = book.add_format({"bg_color": "#D9D9D9"})
    wanting = book.add_format({"bg_color": "#FFF2CC"})
    named = {field.question.name: field for field in fields}
    for field in fields:
        area = (1, field.position, last, field.position)
        when = field.section.when | field.question.when
        off = [_is_other(named[column], values) for column, values in when.items()]
        if off:
            formula = f"=OR({','.join(off)})"
            rule = {"type": "formula", "criteria": formula, "format": needless}
            sheet.conditional_format(*area, rule | {"stop_if_true": True})
        if field.question.required and key in named and field.question.name != key:
            formula = f'=AND({named[key].cells}<>"",{field.cells}="")'
            sheet.conditional_format(
                *area, {"type": "formula", "criteria": formula, "format": wanting}
            )


def _is_other(field: Field, values: Sequence[str]) -> str:
    if field.question.kind == "multiple":
        held = (f'ISNUMBER(SEARCH(" {value} "," "&{field.cells}&" "))' for value in values)
    else:
        held = (f'{field.cells}&""="{field.words[value]}"' for value in values)
    return f'AND({field.cells}<>"",NOT(OR({",".join(held)})))'


def _write_known(sheet: "Worksheet", fields: Sequence[Field], known: pd.DataFrame) -> None:
    for field in fields:
        if field.question.name not in known:
            continue
        for row, value in enumerate(known[field.question.name], start=1):
            if pd.isna(value):
                continue
            if field.question.kind in NUMERIC:
                sheet.write_number(row, field.position, float(value))
            elif field.question.kind == "datetime":
                sheet.write_datetime(row, field.position, pd.Timestamp(value).to_pydatetime())
            else:
                sheet.write_string(row, field.position, field.words.get(str(value), str(value)))


def _write_instructions(
    book: "Workbook",
    instrument: Instrument,
    fields: Sequence[Field],
    sheet_name: str,
    lang: Lang,
) -> None:
    said = SAID[lang]
    sheet = book.add_worksheet(said["instructions"])
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    heading = book.add_format({"bold": True, "font_size": 14})
    header = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
    sheet.write_string(0, 0, instrument.title[lang], heading)
    lines = [
        f"{instrument.id}  v{instrument.version}",
        instrument.introduction[lang],
        said["sheet"].format(sheet=sheet_name),
        *(said[each] for each in ("choose", "paste", "save")),
    ]
    for row, line in enumerate(lines, start=1):
        sheet.merge_range(row, 0, row, 4, line, wrapped)
        sheet.set_row(row, 15 * (1 + len(line) // (65 if lang == "zh" else 120)))
    top = len(lines) + 2
    sheet.write_row(top, 0, said["header"].split("|"), header)
    for row, field in enumerate(fields, start=top + 1):
        when, what, hint, required = help_lines(field, instrument, lang)
        stop = "。" if lang == "zh" else ". "
        told = stop.join(part for part in (what, hint) if part)
        cells = [field.question.name, field.question.label[lang], required, when, told]
        sheet.write_row(row, 0, cells, wrapped)
    for position, width in enumerate((24, 36, 9, 34, 60)):
        sheet.set_column(position, position, width)
