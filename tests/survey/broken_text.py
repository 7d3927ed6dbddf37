"""Files of text: their encodings, line ends, quotes and marks between cells."""

import os
from pathlib import Path

from broken_case import MODE, RECORDS, case, changed, file, text


@case()
def utf8_with_bom(folder: Path) -> Path:
    return file(folder, text().encode("utf-8-sig"))


@case(notes={"encoding": 1})
def gb18030(folder: Path) -> Path:
    return file(folder, text().encode("gb18030"))


@case(notes={"encoding": 1}, records=changed((0, MODE, "电话€")))
def gbk_with_the_euro_of_windows(folder: Path) -> Path:
    return file(folder, text(changed((0, MODE, "电话@"))).encode("gbk").replace(b"@", b"\x80"))


@case(notes={"encoding": 1})
def utf16_with_bom_and_tabs(folder: Path) -> Path:
    return file(folder, text(mark="\t").encode("utf-16"))


@case(notes={"encoding": 1})
def utf16_without_bom(folder: Path) -> Path:
    return file(folder, text().encode("utf-16-le"))


@case(notes={"encoding": 1})
def utf16_big_endian_without_bom(folder: Path) -> Path:
    return file(folder, text().encode("utf-16-be"))


@case(error="encoding")
def utf16_cut_within_a_character(folder: Path) -> Path:
    return file(folder, text().encode("utf-16")[:-1])


@case(error="encoding", row=2)
def big5(folder: Path) -> Path:
    rows = [[str(c).translate(str.maketrans("长电话网页独抽样热线发",
                                            "長電話網頁獨抽樣熱線發")) for c in row]
            for row in RECORDS]  # fmt: skip
    return file(folder, text(rows).encode("big5"))


@case(error="encoding", row=2)
def latin_1(folder: Path) -> Path:
    rows = [["R001", "Zürich", "citizen", "Gespräch", "independent", "1", "", "1", "5"]]
    return file(folder, text(rows).encode("latin-1"))


@case(error="encoding", row=4)
def gb18030_below_utf8(folder: Path) -> Path:
    head, tail = text(RECORDS[:2]), text(RECORDS[2:], header=None)
    return file(folder, head.encode() + tail.encode("gb18030"))


@case(error="encoding", row=4)
def utf8_below_gb18030(folder: Path) -> Path:
    head, tail = text(RECORDS[:2]), text(RECORDS[2:], header=None)
    return file(folder, head.encode("gb18030") + tail.encode())


@case(error="encoding", row=5)
def utf8_with_a_damaged_character(folder: Path) -> Path:
    whole = text(changed((3, MODE, "微信公众号和电话都有"))).encode()
    return file(folder, whole.replace("微信公".encode(), "微信公".encode()[:-1]))


@case(error="nul-bytes", row=6)
def nul_bytes_at_the_end(folder: Path) -> Path:
    return file(folder, text().encode() + bytes(4096))


@case()
def line_ends_of_old_macs(folder: Path) -> Path:
    return file(folder, text(end="\r"))


@case()
def line_ends_of_every_kind(folder: Path) -> Path:
    return file(folder, text(RECORDS[:1], end="\r\n") + text(RECORDS[1:2], end="\r", header=None)
                + text(RECORDS[2:], header=None))  # fmt: skip


@case(records=changed((0, MODE, "电话\n微信")))
def a_line_break_in_a_quoted_cell(folder: Path) -> Path:
    return file(folder, text(changed((0, MODE, '"电话\n微信"'))))


@case(error="open-quote", row=3)
def a_quote_never_closed(folder: Path) -> Path:
    return file(folder, text(changed((1, MODE, '"网页'))))


@case(error="ragged-row", row=3)
def a_row_with_a_cell_too_many(folder: Path) -> Path:
    return file(folder, text(changed((1, MODE, "网页,微信"))))


@case(error="ragged-row", row=5)
def a_last_row_cut_short(folder: Path) -> Path:
    return file(folder, text()[:-20])


@case(notes={"delimiter": 1})
def semicolons(folder: Path) -> Path:
    return file(folder, text(mark=";"))


@case()
def tabs(folder: Path) -> Path:
    return file(folder, text(mark="\t"))


@case(notes={"delimiter": 1})
def bars(folder: Path) -> Path:
    return file(folder, text(mark="|"))


@case()
def marks_named_in_the_first_line(folder: Path) -> Path:
    return file(folder, "sep=;\n" + text(mark=";"))


@case(error="delimiter", row=1)
def full_width_commas(folder: Path) -> Path:
    return file(folder, text(mark="，"))


@case(error="no-such-file")
def an_empty_folder_in_place_of_a_file(folder: Path) -> Path:
    (folder / "responses.csv").mkdir()
    return folder / "responses.csv"


@case(error="no-such-file")
def a_file_that_is_not_there(folder: Path) -> Path:
    return folder / "responses.csv"


@case()
def a_path_with_chinese_and_blanks(folder: Path) -> Path:
    return file(folder, text(), "问卷 数据（终稿）.csv")


if os.name == "posix" and os.geteuid() != 0:

    @case(error="unreadable-file")
    def a_file_that_must_not_be_read(folder: Path) -> Path:
        path = file(folder, text())
        path.chmod(0)
        return path
