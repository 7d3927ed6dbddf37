"""Archive: the parts of an xlsx file, measured before they are unpacked."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from posixpath import join, normpath
from xml.etree import ElementTree

from survey.files.grid import Found, noted, refusal, too_large
from survey.files.limits import MOST_UNPACKED_BYTES, MOST_UNPACKED_RATIO, SMALL_PART_BYTES

_SAVE = "open it in a spreadsheet and save it as xlsx"
_OTHERS = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "xl/workbook.bin": "a binary workbook (xlsb)",
    "content.xml": "an OpenDocument file",
}


@dataclass(frozen=True)
class SheetPart:
    """A worksheet of a workbook: its title, whether it is hidden, and the part that holds it."""

    title: str
    hidden: bool
    part: str


@dataclass(frozen=True)
class Workbook:
    """The parts of a workbook.

    Parameters
    ----------
    zipped
        The archive, with all its sizes in order.
    """

    zipped: zipfile.ZipFile

    @classmethod
    def opened(cls, data: bytes) -> "Workbook":
        """Open an xlsx file.

        Raises
        ------
        InputError
            Where it is no workbook, or unpacks to more than the limits.
        """
        try:
            zipped = zipfile.ZipFile(io.BytesIO(data))
        except Exception as error:  # as in `read`
            got = f"a damaged file, perhaps cut short ({error})"
            raise refusal("not-a-table", "an xlsx workbook", got, _SAVE) from None
        _refuse_bombs(zipped)
        names = set(zipped.namelist())
        if "xl/workbook.xml" not in names:
            kind = next((kind for part, kind in _OTHERS.items() if part in names), "")
            got = kind or "a zip archive of other files"
            raise refusal("not-a-table", "an xlsx workbook", got, _SAVE)
        return cls(zipped)

    def read(self, part: str) -> bytes:
        """Unpack a part.

        Raises
        ------
        InputError
            Where it is missing, damaged, or larger than the archive says.
        """
        try:
            return self.zipped.read(part)
        except Exception as error:  # zipfile and zlib fail in a dozen ways on damaged bytes
            got = f"a workbook with a damaged part ({part}: {error})"
            raise refusal("not-a-table", "an xlsx workbook", got, _SAVE) from None

    @cached_property
    def _book(self) -> ElementTree.Element:
        return self._tree("xl/workbook.xml")

    def _tree(self, part: str) -> ElementTree.Element:
        text = self.read(part)
        try:
            if b"<!DOCTYPE" in text:
                raise ElementTree.ParseError("a document type")
            return ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            got = f"a workbook with a damaged part ({part}: {error})"
            raise refusal("not-a-table", "an xlsx workbook", got, _SAVE) from None

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """The worksheets, in the order of their tabs."""
        targets = {
            each.get("Id"): normpath(join("/xl", each.get("Target", ""))).lstrip("/")
            for each in self._tree("xl/_rels/workbook.xml.rels")
            if each.get("Type", "").endswith("/worksheet")
        }
        listed = (
            (each, next((v for k, v in each.attrib.items() if k.endswith("}id")), ""))
            for each in self._book.iter()
            if each.tag.endswith("}sheet")
        )
        return tuple(
            SheetPart(
                sheet.get("name", ""), sheet.get("state", "visible") != "visible", targets[known]
            )
            for sheet, known in listed
            if known in targets
        )

    @property
    def counts_from_1904(self) -> bool:
        """Whether its day numbers begin in 1904."""
        return any(
            each.get("date1904") in ("1", "true")
            for each in self._book.iter()
            if each.tag.endswith("}workbookPr")
        )

    def notes(self) -> Found:
        """Return notes on macros and values of other workbooks."""
        names = self.zipped.namelist()
        found = []
        if any(re.fullmatch(r"xl/vbaProject.*\.bin", name) for name in names):
            found.append(noted("macros", "no macros", "a workbook with macros", "none was run"))
        if links := sum(bool(re.fullmatch(r"xl/externalLinks/[^/]+\.xml", n)) for n in names):
            got = f"formulas on {links} other workbook{'s' * (links > 1)}"
            hint = "read as they were last computed; see that they are up to date"
            found.append(noted("external-links", "values of its own", got, hint))
        return tuple(found)


def _refuse_bombs(zipped: zipfile.ZipFile) -> None:
    """Refuse an archive by the sizes in its directory, before anything is unpacked."""
    parts: Sequence[zipfile.ZipInfo] = zipped.infolist()
    total = sum(part.file_size for part in parts)
    if total > MOST_UNPACKED_BYTES:
        expected = f"at most {MOST_UNPACKED_BYTES / 1e9:.1f} GB when unpacked"
        raise too_large(expected, f"{total / 1e9:.1f} GB")
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > SMALL_PART_BYTES and ratio > MOST_UNPACKED_RATIO:
            expected = f"parts that unpack to at most {MOST_UNPACKED_RATIO} times their size"
            raise too_large(expected, f"{part.filename} to {ratio:,.0f} times")
    if any(part.flag_bits & 1 for part in parts):
        hint = "open it, take the password off and save it"
        raise refusal("not-a-table", "an xlsx workbook", "an archive with a password", hint)
