"""Styles of Word: how a paragraph or a run looks, written as WordprocessingML."""

from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NAMESPACE}}}"
TWIPS_PER_CM = 1440 / 2.54
TWIPS_PER_PT = 20
Align = Literal["left", "center", "right", "both"]


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of a style looks; what is None is left to the style it is based on.

    Parameters
    ----------
    font
        Family, of Latin and of Chinese characters.
    size
        In points.
    color
        ``#rrggbb``.
    bold, italic
        Of the letters.
    before, after
        Space above and below a paragraph, in points.
    line
        Height of a line, as a multiple of a single one.
    align
        How lines are set.
    first
        Indent of the first line, in characters.
    left, right
        Indents in centimetres.
    keep_next, page_break
        Whether it stays with the next paragraph, and starts a page.
    outline
        Level of a heading from 0; 9 for text.
    border
        Side and colour of a rule, such as ``("left", "#12365f")``.
    fill
        Colour behind the paragraph.
    tab
        Place of a tab set to the right, in centimetres; with leading dots where `dots`.
    """

    font: str | None = None
    size: float | None = None
    color: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    before: float | None = None
    after: float | None = None
    line: float | None = None
    align: Align | None = None
    first: int | None = None
    left: float | None = None
    right: float | None = None
    keep_next: bool = False
    page_break: bool = False
    outline: int | None = None
    border: tuple[str, str] | None = None
    fill: str | None = None
    tab: float | None = None
    dots: bool = False


def twips(centimetres: float) -> int:
    """Return a length in twentieths of a point, as Word counts."""
    return round(centimetres * TWIPS_PER_CM)


def element(xml: str) -> Any:
    """Parse one element written with the prefix ``w``."""
    from docx.oxml import parse_xml

    opening, mark, rest = xml.partition(">")
    if opening.endswith("/"):
        opening, mark = opening[:-1], f"/{mark}"
    return parse_xml(f'{opening} xmlns:w="{NAMESPACE}"{mark}{rest}')


def paragraph_properties(look: Look) -> str:
    """Return ``w:pPr``, its children in the order of the schema (ECMA-376, part 1, 17.3.1.26)."""
    parts = [
        "<w:keepNext/>" if look.keep_next else "",
        "<w:pageBreakBefore/>" if look.page_break else "",
        _border(look),
        f'<w:shd w:val="clear" w:color="auto" w:fill="{_hex(look.fill)}"/>' if look.fill else "",
        _tabs(look),
        _spacing(look),
        _indent(look),
        f'<w:jc w:val="{look.align}"/>' if look.align else "",
        f'<w:outlineLvl w:val="{look.outline}"/>' if look.outline is not None else "",
    ]
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def run_properties(look: Look) -> str:
    """Return ``w:rPr``, its children in the order of the schema (ECMA-376, part 1, 17.3.2.28)."""
    parts = [
        _fonts(look.font) if look.font else "",
        _switch("b", look.bold),
        _switch("i", look.italic),
        f'<w:color w:val="{_hex(look.color)}"/>' if look.color else "",
        _size(look.size) if look.size else "",
    ]
    return f"<w:rPr>{''.join(parts)}</w:rPr>"


def _fonts(family: str) -> str:
    name = quoteattr(family)
    return f"<w:rFonts w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name}/>"


def _switch(name: str, on: bool | None) -> str:
    if on is None:
        return ""
    value = "" if on else ' w:val="0"'
    return f"<w:{name}{value}/><w:{name}Cs{value}/>"


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _border(look: Look) -> str:
    if look.border is None:
        return ""
    side, color = look.border
    width, space = (24, 8) if side == "left" else (6, 4)
    rule = f'w:val="single" w:sz="{width}" w:space="{space}" w:color="{_hex(color)}"'
    return f"<w:pBdr><w:{side} {rule}/></w:pBdr>"


def _tabs(look: Look) -> str:
    if look.tab is None:
        return ""
    dots = ' w:leader="dot"' if look.dots else ""
    return f'<w:tabs><w:tab w:val="right"{dots} w:pos="{twips(look.tab)}"/></w:tabs>'


def _spacing(look: Look) -> str:
    values = [
        f'w:before="{round(look.before * TWIPS_PER_PT)}"' if look.before is not None else "",
        f'w:after="{round(look.after * TWIPS_PER_PT)}"' if look.after is not None else "",
        f'w:line="{round(look.line * 240)}" w:lineRule="auto"' if look.line is not None else "",
    ]
    return f"<w:spacing {' '.join(filter(None, values))}/>" if any(values) else ""


def _indent(look: Look) -> str:
    values = [
        f'w:left="{twips(look.left)}"' if look.left is not None else "",
        f'w:right="{twips(look.right)}"' if look.right is not None else "",
    ]
    if look.first is not None:
        values.append(f'w:firstLineChars="{look.first * 100}" w:firstLine="{look.first * 220}"')
    return f"<w:ind {' '.join(filter(None, values))}/>" if any(values) else ""


def _hex(color: str | None) -> str:
    return (color or "").removeprefix("#")
