"""The data files of a release: a csv and a parquet file for each table."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from report.release.codebook import TableWords, table_words
from report.release.tidy import guarded, guarded_name, risky_texts, texts_of

BOM = b"\xef\xbb\xbf"
DATA = "data"


def write_data(
    tables: Mapping[str, pd.DataFrame], folder: Path, about: Mapping[str, str]
) -> tuple[Path, ...]:
    """Write each table as csv and as parquet.

    Parameters
    ----------
    tables
        As from `report.release.tidy.tidy`.
    folder
        An existing folder.
    about
        What every parquet file says of itself, such as its licence.

    Returns
    -------
    The files written.

    Notes
    -----
    The csv files are UTF-8 with a byte order mark, which Excel needs to read Chinese, with ``\\n``
    at the ends of lines; texts that a spreadsheet may take for a formula are guarded. The parquet
    files hold every text as it is, and what each column is called.
    """
    written = []
    for name, table in tables.items():
        words = table_words(name)
        whole = _arrow(table, words, about)
        pq.write_table(whole, folder / f"{name}.parquet", compression="zstd")
        _write_csv(table, whole, folder / f"{name}.csv")
        written += [folder / f"{name}.csv", folder / f"{name}.parquet"]
    return tuple(written)


def _arrow(table: pd.DataFrame, words: TableWords, about: Mapping[str, str]) -> pa.Table:
    whole = pa.Table.from_pandas(table, preserve_index=False)
    fields = []
    for field in whole.schema:
        column = words.column(field.name)
        kind = pa.string() if pa.types.is_large_string(field.type) else field.type
        told = {"zh": column.words.zh, "en": column.words.en}
        fields.append(pa.field(field.name, kind, metadata=told))
    said = {"table": words.name, "zh": words.words.zh, "en": words.words.en, **about}
    return whole.cast(pa.schema(fields)).replace_schema_metadata(said)


def _write_csv(table: pd.DataFrame, whole: pa.Table, path: Path) -> None:
    for name in filter(lambda name: risky_texts(table[name]), texts_of(table)):
        at = whole.schema.get_field_index(name)
        whole = whole.set_column(at, name, pa.array(guarded(table[name]), pa.string()))
    whole = whole.rename_columns([guarded_name(name) for name in whole.column_names])
    options = pa_csv.WriteOptions(include_header=True, quoting_style="needed")
    with path.open("wb") as file:
        file.write(BOM)
        pa_csv.write_csv(whole, file, options)
