"""Instruments: what a caller's sheet, a questionnaire or a rubric asks, question by question."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from survey.contracts import AnswerColumn
from survey.yaml_source import Strict

Lang = Literal["zh", "en"]
Asking = Literal["calls", "responses", "channel_tests", "cases", "inspections"]
"""Tables whose records are made with an instrument."""
QuestionKind = Literal[
    "choice", "yes_no", "likert", "integer", "decimal", "text", "datetime", "note", "multiple"
]
CHOSEN = ("choice", "yes_no", "likert", "multiple")
"""Kinds answered by choosing."""
NUMERIC = ("likert", "integer", "decimal")
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
When = dict[Name, Annotated[tuple[str, ...], Field(min_length=1)]]
"""Answers under which something is asked: ``{outcome: [answered]}``; every column must match."""


class Words(Strict):
    """A text in both languages."""

    zh: Text
    en: Text

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


Options = Annotated[dict[str, Words], Field(min_length=1)]
"""Label of each answer."""
YES_NO: dict[str, Words] = {"yes": Words(zh="是", en="Yes"), "no": Words(zh="否", en="No")}


class Question(Strict):
    """One question.

    Parameters
    ----------
    name
        The column of the table that takes the answer.
    kind
        How it is answered. A ``note`` only tells something and has no column.
    zh, en
        Label.
    options
        Name of a list of answers, for choice, likert (keys are whole numbers) and multiple.
    required
        Whether it must be answered where it is asked.
    when
        Where it is asked; without, always.
    minimum, maximum
        Range of a number, both ends included.
    hint
        Help in answering.
    say
        What the caller says on the telephone.
    automatic
        What an electronic form fills in by itself: a new ``id``, or the time of the ``start``.
    """

    name: Name
    kind: QuestionKind
    zh: Text
    en: Text
    options: str | None = None
    required: bool = False
    when: When = {}
    minimum: float | None = None
    maximum: float | None = None
    hint: Words | None = None
    say: Words | None = None
    automatic: Literal["id", "start"] | None = None

    @property
    def label(self) -> Words:
        """The label in both languages."""
        return Words(zh=self.zh, en=self.en)


class Section(Strict):
    """Questions that stand together.

    Parameters
    ----------
    id, title
        Name and heading.
    note
        What is to be known before answering.
    when
        Where the whole section is asked.
    office
        Whether whoever collects the data fills it in, not who is asked.
    questions
        In order.
    """

    id: Name
    title: Words
    note: Words | None = None
    when: When = {}
    office: bool = False
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Head(Strict):
    """What an instrument is.

    Parameters
    ----------
    id
        Name of the form.
    version
        Counts up whenever the questions change.
    table
        The table that its records make.
    systems
        Indicator systems that it serves.
    title, introduction
        What stands at its top.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[int, Field(ge=1)]
    table: Asking
    systems: tuple[str, ...] = ()
    title: Words
    introduction: Words


class SharedFile(Strict):
    """The keys of a file that instruments include: lists of answers, and sections by id."""

    options: dict[Name, Options] = {}
    sections: tuple[Section, ...] = ()


class InstrumentFile(Head):
    """The keys of an instrument's file.

    Parameters
    ----------
    include
        Files beside it whose lists and sections it uses.
    options
        Lists of answers; one here stands before an included one of its name.
    sections
        In order: a section, or the id of an included one.
    """

    include: tuple[str, ...] = ()
    options: dict[Name, Options] = {}
    sections: tuple[
        Annotated[
            Annotated[str, Tag("included")] | Annotated[Section, Tag("own")],
            Discriminator(lambda stated: "included" if isinstance(stated, str) else "own"),
        ],
        ...,
    ]


class Instrument(Head):
    """A whole instrument, with what it includes put in its place."""

    options: dict[Name, Options]
    sections: tuple[Section, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """Every question that has a column, in order."""
        return (q for section in self.sections for q in section.questions if q.kind != "note")

    def answers(self, question: Question) -> dict[str, Words]:
        """Return the answers that a question offers; none where it is answered freely."""
        if question.kind == "yes_no":
            return YES_NO
        return self.options[question.options] if question.options else {}

    def fixed(self, question: Question) -> str | None:
        """Return the only answer there is to a question, such as the audience of a sheet."""
        answers = self.answers(question)
        only = question.required and question.kind == "choice" and len(answers) == 1
        return next(iter(answers)) if only else None

    @property
    def audience(self) -> str | None:
        """Whom it is for, where it is for one audience."""
        return next((self.fixed(q) for q in self.questions if q.name == "audience"), None)

    def asked(self, question: Question) -> AnswerColumn | None:
        """Return the column that a question fills, or None where a contract has no such kind."""
        if question.kind in ("datetime", "multiple", "note"):
            return None
        answers = tuple(self.answers(question))
        if question.kind not in NUMERIC:
            return AnswerColumn(question.name, "category", answers)
        low, high = question.minimum, question.maximum
        if answers:
            low, high = (edge(map(float, answers)) for edge in (min, max))
        return AnswerColumn(question.name, "number", minimum=low, maximum=high)
