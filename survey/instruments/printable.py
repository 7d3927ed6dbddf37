"""An instrument on paper: a PDF to print, read on the telephone and fill in by hand."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from survey.findings import Finding, InputError, Severity
from survey.instruments.files import whole_file
from survey.instruments.model import NUMERIC, Instrument, Lang, Question, Section
from survey.instruments.wording import condition, number_range

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("printable.typ")
FONTS = "pylopdf_fonts_zh_cn"
STANDARDS = "ua-1"
"""PDF/UA-1: tagged, so that a screen reader can read it."""
ROW, BESIDE = 45, 2.7
"""Width of a row, and of a box to tick with its gaps, in widths of a Chinese character."""
SAID: dict[Lang, dict[str, str]] = {
    "zh": {
        "office": "由{who}填写",
        "when": "{condition}时填写",
        "section_when": "本节在{condition}时填写",
        "several": "可多选",
        "say": "话术",
        "page": "第 {page} 页，共 {pages} 页",
        "date": "　　　　年　　月　　日　　时　　分",
        "respondent": "访问员",
        "other": "记录人",
        "required": "* 为必填项",
    },
    "en": {
        "office": "for the {who}",
        "when": "Only where {condition}",
        "section_when": "This section only where {condition}",
        "several": "more than one may apply",
        "say": "Say",
        "page": "Page {page} of {pages}",
        "date": "Date _________ Time ______",
        "respondent": "interviewer",
        "other": "person recording",
        "required": "* must be answered",
    },
}


def write_printable(instrument: Instrument, path: Path, lang: Lang = "zh") -> None:
    """Write an instrument as a PDF; the same instrument gives the same bytes.

    Parameters
    ----------
    instrument
        A loaded instrument.
    path
        A ``.pdf`` file, written whole or not at all.
    lang
        Of everything on it.

    Raises
    ------
    InputError
        With Typst's message, where it cannot be set.
    """
    import typst

    content = json.dumps(printed(instrument, lang), ensure_ascii=False)
    with tempfile.TemporaryDirectory() as folder, whole_file(path) as made:
        (Path(folder) / "form.json").write_text(content, encoding="utf-8")
        source = Path(folder) / TEMPLATE.name
        source.write_bytes(TEMPLATE.read_bytes())
        try:
            made.write_bytes(_set(typst.Compiler(str(source), root=folder, font_paths=_fonts())))
        except RuntimeError as error:
            got = getattr(error, "message", str(error))
            finding = Finding("typst", Severity.ERROR, path.name, got=got)
            raise InputError([finding]) from None


def _set(compiler: "typst.Compiler") -> bytes:
    data = compiler.compile(format="pdf", timestamp=0, pdf_standards=STANDARDS)
    if not isinstance(data, bytes):
        raise TypeError("Typst gave no single PDF")
    return data


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(files(FONTS))])


def printed(instrument: Instrument, lang: Lang) -> dict[str, Any]:
    """Return everything that stands on the pages, as ``printable.typ`` reads it.

    Questions outside the sections of the office are numbered; likert questions that follow each
    other with the same answers and condition make one table.
    """
    said = SAID[lang]
    asks_people = instrument.table == "responses"
    numbers = _numbers(instrument)
    who = said["respondent" if asks_people else "other"]
    return {
        "lang": lang,
        "id": f"{instrument.id}  v{instrument.version}",
        "title": instrument.title[lang],
        "introduction": instrument.introduction[lang],
        "said": said | {"office": said["office"].format(who=who)},
        "sections": [
            {
                "title": section.title[lang],
                "note": section.note[lang] if section.note else "",
                "when": _told(instrument, section, lang, "section_when"),
                "office": section.office,
                "blocks": list(_blocks(instrument, section, numbers, lang)),
            }
            for section in instrument.sections
        ],
    }


def _numbers(instrument: Instrument) -> dict[str, int]:
    asked = [
        question.name
        for section in instrument.sections
        if not section.office
        for question in section.questions
        if question.kind != "note"
    ]
    return {name: number for number, name in enumerate(asked, start=1)}


def _told(instrument: Instrument, asked: Question | Section, lang: Lang, how: str = "when") -> str:
    words = condition(instrument, asked.when, lang)
    return SAID[lang][how].format(condition=words) if words else ""


def _blocks(
    instrument: Instrument, section: Section, numbers: dict[str, int], lang: Lang
) -> Iterator[dict[str, Any]]:
    def alike(question: Question) -> object:
        if question.kind != "likert" or question.say or section.office:
            return question.name
        return question.options, tuple(question.when.items())

    for _, group in groupby(section.questions, alike):
        questions = list(group)
        rows = [_printed(instrument, question, numbers, lang) for question in questions]
        if len(questions) == 1:
            yield rows[0]
        else:
            yield {"kind": "matrix", "when": rows[0]["when"], "answers": rows[0]["answers"],
                   "rows": rows}  # fmt: skip


def _printed(
    instrument: Instrument, question: Question, numbers: dict[str, int], lang: Lang
) -> dict[str, Any]:
    answers = [words[lang] for words in instrument.answers(question).values()]
    if question.kind == "likert":
        answers = [
            f"{value} {words[lang]}" for value, words in instrument.answers(question).items()
        ]
    fixed = instrument.fixed(question)
    several = SAID[lang]["several"] if question.kind == "multiple" else ""
    hint = question.hint[lang] if question.hint else ""
    limits = number_range(question, lang) if question.kind in NUMERIC else ""
    return {
        "kind": _kind(question, answers, bool(fixed)),
        "number": numbers.get(question.name, 0),
        "label": question.label[lang],
        "code": "" if instrument.table == "responses" else question.name,
        "required": question.required,
        "when": _told(instrument, question, lang),
        "answers": answers,
        "short": _fit(answers),
        "help": [part for part in (several, limits, hint) if part],
        "say": question.say[lang] if question.say else "",
    }


def _kind(question: Question, answers: Sequence[str], fixed: bool) -> str:
    """Return how a question is answered on paper."""
    if question.kind in ("note", "datetime"):
        return question.kind
    if fixed:
        return "fixed"
    if answers:
        return "choice"
    if question.kind == "text" and not question.required:
        return "lines"
    return "line"


def _fit(answers: Sequence[str]) -> bool:
    """Tell whether the answers stand in one row rather than below each other."""
    width = sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in "".join(answers))
    return width / 2 + BESIDE * len(answers) <= ROW
