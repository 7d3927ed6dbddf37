"""What is written is what is read, whatever the cells, the encoding and the marks between them."""

import csv
import io
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
from broken_files import CASES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.contracts import Column
from survey.files.csv_text import read_csv
from survey.files.layout import find_header, is_value
from survey.files.sheet_xml import column_position, facts_of
from survey.findings import InputError
from survey.spellings import plain_spellings
from survey.tables import read_table
from survey.workbook import read_sheet

HEADER = ["id", "说明", "b"]
CELLS = st.text("ab京深 12,\"'\n\t;|=+-@#/.，；％", max_size=8)
ROWS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def written(rows, mark, end):
    out = io.StringIO(newline="")
    lines = [HEADER, *([f"R{at}", *row] for at, row in enumerate(rows))]
    csv.writer(out, delimiter=mark, lineterminator=end).writerows(lines)
    return out.getvalue()


@QUIET
@given(
    ROWS,
    st.sampled_from(",\t;|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_csv_reads_as_it_was_written(rows, mark, end, encoding):
    grid = read_csv(written(rows, mark, end).encode(encoding))
    assert list(grid.header) == HEADER
    assert [
        tuple(map(str, row)) for row in zip(*(c.to_pylist() for c in grid.columns), strict=True)
    ] == [(f"R{at}", *row) for at, row in enumerate(rows)]
    assert grid.rows.tolist() == list(range(2, 2 + len(rows)))


@QUIET
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    for suffix in ("csv", "xlsx", "parquet"):
        path = folder / f"t.{suffix}"
        path.write_bytes(data)
        try:
            read_table(path)
        except InputError as error:
            assert all(f.expected and f.got and f.hint for f in error.findings)


@st.composite
def damage(draw, size=6000):
    """A few places, each with bytes to be put there and how many to be taken away."""
    place = st.tuples(st.integers(0, size), st.binary(max_size=6), st.integers(0, 30))
    return draw(st.lists(place, min_size=1, max_size=4))


@pytest.mark.parametrize("name", ["a_wrong_dimension", "a_parquet_of_many_types", "gb18030"])
@QUIET
@given(places=damage())
def test_a_damaged_file_is_a_table_or_refused(tmp_path_factory, name, places):
    path = CASES[name].build(tmp_path_factory.mktemp("damaged"))
    data = path.read_bytes()
    for place, put, taken in places:
        at = place % len(data)
        data = data[:at] + put + data[at + taken :] or b"x"
    path.write_bytes(data)
    try:
        read_table(path)
    except InputError as error:
        assert all(f.expected and f.got and f.hint for f in error.findings)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e15, 1e15, allow_nan=False),
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(
        lambda t: t.replace(microsecond=0)
    ),
    st.text("ab京深 12,\"'\n;|+-@#/.<&>", min_size=1, max_size=8),
)


def by_openpyxl(value):
    """What the reader before this one made of a value of openpyxl."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value) if isinstance(value, int) and abs(value) < 10**15 else f"{value:.15g}"


@QUIET
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=12))
def test_a_sheet_reads_as_openpyxl_reads_it(rows):
    book = openpyxl.Workbook()
    for line in [HEADER, *([f"R{at}", *row] for at, row in enumerate(rows))]:
        book.active.append(line)
    data = io.BytesIO()
    book.save(data)
    again = openpyxl.load_workbook(io.BytesIO(data.getvalue()), data_only=True).active
    known = [[by_openpyxl(v) for v in row] for row in again.iter_rows(2, values_only=True)]
    grid = read_sheet(data.getvalue())
    assert [list(row) for row in zip(*(c.to_pylist() for c in grid.columns), strict=True)] == known


@given(st.integers(0, 16_383))
def test_letters_of_a_column_lead_back_to_it(position):
    letters = openpyxl.utils.get_column_letter(position + 1)
    assert column_position(letters) == position
    xml = f'<row r="7"><c r="{letters}7"><v>1</v></c></row>'.encode()
    assert (facts_of(xml).rows, facts_of(xml).columns) == (7, position + 1)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20, unique=True))
def test_separators_of_thousands_keep_the_number(numbers):
    column = Column("n", "number", "数", "number")
    plain, _ = plain_spellings(pd.Series([f"{n:,}" for n in numbers], dtype="str"), column)
    assert plain.tolist() == [str(n) for n in numbers]


@given(st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)), min_size=1, max_size=9))
def test_day_numbers_are_the_days_they_count(times):
    times = [time.replace(microsecond=0) for time in dict.fromkeys(times)]
    days = [(time - datetime(1899, 12, 30)).total_seconds() / 86400 for time in times]
    column = Column("at", "datetime", "时", "time")
    written = pd.Series([f"{day:.15g}" for day in days], dtype="str")
    plain, _ = plain_spellings(written, column, from_workbook=True)
    assert plain.tolist() == [f"{time:%Y-%m-%d %H:%M:%S}" for time in times]
    kept, notes = plain_spellings(written, column)
    assert kept.tolist() == written.tolist()
    assert notes == ()


@given(st.lists(st.text("abc京_", min_size=1, max_size=5), min_size=3, max_size=9, unique=True))
def test_names_in_the_first_row_are_the_header(names):
    records = [[str(at) for at in np.arange(len(names)) + row] for row in range(3)]
    assert find_header([names, *records]).at == 0
    assert find_header([["标题"], names, *records]).at == 1
    assert not any(map(is_value, names))
