"""The formats of the workbook, and the names of its sheets in its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from report.brand import brand
from report.language import Lang
from report.release.about import WARNING, said
from report.release.codebook import KINDS, Kind, table_words
from report.release.fast_sheet import ColumnSheet
from report.results import Results

SHEETS: Mapping[str, tuple[str, str]] = {
    "contents": ("目录", "Contents"), "notes": ("说明", "Notes"), "fields": ("字段", "Fields"),
}  # fmt: skip
FORMATS: Mapping[Kind, str] = {
    "count": "#,##0", "rank": "0", "places": "0.0", "score": "0.00", "points": "0.00",
    "share": "0.0%", "p": '[<0.001]"<0.001";0.000', "seconds": "0.0", "ratio": "0.00",
    "number": "0.000",
}  # fmt: skip
"""How figures of each kind are shown; a cell holds them in full."""


@dataclass(frozen=True)
class BookStyle:
    """Formats of a workbook, and the words of its language."""

    book: Any
    results: Results

    @property
    def lang(self) -> Lang:
        """The language of the names of sheets."""
        return self.results.lang

    def sheet(self, name: str) -> str:
        """Return the name of a sheet; names of tables, where they are in English, as in files."""
        if name in SHEETS:
            return SHEETS[name][self.lang == "en"]
        return table_words(name).words.zh if self.lang == "zh" else name

    def add(self, name: str) -> ColumnSheet:
        """Return a new sheet for a table."""
        sheet = self.book.add_worksheet(name, worksheet_class=ColumnSheet)
        if self.results.meta["simulated"]:
            sheet.set_tab_color(brand()["alert"])
            sheet.set_header("&C" + said(WARNING, self.lang))
        sheet.hide_gridlines(2)
        return sheet

    @cached_property
    def title(self) -> Any:
        """Of the title."""
        return self.book.add_format({"bold": True, "font_size": 16, "font_color": brand()["deep"]})

    @cached_property
    def alert(self) -> Any:
        """Of what must not be overlooked."""
        return self.book.add_format({"bold": True, "font_color": brand()["alert"]})

    @cached_property
    def head(self) -> Any:
        """Of the heads of columns."""
        return self.book.add_format(
            {
                "bold": True, "text_wrap": True, "valign": "top", "bottom": 1,
                "font_color": brand()["background"], "bg_color": brand()["deep"],
            }
        )  # fmt: skip

    @cached_property
    def link(self) -> Any:
        """Of links to other sheets."""
        return self.book.add_format({"font_color": brand()["link"], "underline": 1})

    @cached_property
    def wrapped(self) -> Any:
        """Of sentences."""
        return self.book.add_format({"text_wrap": True, "valign": "top"})

    @cached_property
    def guard(self) -> Any:
        """Of a text that looks like a formula: editing its cell does not make it one."""
        return self.book.add_format({"quote_prefix": True})

    @cached_property
    def grades(self) -> list[tuple[str, Any]]:
        """The formats of the grades, by grade."""
        if "composition" not in self.results:
            return []
        from report.style import grade_colors, ink_on

        return [
            (
                grade,
                self.book.add_format({"bg_color": color, "font_color": _hex(ink_on(color))}),
            )
            for grade, color in grade_colors(
                self.results["composition"]["grade"].astype(str).tolist()
            ).items()
        ]

    @cached_property
    def kinds(self) -> dict[Kind, Any]:
        """The format of each kind of column."""
        return {
            kind: self.book.add_format({"num_format": FORMATS[kind]} if kind in FORMATS else {})
            for kind in KINDS
        }


def _hex(color: str) -> str:
    return "#FFFFFF" if color == "white" else color
