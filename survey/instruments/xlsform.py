"""An instrument as an XLSForm, for KoboToolbox, ODK and other tools that read it.

The form follows the XLSForm specification (https://xlsform.org): sheets ``survey``, ``choices``
and ``settings``, texts in Chinese and English, one group a section on a page of its own.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from survey.contracts import CONTRACTS
from survey.instruments.files import whole_book
from survey.instruments.model import Instrument, Question, Section, When, Words
from survey.instruments.wording import number_range

LANGUAGES = {"zh": "中文 (zh)", "en": "English (en)"}
REQUIRED = Words(zh="此题必填", en="This question must be answered")
START = "format-date-time(${start}, '%Y-%m-%d %H:%M:%S')"
TYPES = {
    "integer": "integer",
    "decimal": "decimal",
    "text": "text",
    "datetime": "dateTime",
    "note": "note",
}
"""What answers without a list are called."""
Row = dict[str, str]


def write_xlsform(instrument: Instrument, path: Path, units: Sequence[str] = ()) -> None:
    """Write an instrument as an XLSForm; the same instrument gives the same bytes.

    Parameters
    ----------
    instrument
        A loaded instrument. Its id and version become those of the form.
    path
        An ``.xlsx`` file, written whole or not at all.
    units
        Names offered for the column ``unit``; without, it is typed.
    """
    sheets = {
        "survey": list(survey_rows(instrument, units)),
        "choices": list(choice_rows(instrument, units)),
        "settings": [settings_row(instrument)],
    }
    with whole_book(path, instrument.title.zh) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            header = list(dict.fromkeys(key for row in rows for key in row))
            sheet.write_row(0, 0, header, book.add_format({"bold": True}))
            for position, row in enumerate(rows, start=1):
                sheet.write_row(position, 0, [row.get(key, "") for key in header])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(header) - 1, 24)


def settings_row(instrument: Instrument) -> Row:
    """Return the sheet ``settings``: title, id, version and the name of a submission."""
    key = CONTRACTS[instrument.table].key[0]
    return {
        "form_title": instrument.title.zh,
        "form_id": instrument.id.replace("-", "_"),
        "version": str(instrument.version),
        "default_language": LANGUAGES["zh"],
        "instance_name": f"${{{key}}}",
        "style": "pages",
    }


def choice_rows(instrument: Instrument, units: Sequence[str] = ()) -> Iterator[Row]:
    """Yield the sheet ``choices``: every list of answers that a question uses, once."""
    lists: dict[str, dict[str, Words]] = {}
    for question in instrument.questions:
        if answers := instrument.answers(question):
            lists[question.options or "yes_no"] = answers
    if units:
        lists["unit_names"] = {unit: Words(zh=unit, en=unit) for unit in units}
    for name, answers in lists.items():
        for value, words in answers.items():
            yield {"list_name": name, "name": value} | _translated("label", words)


def survey_rows(instrument: Instrument, units: Sequence[str] = ()) -> Iterator[Row]:
    """Yield the sheet ``survey``: times, introduction, and a group for each section."""
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": "end"}
    yield {"type": "note", "name": "introduction"} | _translated("label", instrument.introduction)
    for section in instrument.sections:
        yield {
            "type": "begin_group",
            "name": section.id,
            "appearance": "field-list",
            "relevant": expression(section.when),
        } | _translated("label", section.title)
        if section.note:
            name = f"{section.id}_note"
            yield {"type": "note", "name": name} | _translated("label", section.note)
        for question in section.questions:
            yield _row(instrument, section, question, units)
        yield {"type": "end_group", "name": section.id}


def expression(when: When) -> str:
    """Return a condition in XPath: ``selected(${outcome}, 'answered')``."""
    parts = []
    for column, values in when.items():
        either = " or ".join(f"selected(${{{column}}}, '{value}')" for value in values)
        parts.append(f"({either})" if len(values) > 1 and len(when) > 1 else either)
    return " and ".join(parts)


def _row(instrument: Instrument, section: Section, question: Question, units: Sequence[str]) -> Row:
    row = {"name": question.name}
    if calculation := _calculation(instrument, question):
        return {"type": "calculate"} | row | {"calculation": calculation}
    row |= {"type": TYPES.get(question.kind, "")} | _translated("label", _label(question))
    row["relevant"] = expression(question.when)
    if listed := _list_of(question, units):
        selecting = "select_multiple" if question.kind == "multiple" else "select_one"
        row["type"] = f"{selecting} {listed}"
    if question.hint and question.kind != "note":
        row |= _translated("hint", question.hint)
    if question.kind == "likert":
        row["appearance"] = "likert"
    elif listed == "unit_names":
        row["appearance"] = "minimal autocomplete"
    elif question.kind == "text" and not (section.office or question.required):
        row["appearance"] = "multiline"
    if question.required and question.kind != "note":
        row |= {"required": "yes"} | _translated("required_message", REQUIRED)
    return row | _constraint(question)


def _calculation(instrument: Instrument, question: Question) -> str:
    """Return how the form fills a question by itself, where it does."""
    if question.automatic == "id":
        return "once(uuid())"
    if question.automatic == "start":
        return START
    fixed = instrument.fixed(question)
    return f"'{fixed}'" if fixed else ""


def _list_of(question: Question, units: Sequence[str]) -> str:
    if question.name == "unit" and question.kind == "text" and units:
        return "unit_names"
    return "yes_no" if question.kind == "yes_no" else question.options or ""


def _label(question: Question) -> Words:
    """Return the label with what the caller says below it, set apart."""
    if question.say is None:
        return question.label
    return Words(
        zh=f"{question.zh}\n\n**话术：**{question.say.zh}",
        en=f"{question.en}\n\n**Say:** {question.say.en}",
    )


def _constraint(question: Question) -> Row:
    limits = ((">=", question.minimum), ("<=", question.maximum))
    parts = [f". {sign} {limit:g}" for sign, limit in limits if limit is not None]
    if not parts:
        return {}
    told = Words(
        zh=f"请填{number_range(question, 'zh')}", en=f"Enter {number_range(question, 'en')}"
    )
    return {"constraint": " and ".join(parts)} | _translated("constraint_message", told)


def _translated(column: str, words: Words) -> Row:
    return {f"{column}::{LANGUAGES['zh']}": words.zh, f"{column}::{LANGUAGES['en']}": words.en}
