"""The prose of a .qmd: its text without anything that is no sentence, and figures typed into it."""

import re
from collections.abc import Iterator
from pathlib import Path

from report.publish.source import INLINE, Text, read_chapter
from survey.findings import Finding, Severity, display_path

# Names that hold digits and are no figures of a result.
NAMES = re.compile(
    r"12345|3\+1|(?:GB|ISO|DB\d*|IEC)(?:/[TZ])?\s*\d+(?:\.\d+)*(?:[-—–]\d{4})?"
    r"|[\u4e00-\u9fff]{1,8}[〔\[（(]\d{4}[〕\]）)]\d+号"
)
NO_PROSE = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    INLINE,
    re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)(?:\{[^}\n]*\})?", re.DOTALL),
    re.compile(r"\$\$.+?\$\$", re.DOTALL),
    re.compile(r"\{\{<.*?>\}\}"),
    re.compile(r"(?<=\])\([^)\s]*(?:\s+\"[^\"]*\")?\)(?:\{[^}\n]*\})?"),
    re.compile(r"<?\bhttps?://[^\s>）)\]]+>?|<[/a-zA-Z][^>\n]*>"),
    re.compile(r"^\[(?!\^)[^\]\n]+\]:\s.*$", re.MULTILINE),
    re.compile(r"\[\^[^\]\s]+\]"),
    re.compile(r"\{[#.=][^}\n]*\}"),
    re.compile(r"-?@[\w{][\w:.#$%&+?<>~/{}-]*"),
)
DIV = re.compile(r"^[ \t]*:{3,}.*$", re.MULTILINE)
DIV_TITLE = re.compile(r"title=\"([^\"]*)\"")
LIST_NUMBER = re.compile(r"^[ \t>]*\(?\d+[.)](?=[ \t])", re.MULTILINE)
DIGITS = re.compile(r"[0-9０-９]+(?:[.,．][0-9０-９]+)*[%％‰]?")


def prose_only(markdown: str) -> str:
    """Blank out everything of a Markdown text that is no prose, keeping every line's place.

    Code, links' addresses, labels, attributes, shortcodes, comments, numbers of footnotes and of
    ordered lists go; the title of a callout stays.
    """
    text = DIV.sub(_only_title, markdown)
    for pattern in NO_PROSE:
        text = pattern.sub(_blank, text)
    return LIST_NUMBER.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _only_title(match: re.Match[str]) -> str:
    title = DIV_TITLE.search(match[0])
    return title[1] if title else ""


def prose_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and prose of each line of a .qmd outside front matter, cells and fences."""
    for block in read_chapter(path).blocks:
        if isinstance(block, Text) and not block.raw:
            for offset, line in enumerate(prose_only(block.markdown).splitlines()):
                yield block.line + offset, line


def bare_figures(path: Path) -> list[Finding]:
    """Find the digits typed into the prose of a .qmd: every figure must come from the results.

    Parameters
    ----------
    path
        A .qmd file. Headings, captions, tables and callouts count as prose. Chinese numerals and
        names with digits (12345, 3+1, GB/T 33357-2016, 国办发〔2020〕53号) are no figures.

    Returns
    -------
    A finding of severity error for each figure, with its line and the text around it.

    Raises
    ------
    InputError
        Where the file is no readable .qmd.
    """
    return [
        Finding(
            "bare-figure",
            Severity.ERROR,
            display_path(path),
            row,
            "",
            "`{python} …` in place of a typed figure",
            repr(match[0]),
            line[max(0, match.start() - 8) : match.end() + 8].strip(),
        )
        for row, line in prose_lines(path)
        for match in DIGITS.finditer(NAMES.sub(_blank, line))
    ]
