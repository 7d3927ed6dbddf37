import numpy as np
import pytest

from report.publish import pandoc
from report.publish.columns import (
    Letters,
    column_widths,
    columns_of,
    least_width,
    row_lines,
    width_of,
    with_widths,
)
from report.publish.pandoc import Element

LETTERS = Letters(10, 0.4)
ROOM = 16.0
LONG = "what cities of one level have in common and what not " * 3


def table(header: str, rule: str, *rows: str) -> Element:
    text = "\n".join(f"|{row}|" for row in (header, rule, *rows)) + "\n"
    (found,) = pandoc.read_markdown(text)
    assert found["t"] == "Table"
    return found


def widths(found: Element, room: float = ROOM) -> np.ndarray:
    return column_widths(columns_of(found), LETTERS, room)


def test_columns_fill_the_room() -> None:
    for text in ("short", LONG):
        assert widths(table("a|b", "--|--", f"1|{text}")).sum() == pytest.approx(ROOM)


def test_no_column_is_narrower_than_its_longest_word() -> None:
    found = table("Enterprises|Note", "--|--", f"1|{LONG}")
    need = LETTERS.centimetres(np.array([width_of("Enterprises")]))[0]
    assert widths(found)[0] >= need - 1e-9


def test_an_interval_is_not_torn_but_a_sentence_is() -> None:
    interval = columns_of(table("a|b", "--|--", "−0.32 to −0.27|no gap at all"))
    assert interval.least[0] >= width_of("−0.32 to −0.27")
    assert interval.least[1] < width_of("no gap")


def test_room_goes_to_the_column_that_has_the_most_to_say() -> None:
    found = table("name|note", "--|--", *[f"name {n} of them|{LONG}" for n in range(5)])
    columns = columns_of(found)
    half = np.array([ROOM / 2, ROOM / 2])
    fitted = column_widths(columns, LETTERS, ROOM)
    assert row_lines(columns, LETTERS, fitted).sum() < row_lines(columns, LETTERS, half).sum()
    assert fitted[1] > fitted[0]


def test_widths_of_the_author_hold_where_they_cost_nothing() -> None:
    found = with_widths(table("a|b", "--|--", "1|2"), np.array([30.0, 70.0]))
    assert widths(found) == pytest.approx([0.3 * ROOM, 0.7 * ROOM])


@pytest.mark.parametrize("shares", [(5.0, 95.0), (80.0, 20.0)])
def test_widths_of_the_author_that_tear_words_or_lengthen_the_table_do_not(
    shares: tuple[float, float],
) -> None:
    plain = table("Enterprises|Note", "--|--", f"1|{LONG}")
    given = with_widths(plain, np.array(shares))
    assert widths(given) == pytest.approx(widths(plain))


def test_a_table_too_wide_for_any_page_still_has_widths() -> None:
    found = table("|".join("a" * 20 for _ in range(9)), "|".join(["--"] * 9))
    assert least_width(columns_of(found), LETTERS) > ROOM
    assert widths(found) == pytest.approx(np.full(9, ROOM / 9))


def test_cells_over_several_columns_ask_for_nothing() -> None:
    (found,) = pandoc.read_markdown(
        "<table><tr><td colspan='2'>Enterprises-and-citizens</td></tr>"
        "<tr><td>a</td><td>b</td></tr></table>",
        "html",
    )
    assert (columns_of(found).least == 1).all()
