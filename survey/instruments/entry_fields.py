"""The columns of an entry sheet: what each shows, and what helps in filling it in."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.contracts import Column, Contract
from survey.instruments.model import NUMERIC, Instrument, Lang, Question, Section
from survey.instruments.wording import answer_list, condition, number_range

SAID: dict[Lang, dict[str, str]] = {
    "zh": {
        "instructions": "填写说明",
        "sheet": "填写工作表“{sheet}”，每行一条记录；不要改动第一行的列名，不要合并单元格。",
        "choose": "有下拉框的单元格只能从列表中选；灰色单元格无须填写；黄色单元格还须填写。",
        "paste": "从别处粘贴时请用“选择性粘贴—数值”，否则会覆盖下拉框和校验。",
        "save": "填完存为 xlsx，交回项目组。",
        "header": "列名|题目|必填|何时填写|填什么",
        "yes": "必填",
        "one": "请选择",
        "several": "可填多个代码，用空格隔开",
        "time": "年-月-日 时:分，如 2021-03-05 09:05",
        "text": "文字",
        "wrong": "填写有误",
        "listed": "请从下拉列表中选择。",
        "number": "请填{range}。",
        "date": "请填日期和时间，如 2021-03-05 09:05。",
    },
    "en": {
        "instructions": "instructions",
        "sheet": "Fill in the sheet “{sheet}”, one row a record. Leave the first row as it is; "
        "merge no cells and add no headers.",
        "choose": "Cells with a list take its entries only. Grey cells need no answer; yellow ones "
        "are still to be filled in.",
        "paste": "Paste values only, or lists and checks are overwritten.",
        "save": "Save it as xlsx in the folder of the edition.",
        "header": "Column|Question|Required|When|What to enter",
        "yes": "required",
        "one": "choose",
        "several": "one or more codes, with blanks between",
        "time": "year-month-day hour:minute, such as 2021-03-05 09:05",
        "text": "text",
        "wrong": "Not accepted",
        "listed": "Choose from the list.",
        "number": "Enter {range}.",
        "date": "Enter a date and time, such as 2021-03-05 09:05.",
    },
}
"""What a sheet says beside the instrument's own words."""


@dataclass(frozen=True)
class Field:
    """One column of the sheet.

    Parameters
    ----------
    position
        From 0.
    section, question
        What is asked.
    words
        What the drop-down shows for each value, none without one.
    """

    position: int
    section: Section
    question: Question
    words: dict[str, str]

    @property
    def letter(self) -> str:
        """Its letters in a spreadsheet."""
        from xlsxwriter.utility import xl_col_to_name

        return xl_col_to_name(self.position)

    @property
    def cells(self) -> str:
        """Its first cell below the header, as a formula names it, with the column held."""
        return f"${self.letter}2"


def sheet_fields(
    instrument: Instrument, contract: Contract, lang: Lang, units: Sequence[str]
) -> list[Field]:
    """Return the columns of a sheet, as `survey.instruments.entry_sheet` writes them."""
    columns = {column.name: column for column in contract.columns}
    pairs = [(s, q) for s in instrument.sections for q in s.questions if q.kind != "note"]
    """Return the columns of an instrument's sheet, see `entry_sheet.write_entry_sheet`."""
    return [
        Field(position, section, question, _words(instrument, question, columns, lang, units))
        for position, (section, question) in enumerate(pairs)
    ]


def _words(
    instrument: Instrument,
    question: Question,
    columns: dict[str, Column],
    lang: Lang,
    units: Sequence[str],
) -> dict[str, str]:
    if question.name == "unit" and question.kind == "text":
        return {unit: unit for unit in units}
    if question.kind == "multiple":
        return {}
    column, answers = columns.get(question.name), instrument.answers(question)
    if column is None or lang == "en":
        return {value: value for value in answers}
    read = dict(zip(column.allowed, column.allowed_zh, strict=False))
    return {value: read.get(value, value) for value in answers}


def help_lines(field: Field, instrument: Instrument, lang: Lang) -> list[str]:
    """Return what helps in filling a cell: when, what, and the hint."""
    question, said = field.question, SAID[lang]
    when = condition(instrument, field.section.when | question.when, lang)
    hint = question.hint[lang] if question.hint else ""
    told = f"{when}时填写" if lang == "zh" else f"where {when}"
    required = said["yes"] if question.required else ""
    return [told if when else "", _what(field, instrument, lang), hint, required]


def _what(field: Field, instrument: Instrument, lang: Lang) -> str:
    question, said = field.question, SAID[lang]
    colon = "：" if lang == "zh" else ": "
    if question.kind == "multiple":
        return f"{said['several']}{colon}{answer_list(instrument, question, lang)}"
    if instrument.answers(question):
        labels = {value: words[lang] for value, words in instrument.answers(question).items()}
        told = [
            label if field.words[value] == label else f"{field.words[value]} {label}"
            for value, label in labels.items()
        ]
        return f"{said['one']}{colon}{('；' if lang == 'zh' else '; ').join(told)}"
    if question.kind == "datetime":
        return said["time"]
    return number_range(question, lang) if question.kind in NUMERIC else said["text"]
