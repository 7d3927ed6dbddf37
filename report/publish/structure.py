"""Faults of a book's structure in its sources: headings, images without words, dead links."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from report.publish.prose import NO_PROSE
from report.publish.source import BookSource, Cell, Chapter
from survey.findings import Finding, Severity, did_you_mean

CODE = NO_PROSE[:3]
HEADING = re.compile(r"^(#{1,6})[ \t]+\S")
DIV = re.compile(r"^[ \t]*:{3,}[ \t]*(?P<attr>\S.*)?$")
IMAGE = re.compile(r"!\[(?P<words>[^\]]*)\]\([^)]*\)(?:\{(?P<attr>[^}]*)\})?")
QMD_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<page>[^)\s#:]*\.qmd)(?:#(?P<label>[^)\s]*))?\)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chapter's text.

    Parameters
    ----------
    chapter, row
        Where it stands.
    text
        The line, code blanked out.
    divs
        The attributes of the divs around it, the innermost last.
    after_output
        Whether a cell that may print headings stands between it and the line before.
    """

    chapter: Chapter
    row: int
    text: str
    divs: tuple[str, ...]
    after_output: bool = False


def lint_structure(book: BookSource, labels: Collection[str] | None) -> Iterator[Finding]:
    """Find headings that skip a level, images without words and links to chapters that are not.

    Parameters
    ----------
    book
        The book as read.
    labels
        Every label of the book, or None where cells make labels of their own.

    Yields
    ------
    Findings; of severity warning where the caption of a figure stands in for its description.
    """
    pages = {chapter.path.name: chapter for chapter in book.chapters}
    for chapter in book.chapters:
        lines = list(_lines(chapter))
        yield from _skipped_levels(chapter, lines)
        yield from _undescribed(lines)
        yield from _dead_links(lines, pages, labels)
        for cell in chapter.cells:
            yield from _undescribed_cell(chapter, cell)


def without_code(markdown: str) -> str:
    """Blank out comments, inline cells and code, keeping every line's place."""
    for pattern in CODE:
        markdown = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), markdown)
    return markdown


def _lines(chapter: Chapter) -> Iterator[Line]:
    divs: list[str] = []
    printed = False
    for block in chapter.blocks:
        if isinstance(block, Cell):
            printed = printed or block.options.get("output") == "asis"
            continue
        if block.raw:
            continue
        for row, text in enumerate(without_code(block.markdown).splitlines(), block.line):
            div = DIV.match(text)
            if div and div["attr"]:
                divs.append(div["attr"])
            elif div and divs:
                divs.pop()
            else:
                yield Line(chapter, row, text, tuple(divs), printed)
                printed = False


def _skipped_levels(chapter: Chapter, lines: list[Line]) -> Iterator[Finding]:
    before = 1
    for line in lines:
        before = 6 if line.after_output else before
        heading = HEADING.match(line.text)
        if heading is None or any("callout" in div for div in line.divs):
            continue
        level = len(heading[1])
        if level > before + 1:
            yield _found(
                "skipped-level", line, f"a heading of level {before + 1} at most", line.text.strip()
            )
        before = level


def _undescribed(lines: list[Line]) -> Iterator[Finding]:
    for line in lines:
        for image in IMAGE.finditer(line.text):
            if image["words"].strip() or "fig-alt" in (image["attr"] or ""):
                continue
            captioned = any("#fig-" in div for div in line.divs)
            yield _found(
                "image-without-words",
                line,
                "fig-alt: what the image shows",
                image[0],
                severity=Severity.WARNING if captioned else Severity.ERROR,
            )


def _undescribed_cell(chapter: Chapter, cell: Cell) -> Iterator[Finding]:
    if cell.label.startswith("fig-") and not cell.options.get("fig-alt"):
        line = Line(chapter, cell.line, "", ())
        yield _found(
            "image-without-words",
            line,
            "fig-alt: what the figure shows",
            f"only {cell.label}",
            "its caption stands in for it",
            Severity.WARNING,
        )


def _dead_links(
    lines: list[Line], pages: Mapping[str, Chapter], labels: Collection[str] | None
) -> Iterator[Finding]:
    for line in lines:
        for link in QMD_LINK.finditer(line.text):
            page, label = link["page"], link["label"]
            if page not in pages:
                hint = did_you_mean(page, list(pages))
                yield _found("no-such-chapter", line, "a chapter of the book", page, hint)
            elif label and labels is not None and label not in labels:
                hint = did_you_mean(label, list(labels))
                yield _found("unknown-reference", line, "a label", f"{page}#{label}", hint)


def _found(
    check: str,
    line: Line,
    expected: str,
    got: str,
    hint: str = "",
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(check, severity, line.chapter.file, line.row, "", expected, got, hint)
