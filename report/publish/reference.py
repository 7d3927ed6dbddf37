"""The reference document, from which pandoc takes the styles of the Word report."""

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from report.brand import Brand, brand
from report.language import Lang
from report.publish.archive import members_of, zipped
from report.publish.wordparts import MARGIN_CM, PAGE_CM, TEXT_CM, TOC_LEVELS, field, run
from report.publish.wordstyle import Look, W, element, paragraph_properties, run_properties

CALLOUT_COLORS = {
    "Note": "blue", "Tip": "good", "Warning": "warning", "Important": "alert", "Caution": "alert",
}  # fmt: skip
FALLBACKS: Mapping[Lang, tuple[str, str]] = {
    "zh": ("宋体", "黑体"),
    "en": ("Times New Roman", "Arial"),
}
"""Fonts that an office has where those of the theme are not installed: body and headings."""
FONT_TABLE = "word/fontTable.xml"
MOMENT = datetime(1980, 1, 1)
WORD_TAGS: Mapping[Lang, str] = {"zh": "zh-CN", "en": "en-GB"}


def write_reference(path: Path, lang: Lang, title: str, notice: str | None = None) -> None:
    """Write the reference document for ``quarto render --to docx``; see `reference_docx`."""
    path.write_bytes(reference_docx(lang, title, notice))


def reference_docx(
    lang: Lang, title: str, notice: str | None = None, look: Brand | None = None
) -> bytes:
    """Return pandoc's own reference document in the colours and fonts of the theme.

    Parameters
    ----------
    lang
        Language of the document: Chinese paragraphs start two characters in.
    title
        Stands in the head of each page; Word puts the title of the document there.
    notice
        Stands in the head of each page, such as that the data are simulated.
    look
        Colours and fonts; by default those of the report.

    Returns
    -------
    A .docx; the same theme gives the same bytes.
    """
    import docx

    look = look or brand()
    document = docx.Document(io.BytesIO(_pandoc_reference()))
    styles = document.styles.element
    _defaults(styles, look, lang)
    for name, (based_on, how) in _looks(look, lang).items():
        _paragraph_style(styles, name, based_on, how)
    for name, how in _characters(look).items():
        _set_run(_style(styles, name, "character"), how)
    _table_style(styles, look)
    _page(document, title, notice, look)
    document.core_properties.created = document.core_properties.modified = MOMENT
    buffer = io.BytesIO()
    document.save(buffer)
    members = members_of(buffer.getvalue())
    members[FONT_TABLE] = _with_fonts(members[FONT_TABLE], look, lang)
    return zipped(members)


def _pandoc_reference() -> bytes:
    import subprocess

    import pypandoc

    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _looks(look: Brand, lang: Lang) -> dict[str, tuple[str, Look]]:
    """Return the paragraph styles by name: the style each is based on, and its look."""
    serif, sans, deep, quiet = look.serif, look.sans, look["deep"], look["quiet"]
    indent = 2 if lang == "zh" else 0
    body = Look(before=0, after=5 if lang == "zh" else 8, line=1.5, align="both", first=indent)
    caption = Look(sans, 9.5, look["ink"], False, False, 4, 10, 1.2, "center", 0)
    entry = Look(before=0, after=2, line=1.25, align="left", first=0, tab=TEXT_CM, dots=True)
    small = Look(sans, 8.5, quiet, before=0, after=0, line=1, align="left", tab=TEXT_CM)
    styles = {
        "Normal": ("", Look(serif, 11, look["ink"], before=0, after=6, line=1.5)),
        "Body Text": ("Normal", body),
        "First Paragraph": ("Body Text", Look()),
        "Compact": ("Body Text", Look(before=0, after=2, first=0)),
        "Title": ("Normal", Look(sans, 28, deep, before=170, after=12, line=1.2, align="left")),
        "Subtitle": ("Normal", Look(sans, 16, quiet, before=0, after=150, line=1.3, align="left")),
        "Author": ("Normal", Look(sans, 14, before=0, after=4, align="left")),
        "Date": ("Normal", Look(serif, 13, before=0, after=24, align="left")),
        "Notice": ("Normal", Look(sans, 10.5, look["alert"], border=("bottom", look["alert"]))),
        "heading 1": ("Normal", _heading(look, 20, 0, 18, 0)),
        "heading 2": ("Normal", _heading(look, 15, 18, 8, 1)),
        "heading 3": ("Normal", _heading(look, 12.5, 14, 6, 2)),
        "heading 4": ("Normal", _heading(look, 11.5, 10, 4, 3)),
        "TOC Heading": ("Normal", Look(sans, 18, deep, False, before=12, after=10, keep_next=True)),
        "table of figures": ("Normal", entry),
        "Block Text": ("Body Text", Look(color=quiet, left=0.9, right=0.9, first=0,
                                         border=("left", look["rule"]))),
        "Caption": ("Normal", caption),
        "Table Caption": ("Caption", Look(before=10, after=4, keep_next=True)),
        "Image Caption": ("Caption", Look(before=4, after=12)),
        "Figure": ("Normal", Look(before=6, after=2, line=1, align="center", first=0)),
        "Captioned Figure": ("Figure", Look(keep_next=True)),
        "Table Text": ("Normal", Look(size=9.5, before=1.5, after=1.5, line=1.1, first=0)),
        "Table Text Small": ("Table Text", Look(size=8, before=0.5, after=0.5, line=1.05)),
        "Table Heading": ("Table Text", Look(sans, color=deep, bold=False)),
        "Table Heading Small": ("Table Text Small", Look(sans, color=deep, bold=False)),
        "Footnote Text": ("Normal", Look(size=9, before=0, after=2, line=1.15, first=0)),
        "Source Code": ("Normal", Look(size=9, line=1.15, fill=look["pale"], align="left")),
        "header": ("Normal", small),
        "footer": ("Normal", Look(sans, 8.5, quiet, after=0, line=1, align="center")),
    }  # fmt: skip
    for level in range(1, TOC_LEVELS + 1):
        base = "Normal" if level == 1 else "toc 1"
        own = Look(sans, 11, before=6, after=2, line=1.25, align="left", first=0, tab=TEXT_CM,
                   dots=True)  # fmt: skip
        lower = Look(serif, 10.5, before=0, left=0.75 * (level - 1))
        styles[f"toc {level}"] = (base, own if level == 1 else lower)
    for kind, color in CALLOUT_COLORS.items():
        side = ("left", look[color])
        text = Look(before=0, after=5, first=0, left=0.5, right=0.3, fill=look["pale"], border=side)
        name = f"Callout {kind}"
        title = Look(sans, color=look[color], bold=False, keep_next=True)
        styles[name] = ("Body Text", text)
        styles[f"{name} Title"] = (name, title)
    return styles


def _heading(look: Brand, size: float, before: float, after: float, level: int) -> Look:
    return Look(
        look.sans, size, look["deep"], False, False, before, after, 1.2, "left", 0,
        keep_next=True, page_break=level == 0, outline=level,
    )  # fmt: skip


def _characters(look: Brand) -> dict[str, Look]:
    return {
        "Hyperlink": Look(color=look["link"]),
        "Verbatim Char": Look("Consolas", 9.5),
        "Section Number": Look(),
    }


def _style_id(name: str) -> str:
    special = {"toc": "TOC", "heading": "Heading", "header": "Header", "footer": "Footer"}
    first, _, rest = name.partition(" ")
    if name == "table of figures":
        return "TableofFigures"
    return special.get(first, first) + rest.replace(" ", "")


def _style(styles: Any, name: str, kind: str = "paragraph", based_on: str = "") -> Any:
    """Return the style of a name, made where it is absent."""
    for found in styles.iter(f"{W}style"):
        named = found.find(f"{W}name")
        if found.get(f"{W}type") == kind and named is not None and named.get(f"{W}val") == name:
            return found
    custom = "" if name[0].islower() else ' w:customStyle="1"'
    base = f'<w:basedOn w:val="{_style_id(based_on)}"/>' if based_on else ""
    made = element(
        f'<w:style w:type="{kind}"{custom} w:styleId="{_style_id(name)}">'
        f'<w:name w:val="{name}"/>{base}<w:qFormat/></w:style>'
    )
    styles.append(made)
    return made


def _paragraph_style(styles: Any, name: str, based_on: str, how: Look) -> None:
    style = _style(styles, name, "paragraph", based_on)
    for tag in ("pPr", "rPr", "semiHidden", "unhideWhenUsed"):
        for old in style.findall(f"{W}{tag}"):
            style.remove(old)
    base = style.find(f"{W}basedOn")
    if base is not None and based_on:
        base.set(f"{W}val", _style_id(based_on))
    style.append(element(paragraph_properties(how)))
    style.append(element(run_properties(how)))
    linked = style.get(f"{W}styleId") + "Char"
    for other in styles.iter(f"{W}style"):
        if other.get(f"{W}styleId") == linked:
            _set_run(other, how)


def _set_run(style: Any, how: Look) -> None:
    for old in style.findall(f"{W}rPr"):
        style.remove(old)
    style.append(element(run_properties(how)))


def _defaults(styles: Any, look: Brand, lang: Lang) -> None:
    tag = quoteattr(WORD_TAGS[lang])
    run = run_properties(Look(look.serif, 11)).removesuffix("</w:rPr>")
    languages = f'<w:lang w:val={tag} w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
    defaults = styles.find(f"{W}docDefaults")
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(element(f"<w:rPrDefault>{run}{languages}</w:rPrDefault>"))
    defaults.append(element("<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault>"))


def _table_style(styles: Any, look: Brand) -> None:
    """Make ``Table``, which pandoc gives every table, the house's: rules, no boxes."""
    deep, rule = (look[name].removeprefix("#") for name in ("deep", "rule"))
    thick = f'w:val="single" w:sz="12" w:space="0" w:color="{deep}"'
    thin = f'w:val="single" w:sz="4" w:space="0" w:color="{rule}"'
    style = _style(styles, "Table", "table")
    for tag in ("semiHidden", "unhideWhenUsed", "tblPr", "tblStylePr"):
        for old in style.findall(f"{W}{tag}"):
            style.remove(old)
    style.append(
        element(
            f"<w:tblPr><w:tblBorders><w:top {thick}/><w:bottom {thick}/><w:insideH {thin}/>"
            '</w:tblBorders><w:tblCellMar><w:left w:w="70" w:type="dxa"/>'
            '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        )
    )
    fill = look["pale"].removeprefix("#")
    style.append(
        element(
            f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom {thick}/>'
            f'</w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
            '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        )
    )


def _page(document: Any, title: str, notice: str | None, look: Brand) -> None:
    """Set the paper; the notice heads every page, the title and the number all but the cover."""
    from docx.shared import Cm

    section = document.sections[0]
    for old in section._sectPr.findall(f"{W}footnotePr"):
        section._sectPr.remove(old)
    section.page_width, section.page_height = (Cm(each) for each in PAGE_CM)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin, section.bottom_margin = Cm(2.8), Cm(2.4)
    section.header_distance = section.footer_distance = Cm(1.4)
    section.different_first_page_header_footer = True
    said = run(notice, Look(color=look["alert"])) if notice else ""
    above = f"{said}<w:r><w:br/></w:r>" if said else ""
    _only(section.header, f"{above}{field('TITLE', title)}", "Header")
    _only(section.first_page_header, said, "Header")
    _only(section.footer, field("PAGE", "1"), "Footer")
    _only(section.first_page_footer, "", "Footer")


def _only(part: Any, runs: str, style: str) -> None:
    part.is_linked_to_previous = False
    root = part._element
    for child in list(root):
        root.remove(child)
    root.append(element(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'))


def _with_fonts(table: bytes, look: Brand, lang: Lang) -> bytes:
    """Name what to write with where the fonts of the theme are not installed."""
    serif, sans = FALLBACKS[lang]
    fonts = "".join(
        f'<w:font w:name={quoteattr(name)}><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{kind}"/><w:pitch w:val="variable"/></w:font>'
        for name, other, kind in ((look.serif, serif, "roman"), (look.sans, sans, "swiss"))
    )
    text = table.decode("utf-8")
    return text.replace("</w:fonts>", f"{fonts}</w:fonts>").encode("utf-8")
