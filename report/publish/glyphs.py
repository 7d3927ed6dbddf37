"""Characters of a book that its fonts cannot draw, found before it is set."""

from collections.abc import Iterable, Mapping

from report.fonts import missing_glyphs
from report.publish import pandoc
from report.publish.crossref import NumberedChapter
from report.publish.meta import BookMeta
from report.publish.pandoc import Element
from survey.findings import Finding, Severity


def check_glyphs(chapters: Iterable[NumberedChapter], meta: BookMeta) -> list[Finding]:
    """Find the characters that the fonts of the PDF do not have.

    Parameters
    ----------
    chapters
        The chapters to be set.
    meta
        The texts of the cover and the margins.

    Returns
    -------
    A finding of severity error for each chapter with such characters, and one for the cover.
    """
    texts: Mapping[str, str] = {
        "cover": "".join(meta.texts),
        **{each.executed.chapter.file: _all_text(each) for each in chapters},
    }
    return [
        Finding(
            "missing-glyph",
            Severity.ERROR,
            where,
            None,
            "",
            "characters of both Noto fonts",
            " ".join(f"{c} (U+{ord(c):04X})" for c in missing),
            "use another character",
        )
        for where, text in texts.items()
        if (missing := missing_glyphs(text))
    ]


def _all_text(chapter: NumberedChapter) -> str:
    trees = [chapter.blocks, *(list(heading.inlines) for heading in chapter.headings)]
    return "".join(_own_text(element) for element in pandoc.elements(trees))


def _own_text(element: Element) -> str:
    kind = element["t"]
    if kind == "Str":
        return element["c"]
    if kind in ("Code", "CodeBlock") or (
        kind in ("RawBlock", "RawInline") and element["c"][0] == "typst"
    ):
        return element["c"][1]
    return ""
