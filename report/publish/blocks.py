"""Quarto's divs and shortcodes that every format shares: callouts, page breaks, visibility."""

from collections.abc import Callable, Mapping
from typing import Literal

from report.language import Lang
from report.publish import pandoc
from report.publish.pandoc import Element
from report.publish.words import words

Format = Literal["html", "typst", "docx"]
CALLOUTS = frozenset(
    f"callout-{kind}" for kind in ("note", "tip", "warning", "important", "caution")
)
PAGE_BREAK = "{{< pagebreak >}}"
FORMAT_NAMES: Mapping[Format, frozenset[str]] = {
    "html": frozenset({"html", "html:js"}),
    "typst": frozenset({"typst", "pdf"}),
    "docx": frozenset({"docx"}),
}


def take_callouts(blocks: list[Element], lang: Lang = "zh") -> list[Element]:
    """Turn callouts into divs of class ``callout`` whose first block is the title.

    The title is the attribute ``title``, else a heading that comes first, else Quarto's word
    for the kind of callout. A heading inside a callout is thus no section.
    """

    def change(element: Element) -> list[Element] | None:
        if element["t"] != "Div":
            return None
        attr, content = element["c"]
        kind = next((name for name in attr[1] if name in CALLOUTS), None)
        if kind is None:
            return None
        title = [pandoc.text(pandoc.attributes_of(attr).get("title", words(lang)[kind]))]
        if "title" not in pandoc.attributes_of(attr) and content and content[0]["t"] == "Header":
            title, content = content[0]["c"][2], content[1:]
        new = [attr[0], ["callout", kind.removeprefix("callout-")], []]
        return [{"t": "Div", "c": [new, [pandoc.plain(title), *content]]}]

    return pandoc.walk(blocks, change)


def keep_visible(blocks: list[Element], form: Format) -> list[Element]:
    """Leave out what ``content-visible`` and ``content-hidden`` hide from a format."""

    def change(element: Element) -> list[Element] | None:
        if element["t"] not in ("Div", "Span"):
            return None
        attr, content = element["c"]
        shown = _is_visible(attr[1], pandoc.attributes_of(attr), form)
        return None if shown is None else content if shown else []

    return pandoc.walk(blocks, change)


def _is_visible(classes: list[str], conditions: Mapping[str, str], form: Format) -> bool | None:
    if "content-visible" not in classes and "content-hidden" not in classes:
        return None
    holds = True
    if "when-format" in conditions:
        holds = conditions["when-format"] in FORMAT_NAMES[form]
    if "unless-format" in conditions:
        holds = holds and conditions["unless-format"] not in FORMAT_NAMES[form]
    return holds if "content-visible" in classes else not holds


def is_page_break(element: Element) -> bool:
    """Return whether a block is the shortcode ``{{< pagebreak >}}``."""
    return element["t"] == "Para" and pandoc.plain_text(element["c"]) == PAGE_BREAK


def map_links(blocks: list[Element], change: Callable[[str], str]) -> list[Element]:
    """Replace the target of every link."""

    def replace(element: Element) -> list[Element] | None:
        if element["t"] != "Link":
            return None
        attr, inlines, (target, title) = element["c"]
        return [{"t": "Link", "c": [attr, inlines, [change(target), title]]}]

    return pandoc.walk(blocks, replace)


def image_alt(element: Element) -> str:
    """Return the alternative text of an image: ``fig-alt``, else what it shows as caption."""
    attr, inlines, _ = element["c"]
    return pandoc.attributes_of(attr).get("fig-alt") or pandoc.plain_text(inlines)
