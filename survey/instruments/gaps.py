"""Gaps: what an indicator system needs that a set of instruments does not ask."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from survey.contracts import CONTRACTS, AnswerColumn, Column
from survey.findings import Finding, Severity
from survey.instruments.model import Instrument

STATED = ("kpis", "figures")
"""Tables that a hotline states of itself; no instrument asks for them."""


def gaps(
    instruments: Iterable[Instrument], needed: Mapping[str, Sequence[AnswerColumn]]
) -> tuple[Finding, ...]:
    """Tell what a set of instruments does not ask.

    Each audience is looked at by itself: what only the sheet for citizens asks is a gap where
    there is a sheet for enterprises too.

    Parameters
    ----------
    instruments
        That collect the data of one edition.
    needed
        The columns that an indicator system asks of each table; columns that the contract of a
        table requires are looked for as well.

    Returns
    -------
    Errors for a column that is not asked or asked in another kind, and for answers that would be
    refused at intake; warnings for answers and numbers that cannot be given, and for a table
    without an instrument; notes for tables that a hotline states of itself.
    """
    instruments = tuple(instruments)
    found: list[Finding] = []
    for table, answers in needed.items():
        using = [each for each in instruments if each.table == table]
        if not using:
            found.append(_no_instrument(table, len(answers)))
            continue
        columns = CONTRACTS[table].asking(answers).columns
        named = tuple(column for column in columns if column.required or column.answer)
        for audience in dict.fromkeys(each.audience for each in using):
            group = [each for each in using if each.audience in (audience, None)]
            found += _group_gaps(table, group, named)
    return tuple(dict.fromkeys(found))


def _no_instrument(table: str, columns: int) -> Finding:
    stated = table in STATED
    return Finding(
        "no-instrument",
        Severity.NOTE if stated else Severity.WARNING,
        column=table,
        expected="an instrument of this table",
        got="none",
        hint="the hotline states these figures of itself" if stated else "",
        count=columns,
    )


def _group_gaps(
    table: str, group: Sequence[Instrument], columns: Sequence[Column]
) -> Iterator[Finding]:
    where = ", ".join(each.id for each in group)
    for column in columns:
        asked = [
            (each, question)
            for each in group
            for question in each.questions
            if question.name == column.name
        ]
        if not asked:
            yield _gap("unasked-column", where, table, column, _described(column), "no question")
            continue
        given = [(each, each.asked(question)) for each, question in asked]
        if column.kind in ("category", "number"):
            yield from _answer_gaps(table, column, where, given)


def _answer_gaps(
    table: str,
    column: Column,
    where: str,
    given: Sequence[tuple[Instrument, AnswerColumn | None]],
) -> Iterator[Finding]:
    offered: set[str] = set()
    for instrument, answer in given:
        if answer is None or answer.kind != column.kind:
            got = "another kind of question" if answer is None else f"a {answer.kind}"
            yield _gap("other-kind", instrument.id, table, column, f"a {column.kind}", got)
        elif column.kind == "number":
            yield from _range_gaps(table, column, instrument.id, answer)
        elif column.allowed:
            offered |= set(answer.allowed) or set(column.allowed)
            accepted = (*column.allowed, *column.not_applicable)
            if refused := [value for value in answer.allowed if value not in accepted]:
                expected = f"only {', '.join(accepted)}"
                yield _gap(
                    "refused-answers", instrument.id, table, column, expected, ", ".join(refused)
                )
    wanted = (*column.allowed, *column.not_applicable)
    if column.name != "audience" and offered and (missing := set(wanted) - offered):
        absent = ", ".join(value for value in wanted if value in missing)
        yield _gap(
            "unoffered-answers", where, table, column, absent, "no such answer", Severity.WARNING
        )


def _range_gaps(table: str, column: Column, where: str, answer: AnswerColumn) -> Iterator[Finding]:
    low, high = answer.minimum, answer.maximum
    wide = (column.minimum is not None and (low is None or low < column.minimum)) or (
        column.maximum is not None and (high is None or high > column.maximum)
    )
    expected, got = _between(column.minimum, column.maximum), _between(low, high)
    if wide:
        yield _gap("refused-numbers", where, table, column, expected, got)
    narrow = (low is not None and (column.minimum is not None and low > column.minimum)) or (
        high is not None and (column.maximum is not None and high < column.maximum)
    )
    if narrow:
        yield _gap("unoffered-numbers", where, table, column, expected, got, Severity.WARNING)


def _gap(
    check: str,
    file: str,
    table: str,
    column: Column,
    expected: str,
    got: str,
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(check, severity, file, None, f"{table}.{column.name}", expected, got)


def _described(column: Column) -> str:
    if column.allowed:
        return f"a question with the answers {', '.join(column.allowed)}"
    if column.kind == "number":
        return f"a question for a number {_between(column.minimum, column.maximum)}".strip()
    return "a question"


def _between(low: float | None, high: float | None) -> str:
    parts = [f"from {low:g}" if low is not None else "", f"to {high:g}" if high is not None else ""]
    return " ".join(part for part in parts if part) or "of any size"
