"""Workbooks and parquet files of every kind, and what only looks like one."""

import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from broken_case import (
    HEADER,
    RECORDS,
    SHEET,
    TABLE,
    WEIGHT,
    book,
    case,
    cell,
    file,
    rezipped,
    stored,
    text,
)


@case(error="not-a-table")
def a_word_document_named_xlsx(folder: Path) -> Path:
    path = folder / "responses.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return path


@case(error="not-a-table")
def a_workbook_with_a_password(folder: Path) -> Path:
    entry = "EncryptedPackage".encode("utf-16-le")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return file(folder, head + bytes(1024) + entry + bytes(2048), "responses.xlsx")


@case(error="not-a-table")
def an_old_xls_named_xlsx(folder: Path) -> Path:
    entry = "Workbook".encode("utf-16-le")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return file(folder, head + bytes(1024) + entry + bytes(2048), "responses.xlsx")


@case(error="wrong-suffix")
def an_old_xls(folder: Path) -> Path:
    return file(folder, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), "responses.xls")


@case(error="wrong-suffix")
def a_web_page_named_xls(folder: Path) -> Path:
    return file(folder, "<html><table><tr><td>R001</td></tr></table></html>", "responses.xls")


@case(error="not-a-table")
def a_web_page_named_xlsx(folder: Path) -> Path:
    return file(folder, "<html><table><tr><td>R001</td></tr></table></html>", "responses.xlsx")


@case(error="not-a-table")
def a_csv_named_xlsx(folder: Path) -> Path:
    return file(folder, text(), "responses.xlsx")


@case(error="not-a-table")
def an_xlsx_named_csv(folder: Path) -> Path:
    return book(folder, TABLE).rename(folder / "responses.csv")


@case(error="not-a-table")
def an_xlsx_cut_short(folder: Path) -> Path:
    path = book(folder, TABLE)
    return file(folder, path.read_bytes()[:-200], path.name)


@case(error="not-a-table")
def an_xlsx_with_a_damaged_sheet(folder: Path) -> Path:
    path = book(folder, TABLE)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(SHEET).header_offset
    data[start + 80 : start + 120] = bytes(40)
    return file(folder, bytes(data), path.name)


@case(error="not-a-table")
def an_xlsx_without_its_sheet(folder: Path) -> Path:
    path = book(folder, TABLE)
    return rezipped(path, {"xl/_rels/workbook.xml.rels": lambda x: x.replace(b"sheet1", b"sheet9")})


@case(error="not-a-table")
def an_xlsx_whose_sheet_is_no_xml(folder: Path) -> Path:
    return rezipped(book(folder, TABLE), {SHEET: lambda xml: xml[: len(xml) // 2]})


@case(notes={"macros": 1})
def a_workbook_with_macros(folder: Path) -> Path:
    path = book(folder, TABLE, name="responses.xlsm")
    return rezipped(path, {}, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub Auto_Open()"})


@case(notes={"external-links": 1})
def a_workbook_with_external_links(folder: Path) -> Path:
    path = book(folder, TABLE, cell("I2", "=[1]Sheet1!A1"))
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return rezipped(path, {SHEET: stored(b"[1]Sheet1!A1", b"5")},
                    {"xl/externalLinks/externalLink1.xml": link})  # fmt: skip


@case()
def a_wrong_dimension(folder: Path) -> Path:
    path = book(folder, TABLE)
    return rezipped(path, {SHEET: lambda x: x.replace(b'ref="A1:I5"', b'ref="A1:B2"', 1)})


@case()
def a_dimension_of_the_whole_sheet(folder: Path) -> Path:
    path = book(folder, TABLE)
    return rezipped(path, {SHEET: lambda x: x.replace(b'ref="A1:I5"', b'ref="A1:XFD1048576"', 1)})


@case()
def formats_down_to_the_last_row(folder: Path) -> Path:
    last = b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'
    return rezipped(book(folder, TABLE), {SHEET: lambda xml: xml.replace(b"</sheetData>", last)})


@case()
def strict_ooxml(folder: Path) -> Path:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"

    def edit(xml: bytes) -> bytes:
        return xml.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            office, strict
        )

    parts = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", SHEET, "xl/styles.xml")
    return rezipped(book(folder, TABLE), dict.fromkeys(parts, edit))


@case()
def an_iso_date_of_strict_ooxml(folder: Path) -> Path:
    def edit(xml: bytes) -> bytes:
        start = xml.index(b'<c r="G2"')
        stop = xml.index(b"</c>", start)
        return xml[:start] + b'<c r="G2" s="1" t="d"><v>2021-03-05T09:05:00</v>' + xml[stop:]

    return rezipped(book(folder, TABLE), {SHEET: edit})


@case()
def a_table_that_starts_lower_and_to_the_right(folder: Path) -> Path:
    return book(folder, [[], [], *([None, *row] for row in TABLE)])


def parquet(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / "responses.parquet"
    frame.to_parquet(path, index=False)
    return path


@case()
def a_parquet_of_many_types(folder: Path) -> Path:
    frame = pd.DataFrame(TABLE[1:], columns=HEADER)
    table = pa.Table.from_pandas(frame.assign(unit=frame["unit"].astype("category")))
    table = table.set_column(WEIGHT, "weight", table["weight"].cast(pa.decimal128(6, 3)))
    path = folder / "responses.parquet"
    pq.write_table(table, path)
    return path


@case(notes={"time-zone": 4})
def a_parquet_with_times_in_china(folder: Path) -> Path:
    frame = pd.DataFrame(TABLE[1:], columns=HEADER)
    return parquet(
        folder, frame.assign(started_at=frame["started_at"].dt.tz_localize("Asia/Shanghai"))
    )


@case(error="wrong-date", row=2, column="started_at")
def a_parquet_with_times_in_utc(folder: Path) -> Path:
    frame = pd.DataFrame([TABLE[1]], columns=HEADER)
    return parquet(folder, frame.assign(started_at=frame["started_at"].dt.tz_localize("UTC")))


@case(error="not-a-table", column="answers")
def a_parquet_with_a_nested_column(folder: Path) -> Path:
    return parquet(folder, pd.DataFrame(TABLE[1:], columns=HEADER).assign(answers=[[1, 2]] * 4))


@case(error="not-a-table")
def a_parquet_cut_short(folder: Path) -> Path:
    path = parquet(folder, pd.DataFrame(TABLE[1:], columns=HEADER))
    return file(folder, path.read_bytes()[:-100], path.name)


@case(error="not-a-table")
def a_parquet_with_a_damaged_page(folder: Path) -> Path:
    path = parquet(folder, pd.DataFrame(TABLE[1:], columns=HEADER))
    data = bytearray(path.read_bytes())
    data[4:60] = bytes(56)
    return file(folder, bytes(data), path.name)


@case(error="not-a-table")
def a_sav_cut_short(folder: Path) -> Path:
    import pyreadstat

    path = folder / "responses.sav"
    pyreadstat.write_sav(pd.DataFrame(RECORDS, columns=HEADER), str(path))
    return file(folder, path.read_bytes()[:300], path.name)
