"""Parts of a Word document that pandoc does not write: fields, sections, lists of contents."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from report.publish.wordstyle import Look, run_properties, twips

PAGE_CM = (21.0, 29.7)
MARGIN_CM = 2.5
TEXT_CM = PAGE_CM[0] - 2 * MARGIN_CM
"""Width of the text of an upright page."""
LONG_CM = PAGE_CM[1] - 2 * MARGIN_CM
"""Width of the text of a page on its side."""
TOC_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents, or of a list of figures or tables.

    Parameters
    ----------
    text
        What it says.
    bookmark
        What it leads to.
    style
        Identifier of its style.
    """

    text: str
    bookmark: str
    style: str


def run(text: str, how: Look | None = None) -> str:
    """Return a run of text."""
    properties = run_properties(how) if how else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def run_tab() -> str:
    """Return a run with a tab."""
    return "<w:r><w:tab/></w:r>"


def field(instruction: str, shown: str, *, stale: bool = False) -> str:
    """Return the runs of a field of Word, and what it shows until it is updated."""
    dirty = ' w:dirty="true"' if stale else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{dirty}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def section_end(*, landscape: bool) -> str:
    """Return the paragraph that ends a section of the document, upright or on its side."""
    wide, high = (twips(each) for each in PAGE_CM)
    size = f'w:w="{high}" w:h="{wide}" w:orient="landscape"' if landscape else (
        f'w:w="{wide}" w:h="{high}"'
    )  # fmt: skip
    margin = twips(MARGIN_CM)
    return (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:sectPr>'
        f'<w:type w:val="nextPage"/><w:pgSz {size}/><w:pgMar w:top="{twips(2.8)}" '
        f'w:right="{margin}" w:bottom="{twips(2.4)}" w:left="{margin}" w:header="{twips(1.4)}" '
        f'w:footer="{twips(1.4)}" w:gutter="0"/></w:sectPr></w:pPr></w:p>'
    )


def contents(heading: str, instruction: str, entries: Iterable[Entry]) -> str:
    """Return a table of contents that Word can update, and that is there before it does.

    Parameters
    ----------
    heading
        What stands above it.
    instruction
        Of the field ``TOC``: what it lists.
    entries
        Its lines; the numbers of their pages are fields of their own.
    """
    lines = list(entries)
    start = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    shown = "".join(
        _entry(line, "" if at else start, end if at == len(lines) - 1 else "")
        for at, line in enumerate(lines)
    )
    return f'<w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr>{run(heading)}</w:p>{shown}'


def _entry(line: Entry, start: str, end: str) -> str:
    page = field(f"PAGEREF {line.bookmark} \\h", "", stale=True)
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{line.style}"/></w:pPr>{start}'
        f'<w:hyperlink w:anchor={quoteattr(line.bookmark)} w:history="1">'
        f"{run(line.text)}{run_tab()}{page}</w:hyperlink>{end}</w:p>"
    )
