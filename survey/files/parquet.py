"""Parquet: a file of plain columns as a grid of strings."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from survey.files.grid import Grid, arrow, noted, refusal, too_large
from survey.files.limits import MOST_COLUMNS, MOST_TABLE_CELLS
from survey.findings import Finding

_CHINA = ("Asia/Shanghai", "Asia/Chongqing", "Asia/Urumqi", "Asia/Harbin", "PRC", "+08:00")


def read_parquet(data: bytes) -> Grid:
    """Read the bytes of a parquet file.

    Times in Chinese time are read as local times, with a note; times in another zone keep it, so
    that the contract refuses them.

    Raises
    ------
    InputError
        Where it is broken, too large, or has columns that hold more than one value a cell.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        rows, width = file.metadata.num_rows, len(file.schema_arrow.names)
        if width > MOST_COLUMNS or rows * width > MOST_TABLE_CELLS:
            expected = f"at most {MOST_COLUMNS:,} columns and {MOST_TABLE_CELLS:,} cells"
            raise too_large(expected, f"{width:,} columns, {rows * width:,} cells")
        _refuse_nested(file.schema_arrow)
        table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        got = next(iter(str(error).splitlines()), "a damaged file")
        hint = "copy or write it again; it may be cut short"
        raise refusal("not-a-table", "a parquet table of plain columns", got, hint) from None
    notes: list[Finding] = []
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        local = _local(column)
        if local is not column:
            notes.append(_zone_note(name, column))
        columns.append(_texts(local, name))
    return Grid(table.column_names, columns, np.arange(2, 2 + len(table)), 1, tuple(notes))


def _refuse_nested(schema: pa.Schema) -> None:
    nested = [field for field in schema if pa.types.is_nested(field.type)]
    if nested:
        first, more = nested[0], len(nested) - 1
        got = f"a column of {first.type}" + (f", and {more} more like it" if more else "")
        hint = "write a column for each value, or join the values as one text"
        raise refusal("not-a-table", "a parquet table of plain columns", got, hint,
                      column=first.name)  # fmt: skip


def _local(column: pa.ChunkedArray) -> pa.ChunkedArray:
    zoned = pa.types.is_timestamp(column.type) and column.type.tz in _CHINA
    return arrow.local_timestamp(column) if zoned else column


def _zone_note(name: str, column: pa.ChunkedArray) -> Finding:
    count = len(column) - column.null_count
    got = f"{name!r} in the zone {column.type.tz}"
    return noted("time-zone", "local time", got, "read as the time on the clock there", None, count)


def _texts(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    try:
        if pa.types.is_dictionary(column.type):
            column = arrow.cast(column, column.type.value_type)
        return arrow.cast(column, pa.string())
    except pa.ArrowException:
        expected, hint = "a parquet table of plain columns", "write it as text or numbers"
        got = f"a column of {column.type} that is no text"
        raise refusal("not-a-table", expected, got, hint, column=name) from None
