"""Quarto syntax that the embedded publisher cannot publish, found before anything runs."""

import re
from collections.abc import Iterable, Iterator

from report.publish.blocks import PAGE_BREAK
from report.publish.prose import bare_figures
from report.publish.source import BookSource, Cell, Chapter, Text
from report.publish.structure import lint_structure, without_code
from survey.findings import Finding, Severity, did_you_mean

__all__ = ["bare_figures", "lint_book"]

CELL_OPTIONS = {
    "label": str,
    "echo": bool,
    "eval": bool,
    "include": bool,
    "warning": bool,
    "output": (bool, str),
    "fig-cap": str,
    "fig-alt": str,
    "tbl-cap": str,
    "tbl-colwidths": list,
}
LABEL = re.compile(r"^(fig|tbl|sec)-[\w-]+$")
WRITTEN_LABEL = re.compile(r"\{[^}\n]*?#((?:fig|tbl|sec)-[\w-]+)[^}\n]*\}")
ENGINE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*\{(?P<engine>[a-zA-Z][\w-]*)[^}]*\}")
SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
CITATION = re.compile(r"(?P<before>\w?)@\{?(?P<key>(?:[Ff]ig|[Tt]bl|[Ss]ec)-[\w-]+)")
LATIN = re.compile(r"^[A-Za-z0-9_-]+")
DIVS = (
    (re.compile(r"^[ \t]*:{3,}.*\.panel-tabset"), "tabset"),
    (re.compile(r"^[ \t]*:{3,}.*\blayout(-ncol|-nrow)?="), "layout"),
    (
        re.compile(r"^[ \t]*:{3,}.*\.(column-margin|aside|panel-(?!tabset)\w+)\b"),
        "margin or panel",
    ),
    (re.compile(r"^[ \t]*:{3,}.*#(lst|eq|thm|lem|cor|prp|def|exm|exr)-"), "cross-reference"),
)


def lint_book(book: BookSource) -> list[Finding]:
    """Find everything in a book that the embedded publisher would get wrong.

    Parameters
    ----------
    book
        The book as read.

    Returns
    -------
    Findings of severity error: shortcodes but ``pagebreak``, other engines, unknown options of
    cells, tabsets and layouts, labels without a prefix, written twice, or never written, and
    what `lint_structure` finds; of severity warning where a figure is described by its caption
    alone.
    """
    findings: list[Finding] = []
    places: dict[str, str] = {}
    for chapter in book.chapters:
        for label, line in _labels(chapter):
            if label in places:
                findings.append(
                    _error(
                        "duplicate-label",
                        (chapter, line),
                        "one label of a name",
                        f"{label}, also at {places[label]}",
                        "give one another name",
                    )
                )
            places.setdefault(label, f"{chapter.file}:{line}")
    generated = any(_generates_labels(cell) for each in book.chapters for cell in each.cells)
    for chapter in book.chapters:
        for block in chapter.blocks:
            if isinstance(block, Cell):
                findings += _lint_cell(chapter, block)
            elif block.raw:
                findings += _lint_fence(chapter, block)
            else:
                findings += _lint_text(chapter, block)
                findings += _lint_citations(chapter, block, None if generated else places)
    findings += lint_structure(book, None if generated else places)
    return findings


def _labels(chapter: Chapter) -> Iterator[tuple[str, int]]:
    for block in chapter.blocks:
        if isinstance(block, Cell):
            if block.label:
                yield block.label, _option_line(block, "label")
        elif not block.raw:
            for number, line in enumerate(without_code(block.markdown).splitlines()):
                for match in WRITTEN_LABEL.finditer(line):
                    yield match[1], block.line + number


def _generates_labels(cell: Cell) -> bool:
    return bool(re.search(r"#(fig|tbl|sec)-", cell.code))


def _option_line(cell: Cell, name: str) -> int:
    lines = cell.code.splitlines()
    at = next((n for n, line in enumerate(lines) if re.match(rf"#\|\s*{name}\s*:", line)), 0)
    return cell.line + at


def _lint_cell(chapter: Chapter, cell: Cell) -> Iterator[Finding]:
    for name, value in cell.options.items():
        line = _option_line(cell, re.escape(name))
        if name not in CELL_OPTIONS:
            hint = did_you_mean(name, CELL_OPTIONS)
            yield _error("unsupported-option", (chapter, line), "a supported option", name, hint)
        elif not isinstance(value, CELL_OPTIONS[name]):
            yield _error("wrong-option", (chapter, line), f"a fitting value of {name}", repr(value))
        elif name == "output" and isinstance(value, str) and value != "asis":
            yield _error("wrong-option", (chapter, line), "true, false or asis", repr(value))
    if not cell.label:
        if "tbl-cap" in cell.options:
            line = _option_line(cell, "tbl-cap")
            yield _error("no-label", (chapter, line), "a label tbl-…", "a caption without one")
        return
    line = _option_line(cell, "label")
    if not LABEL.match(cell.label):
        hint = "Quarto refers to nothing else; leave the label out where no reference is needed"
        yield _error(
            "label-prefix", (chapter, line), "a label starting with fig- or tbl-", cell.label, hint
        )
    kind = cell.label.partition("-")[0]
    if kind in ("fig", "tbl") and f"{kind}-cap" not in cell.options:
        yield _error("no-caption", (chapter, line), f"the option {kind}-cap", f"only {cell.label}")


def _lint_fence(chapter: Chapter, block: Text) -> Iterator[Finding]:
    match = ENGINE.match(block.markdown)
    if match is None:
        return
    engine = match["engine"]
    hint = "take it out of the list or quotation" if engine == "python" else "only {python} runs"
    yield _error("unsupported-engine", (chapter, block.line), "```{python}", f"{{{engine}}}", hint)


def _lint_text(chapter: Chapter, block: Text) -> Iterator[Finding]:
    for number, line in enumerate(without_code(block.markdown).splitlines(), block.line):
        for match in SHORTCODE.finditer(line):
            if match[0] != PAGE_BREAK:
                yield _error(
                    "unsupported-shortcode",
                    (chapter, number),
                    PAGE_BREAK,
                    match[0],
                    "write its content, or make it in a cell",
                )
            elif line.strip() != PAGE_BREAK:
                yield _error(
                    "unsupported-shortcode", (chapter, number), f"{PAGE_BREAK} alone", line.strip()
                )
        for pattern, name in DIVS:
            if pattern.match(line):
                yield _error(
                    "unsupported-div",
                    (chapter, number),
                    "a callout or a plain div",
                    f"a {name}",
                    "set it without that div",
                )
        if re.match(r"^[ \t>]*(`{3,}|~{3,})", line):
            yield _error("open-fence", (chapter, number), "a closed fence", line.strip())


def _lint_citations(
    chapter: Chapter, block: Text, labels: Iterable[str] | None
) -> Iterator[Finding]:
    for number, line in enumerate(without_code(block.markdown).splitlines(), block.line):
        for match in CITATION.finditer(line):
            key = match["key"]
            latin = LATIN.match(key)
            if match["before"] or (latin and latin[0] != key):
                yield _error(
                    "reference-space",
                    (chapter, number),
                    "a space before and after a reference",
                    match[0],
                    "the publisher takes the spaces out again between Chinese text",
                )
            elif labels is not None and key[:1].lower() + key[1:] not in labels:
                hint = did_you_mean(key, labels)
                yield _error("unknown-reference", (chapter, number), "a label", f"@{key}", hint)


def _error(
    check: str, where: tuple[Chapter, int], expected: str, got: str, hint: str = ""
) -> Finding:
    chapter, row = where
    return Finding(check, Severity.ERROR, chapter.file, row, "", expected, got, hint)
