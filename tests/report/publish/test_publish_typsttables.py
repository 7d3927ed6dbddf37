"""Tables of the PDF are set as loosely as their words and the height of their rows allow."""

from collections.abc import Sequence

import pytest

from report.publish import pandoc
from report.publish.pandoc import Element
from report.publish.typsttables import typst_table

HEADS = ("Indicator", "Citizens", "Enterprises", "Gap", "Interval", "Citizens ahead", "Verdict")
FIGURES = ("6.22", "2.52", "+3.70", "−3.49 to 3.91", "94.9%", "clear")


def table(*rows: Sequence[str]) -> Element:
    lines = [HEADS, ["--"] * len(HEADS), *rows]
    (found,) = pandoc.read_markdown("\n".join("|" + "|".join(line) + "|" for line in lines) + "\n")
    return found


def opening(found: Element) -> str:
    return typst_table(found)[0]["c"][1]


@pytest.mark.parametrize(
    ("name", "size"), [("Trust", 9.5), ("Feedback and complaints", 8.5)], ids=("short", "torn")
)
def test_a_table_is_set_closer_where_that_spares_many_lines(name: str, size: float) -> None:
    assert f"size: {size}pt" in opening(table(*[(name, *FIGURES)] * 9))


def test_a_single_long_name_does_not_make_letters_smaller() -> None:
    rows = [("Trust", *FIGURES)] * 9
    assert "size: 9.5pt" in opening(table(("Feedback and complaints", *FIGURES), *rows))
