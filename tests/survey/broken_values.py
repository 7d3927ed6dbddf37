"""Files whose cells are spelt in other ways, or hold formulas and errors."""

from pathlib import Path

from broken_case import (
    DURATION,
    HEADER,
    MODE,
    RECORDS,
    SATISFIED,
    SHEET,
    STARTED,
    TABLE,
    WEIGHT,
    book,
    case,
    cell,
    changed,
    file,
    rezipped,
    stored,
    text,
    typed,
)


@case(notes={"full-width": 2})
def full_width_digits(folder: Path) -> Path:
    return file(folder, text(changed((0, DURATION, "１２３４"), (3, SATISFIED, "１"))))


@case(notes={"full-width": 2})
def full_width_letters_and_blanks(folder: Path) -> Path:
    return file(folder, text(changed((0, 0, "Ｒ００１"), (2, 2, "　ｃｉｔｉｚｅｎ　"))))


@case(notes={"invisible-characters": 2})
def invisible_characters(folder: Path) -> Path:
    return file(folder, text(changed((0, 0, "R001\u200b"), (1, SATISFIED, "\ufeff3"))))


@case()
def blanks_around(folder: Path) -> Path:
    return file(folder, text([[f" {each}\u00a0\u3000" for each in row] for row in RECORDS]))


@case(notes={"thousands": 1})
def separators_of_thousands(folder: Path) -> Path:
    return file(folder, text(changed((0, DURATION, '"1,234"'))))


@case(error="not-a-number", row=2, column="weight")
def a_percent_sign(folder: Path) -> Path:
    return file(folder, text(changed((0, WEIGHT, "85%"))))


@case(error="not-a-number", row=2, column="satisfied")
def a_unit_behind_a_number(folder: Path) -> Path:
    return file(folder, text(changed((0, SATISFIED, "5分"))))


@case()
def numbers_stored_as_text(folder: Path) -> Path:
    return book(folder, [HEADER, *RECORDS])


@case(error="rounded-id", row=2, column="response_id")
def ids_rounded_by_a_spreadsheet(folder: Path) -> Path:
    return file(folder, text(changed((0, 0, "1.23E+15"), (1, 0, "20210306000002"))))


@case(error="rounded-id", row=2, column="response_id")
def long_numbers_as_ids_of_a_workbook(folder: Path) -> Path:
    return book(folder, [HEADER, *changed((0, 0, 110101199003070018), records=typed())])


@case(records=changed(*((at, 0, str(at + 1)) for at in range(4))))
def ids_that_lost_their_zeros(folder: Path) -> Path:
    rows = changed(*((at, 0, at + 1) for at in range(4)), records=typed())
    return book(folder, [HEADER, *rows])


@case(notes={"day-number": 1})
def a_date_as_a_day_number(folder: Path) -> Path:
    rows = changed((0, STARTED, 44260 + 545 / 1440), records=typed())
    return book(folder, [HEADER, *rows])


@case(error="wrong-date", row=2, column="started_at")
def a_day_number_in_a_csv(folder: Path) -> Path:
    return file(folder, text(changed((0, STARTED, "44260.378"))))


@case()
def dates_in_chinese(folder: Path) -> Path:
    return file(
        folder, text(changed((0, STARTED, "2021年3月5日 9时05分"), (1, STARTED, "2021.3.6 14:30")))
    )


@case(error="dates-from-1904")
def days_counted_from_1904(folder: Path) -> Path:
    path = book(folder, TABLE)
    edit = lambda xml: xml.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>')  # noqa: E731
    return rezipped(path, {"xl/workbook.xml": edit})


@case(records=changed((0, MODE, "=cmd|' /C calc'!A0"), (1, MODE, "+1+1"), (2, MODE, "@SUM(A1)")))
def cells_that_look_like_formulas(folder: Path) -> Path:
    return file(folder, text(changed(
        (0, MODE, "=cmd|' /C calc'!A0"), (1, MODE, "+1+1"), (2, MODE, "@SUM(A1)")
    )))  # fmt: skip


@case()
def formulas_with_stored_values(folder: Path) -> Path:
    path = book(folder, TABLE, cell("I2", "=4+1"))
    return rezipped(path, {SHEET: stored(b"4+1", b"5")})


@case(records=changed((3, MODE, "")))
def a_formula_that_gives_an_empty_text(folder: Path) -> Path:
    path = book(folder, TABLE, cell("D5", '=IF(A5="","x","")'))
    formula = b'IF(A5="","x","")'
    return rezipped(path, {SHEET: stored(formula, b"", b' t="str"')})


@case(records=changed((3, MODE, "")))
def a_formula_that_gives_an_empty_text_in_short(folder: Path) -> Path:
    path = a_formula_that_gives_an_empty_text(folder)
    return rezipped(path, {SHEET: lambda xml: xml.replace(b"<v></v>", b"<v/>")})


@case(error="formula-without-value", row=2, column="I")
def formulas_without_stored_values(folder: Path) -> Path:
    return book(folder, TABLE, cell("I2", "=4+1"))


def error_cells(folder: Path, name: str, shown: str) -> Path:
    return book(folder, TABLE, cell(name, shown))


@case(error="error-cell", row=2, column="satisfied")
def not_available_in_a_number(folder: Path) -> Path:
    return error_cells(folder, "I2", "#N/A")


@case(error="error-cell", row=3, column="mode")
def a_lost_reference_in_a_text(folder: Path) -> Path:
    return error_cells(folder, "D3", "#REF!")


@case(error="error-cell", row=5, column="weight")
def a_division_by_zero_with_its_formula(folder: Path) -> Path:
    path = book(folder, TABLE, cell("F5", "=1/0"))
    return rezipped(path, {SHEET: stored(b"1/0", b"#DIV/0!", b' t="e"')})


@case(error="error-cell", row=4, column="audience")
def an_error_cell_in_a_csv(folder: Path) -> Path:
    return file(folder, text(changed((2, 2, "#N/A"))))
