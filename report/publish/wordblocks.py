"""The blocks of a chapter as pandoc's writer of .docx wants them: styles, bookmarks, sections."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import partial

from report.language import Lang
from report.publish import pandoc
from report.publish.blocks import image_alt, is_page_break, map_links
from report.publish.crossref import NumberedChapter
from report.publish.pandoc import Element
from report.publish.webpage import image_size
from report.publish.wordparts import TEXT_CM, section_end
from report.publish.words import words
from report.publish.wordtables import Plan, plan_table

CM_PER_PX = 2.54 / 96
TALLEST_CM = 22.0
"""Higher figures are made smaller, so that their caption finds room on the page."""
LONGEST_BOOKMARK = 40
CAPTIONS = {"fig": "Image Caption", "tbl": "Table Caption"}
BREAK = pandoc.raw("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
PORTRAIT = pandoc.raw("openxml", section_end(landscape=False))
LANDSCAPE = pandoc.raw("openxml", section_end(landscape=True))


def book_blocks(
    chapters: Sequence[NumberedChapter], lang: Lang, images: Mapping[str, bytes]
) -> tuple[list[Element], list[Plan]]:
    """Return the chapters one after the other, as pandoc's writer of .docx wants them.

    Parameters
    ----------
    chapters
        Chapters of what Word shows alone.
    lang
        Language of the words put in.
    images
        Every image, by the path that the chapters name it with.

    Returns
    -------
    The blocks, and how each of their tables is set.
    """
    blocks: list[Element] = []
    plans: list[Plan] = []
    labels = {chapter.stem: chapter.title.label for chapter in chapters}
    for chapter in chapters:
        title = list(chapter.title.inlines)
        if chapter.title.number:
            title = [pandoc.span([pandoc.text(chapter.title.number)], ["number"]), *title]
        header = {"t": "Header", "c": [1, [chapter.title.label, [], []], title]}
        changed = pandoc.walk([header, *chapter.blocks], partial(_word, lang=lang, images=images))
        for block in map_links(changed, partial(_anchor, labels=labels)):
            aside = block["t"] == "Div" and "landscape" in block["c"][0][1]
            own = [plan_table(table, landscape=aside) for table in _tables(block)]
            turned = aside or any(plan.landscape for plan in own)
            blocks += [PORTRAIT, block, LANDSCAPE] if turned else [block]
            plans += own
    return blocks, plans


def _tables(block: Element) -> list[Element]:
    return [each for each in pandoc.elements(block) if each["t"] == "Table"]


def _anchor(target: str, labels: Mapping[str, str]) -> str:
    name, mark, fragment = target.partition("#")
    label = fragment if mark else labels.get(name.removesuffix(".qmd"), "")
    return f"#{bookmark(label)}" if label and (not name or name.endswith(".qmd")) else target


def bookmark(label: str) -> str:
    """Return the name of a bookmark as Word allows it: letters, digits, underscores, 40 at most."""
    plain = re.sub(r"\W", "_", label, flags=re.ASCII)
    if label.isascii() and len(plain) <= LONGEST_BOOKMARK:
        return plain
    return "b" + hashlib.sha256(label.encode()).hexdigest()[: LONGEST_BOOKMARK - 1]


def _word(element: Element, lang: Lang, images: Mapping[str, bytes]) -> list[Element] | None:
    kind = element["t"]
    if kind == "Div":
        return _word_div(element, lang)
    if kind == "Header":
        level, (label, classes, others), inlines = element["c"]
        content = _spaced(inlines, lang)
        return [{"t": "Header", "c": [level, [bookmark(label), classes, others], content]}]
    if kind == "Image":
        return [_word_image_element(element, images)]
    if kind in ("BulletList", "OrderedList"):
        return [_tight(element)]
    return [BREAK] if is_page_break(element) else None


def _spaced(inlines: list[Element], lang: Lang) -> list[Element]:
    if not inlines or inlines[0]["t"] != "Span" or inlines[0]["c"][0][1] != ["number"]:
        return inlines
    number = inlines[0]["c"][1]
    return [*number, pandoc.text(gap_after(pandoc.plain_text(number), lang)), *inlines[1:]]


def gap_after(number: str, lang: Lang) -> str:
    """Return what stands after the number of a heading: nothing after a closing Chinese sign."""
    return "" if number.endswith(("、", "）")) else words(lang)["space"]


def _tight(element: Element) -> Element:
    """Set the items of a list without the indent of a paragraph."""
    *head, items = element["c"] if element["t"] == "OrderedList" else [element["c"]]
    plain = [[pandoc.plain(b["c"]) if b["t"] == "Para" else b for b in item] for item in items]
    return {**element, "c": [*head, plain] if head else plain}


def _word_image_element(element: Element, images: Mapping[str, bytes]) -> Element:
    attr, _, (target, _) = element["c"]
    width = pandoc.attributes_of(attr).get("width", "")
    size = image_size(images.get(target, b""))
    if not width and size is not None:
        wide, high = (each * CM_PER_PX for each in size)
        width = f"{wide * min(1, TEXT_CM / wide, TALLEST_CM / high):.2f}cm"
    pairs = [["width", width]] if width else []
    alt = [pandoc.text(image_alt(element))]
    return {"t": "Image", "c": [["", [], pairs], alt, [word_image(target), ""]]}


def _word_div(element: Element, lang: Lang) -> list[Element] | None:
    attr, blocks = element["c"]
    if "float" in attr[1]:
        return [_word_float(element, lang)]
    if "callout" in attr[1]:
        title, *body = blocks
        style = f"Callout {attr[1][1].title()}"
        parts = [styled([title], f"{style} Title"), styled(_styled_items(body, style), style)]
        return [{"t": "Div", "c": [[bookmark(attr[0]) if attr[0] else "", [], []], parts]}]
    return None


def _styled_items(blocks: list[Element], style: str) -> list[Element]:
    """Keep the style of a callout in its lists, too."""

    def change(element: Element) -> list[Element] | None:
        paragraph = {"t": "Para", "c": element.get("c")}
        return [styled([paragraph], style)] if element["t"] == "Plain" else None

    return pandoc.walk(blocks, change)


def styled(blocks: Sequence[Element], style: str) -> Element:
    """Return blocks in a style of Word."""
    return pandoc.div(blocks, [], **{"custom-style": style})


def _word_float(element: Element, lang: Lang) -> Element:
    (label, (_, kind, *_), others), (caption, *body) = element["c"]
    stop = [pandoc.text(words(lang)["stop"])] if caption["c"] else []
    said = pandoc.plain([pandoc.text(dict(others)["number"]), *stop, *caption["c"]])
    named = styled([said], CAPTIONS[kind])
    parts = [named, *body] if kind == "tbl" else [*map(_figure, body), named]
    return {"t": "Div", "c": [[bookmark(label), [], []], parts]}


def _figure(block: Element) -> Element:
    """Set a picture as a paragraph of its own, without the caption that pandoc would add."""
    images = [each for each in pandoc.elements(block) if each["t"] == "Image"]
    if block["t"] not in ("Figure", "Para", "Plain") or not images:
        return block
    return styled([pandoc.plain(images)], "Captioned Figure")


def word_image(path: str) -> str:
    """Return the path of an image in Word, which is shown no SVG."""
    return f"{path}.png" if path.endswith(".svg") else path
