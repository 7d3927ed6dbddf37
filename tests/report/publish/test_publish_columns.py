import numpy as np
import pytest

from report.publish import pandoc
from report.publish.columns import (
    BORDER_EM,
    Columns,
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


def test_a_chinese_interval_has_the_room_that_typesetting_puts_into_it() -> None:
    signs = width_of("−0.02") + width_of("0.18") + width_of("至")
    assert width_of("−0.02至0.18") == pytest.approx(signs + 2 * BORDER_EM)
    assert width_of("占比23%为限") == pytest.approx(width_of("占比为限") + width_of("23%") + 0.5)
    assert width_of("−0.02 至 0.18") == pytest.approx(signs + 2 * width_of(" "))


def test_a_name_of_five_characters_is_torn_in_a_cell_but_not_at_the_head() -> None:
    head, cell = columns_of(table("实际接通率|词", "--|--", "1|实际接通率")).least
    assert head == pytest.approx(5.0, abs=0.2)
    assert cell == pytest.approx(4.0, abs=0.2)


def test_columns_that_hold_each_other_up_exchange_room(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = np.array([[33.1, 32.5, 32.6], [31.5, 9.9, 11.9], [17.6, 13.2, 7.4], [19.7, 32.1, 29.4]])
    columns = Columns(texts, np.full(3, 4.0), None)
    letters = Letters(9.5, 0.42)

    def lines() -> float:
        return row_lines(columns, letters, column_widths(columns, letters, 9.0)).sum()

    exchanged = lines()
    monkeypatch.setattr("report.publish.columns._exchanged", lambda _, taken: taken)
    assert exchanged < lines()


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
