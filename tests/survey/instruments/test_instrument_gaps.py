"""What a system needs is asked, with the very same values; and what is missing is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.system_file import load_system
from survey.contracts import AnswerColumn
from survey.findings import Severity
from survey.instruments.gaps import gaps
from survey.instruments.load import instruments, load_instrument
from survey.instruments.model import Instrument

LOADED = {name: load_instrument(name) for name in instruments()}
NEEDED_2021 = [
    (table, column)
    for table, columns in load_system("hotline-2021").needed_columns().items()
    for column in columns
]


def changed(name: str, column: str, **fields: object) -> Instrument:
    """An instrument with one question changed, or left out where nothing is given."""
    loaded = LOADED[name]
    sections = []
    for section in loaded.sections:
        kept = [
            q.model_copy(update=fields) if q.name == column else q
            for q in section.questions
            if fields or q.name != column
        ]
        sections.append(section.model_copy(update={"questions": tuple(kept)}))
    return loaded.model_copy(update={"sections": tuple(sections)})


@pytest.mark.parametrize("audience", ["citizen", "enterprise"])
@pytest.mark.parametrize(("table", "column"), NEEDED_2021, ids=lambda x: getattr(x, "name", x))
def test_each_column_of_2021_is_asked_with_the_same_values(table, column, audience):
    made_for = [i for i in LOADED.values() if "hotline-2021" in i.systems and i.table == table]
    asked = [
        i.asked(q)
        for i in made_for
        if i.audience in (audience, None)
        for q in i.questions
        if q.name == column.name
    ]
    assert len(asked) == 1
    (answer,) = asked
    assert answer.kind == column.kind
    assert set(answer.allowed) == set(column.allowed)
    assert answer.minimum == column.minimum
    if column.maximum is not None:
        assert answer.maximum == column.maximum


@pytest.mark.parametrize(
    "system", ["hotline-2021", "hotline-2023", "hotline-2024", "hotline-quality"]
)
def test_the_instruments_of_a_system_leave_no_gap(system):
    made_for = [each for each in LOADED.values() if system in each.systems]
    found = gaps(made_for, load_system(system).needed_columns())
    assert [str(f) for f in found if f.severity is not Severity.NOTE] == []
    assert {f.column for f in found} <= {"kpis", "figures"}


def test_every_system_an_instrument_names_exists_and_reads_its_table():
    for each in LOADED.values():
        for system in each.systems:
            assert each.table in load_system(system).needed_columns()


def one_gap(instrument: Instrument, *needed: AnswerColumn):
    (found,) = gaps([instrument], {instrument.table: needed})
    return found


def test_a_column_that_is_not_asked_is_an_error():
    found = one_gap(
        LOADED["caller-citizen"], AnswerColumn("patience", "number", minimum=1, maximum=5)
    )
    assert (found.check, found.severity, found.column) == (
        "unasked-column",
        Severity.ERROR,
        "calls.patience",
    )
    assert found.file == "caller-citizen"
    assert found.expected == "a question for a number from 1 to 5"


def test_a_column_the_contract_requires_is_looked_for_too():
    found = one_gap(changed("caller-citizen", "slot"))
    assert (found.check, found.column) == ("unasked-column", "calls.slot")


def test_a_value_that_intake_refuses_is_an_error():
    found = one_gap(
        LOADED["caller-citizen"],
        AnswerColumn("case_result", "category", ("resolved", "in_progress")),
    )
    assert (found.check, found.got) == ("refused-answers", "unresolved")


def test_a_value_that_cannot_be_given_is_a_warning():
    answer = AnswerColumn("answer_correct", "category", ("yes", "no"), not_applicable=("na",))
    found = one_gap(LOADED["caller-citizen"], answer)
    assert (found.check, found.severity, found.expected) == (
        "unoffered-answers",
        Severity.WARNING,
        "na",
    )


def test_numbers_out_of_range_are_told_both_ways():
    wide = one_gap(LOADED["case-review"], AnswerColumn("novelty", "number", minimum=0, maximum=5))
    assert (wide.check, wide.severity) == ("refused-numbers", Severity.ERROR)
    narrow = one_gap(
        LOADED["case-review"], AnswerColumn("novelty", "number", minimum=0, maximum=20)
    )
    assert (narrow.check, narrow.severity) == ("unoffered-numbers", Severity.WARNING)


def test_another_kind_of_question_is_an_error():
    found = one_gap(
        LOADED["caller-citizen"], AnswerColumn("case_accepted", "number", minimum=0, maximum=1)
    )
    assert (found.check, found.got) == ("other-kind", "a category")
    multiple = changed("questionnaire-citizen", "last_purpose", kind="multiple")
    purpose = AnswerColumn("last_purpose", "category", ("information",))
    assert one_gap(multiple, purpose).check == "other-kind"


def test_what_one_audience_is_not_asked_is_told():
    pair = [LOADED["caller-citizen"], changed("caller-enterprise", "deadline_told")]
    found = gaps(pair, {"calls": (AnswerColumn("deadline_told", "category", ("yes", "no")),)})
    assert [(f.check, f.file) for f in found] == [("unasked-column", "caller-enterprise")]


def test_a_table_without_an_instrument_is_told():
    needed = {"calls": (), "kpis": (AnswerColumn("kpi", "category"),)}
    found = gaps([LOADED["case-review"]], needed)
    assert [(f.column, f.severity) for f in found] == [
        ("calls", Severity.WARNING),
        ("kpis", Severity.NOTE),
    ]


def test_sheets_of_2021_do_not_serve_2024():
    calls = load_system("hotline-2024").needed_columns()["calls"]
    found = gaps([LOADED["caller-citizen"]], {"calls": calls})
    missing = {f.column.partition(".")[2] for f in found if f.check == "unasked-column"}
    assert {"reply_deadline", "patience", "dispatch_result"} <= missing
    assert "outcome" not in missing


@given(
    st.sets(
        st.sampled_from(["resolved", "in_progress", "unresolved", "withdrawn", "merged"]),
        min_size=1,
    )
)
def test_exactly_the_difference_of_answers_is_told(values):
    offered = {"resolved", "in_progress", "unresolved"}
    needed = AnswerColumn("case_result", "category", tuple(sorted(values)))
    found = {f.check: f for f in gaps([LOADED["caller-citizen"]], {"calls": (needed,)})}
    refused, unoffered = found.pop("refused-answers", None), found.pop("unoffered-answers", None)
    assert not found
    assert set(refused.got.split(", ") if refused else ()) == offered - values
    assert set(unoffered.expected.split(", ") if unoffered else ()) == values - offered
