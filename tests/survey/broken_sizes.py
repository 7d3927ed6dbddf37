"""Files that would take a careless reader gigabytes."""

import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from broken_case import HEADER, MODE, SHEET, TABLE, book, case, changed, file, rezipped, text


@case(error="too-large", heavy=True)
def a_million_columns(folder: Path) -> Path:
    names = ",".join(f"q{at}" for at in range(1_000_000))
    return file(folder, f"{names}\n{',' * 999_999}\n")


@case(error="too-large", heavy=True)
def a_million_columns_in_a_workbook(folder: Path) -> Path:
    many = b'<c r="BDWGN1" t="inlineStr"><is><t>x</t></is></c></row>'
    path = book(folder, TABLE)
    return rezipped(path, {SHEET: lambda xml: xml.replace(b"</row>", many, 1)})


@case(error="too-large", heavy=True)
def a_cell_in_the_far_corner(folder: Path) -> Path:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return rezipped(book(folder, TABLE), {SHEET: lambda xml: xml.replace(b"</sheetData>", far)})


@case(error="long-cell", heavy=True)
def a_cell_of_100_megabytes(folder: Path) -> Path:
    return file(folder, text(changed((1, MODE, "长" * 33_000_000))))


@case(error="long-cell", row=1, heavy=True)
def a_header_of_100_megabytes(folder: Path) -> Path:
    return file(folder, text(header=[*HEADER[:-1], "q" * 100_000_000]))


@case(error="too-large", heavy=True)
def a_zip_bomb(folder: Path) -> Path:
    blank = b" " * 300_000_000
    path = book(folder, TABLE)
    return rezipped(
        path, {SHEET: lambda xml: xml.replace(b"</sheetData>", blank + b"</sheetData>")}
    )


@case(error="not-a-table", heavy=True)
def a_zip_bomb_that_lies_about_its_size(folder: Path) -> Path:
    path = a_zip_bomb(folder)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = struct.pack("<L", archive.getinfo(SHEET).file_size)
    path.write_bytes(data.replace(size, struct.pack("<L", 5000)))
    return path


@case(error="too-large", heavy=True)
def a_parquet_of_a_billion_equal_cells(folder: Path) -> Path:
    path = folder / "responses.parquet"
    piece = pa.table({"response_id": pa.DictionaryArray.from_arrays(
        pa.array([0] * 5_000_000, pa.int32()), pa.array(["R"]))})  # fmt: skip
    with pq.ParquetWriter(path, piece.schema) as writer:
        for _ in range(60):
            writer.write_table(piece, row_group_size=5_000_000)
    return path
