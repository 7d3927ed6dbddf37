"""Pandoc documents as JSON: reading Markdown, writing formats, walking the tree."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from report.publish.kept import NONE, Kept

Element = dict[str, Any]
FILTERS = Path(__file__).parent / "filters"
API_VERSION = [1, 23, 1]
NESTED = (list, dict)


def read_markdown(markdown: str, read_as: str = "markdown", kept: Kept = NONE) -> list[Element]:
    """Parse Markdown into blocks; HTML tables become tables of every format.

    Parameters
    ----------
    markdown
        The text.
    read_as
        Name of pandoc's reader with its extensions.
    kept
        What was read before.
    """
    args = [f"--lua-filter={FILTERS / 'html-tables.lua'}"]
    text = _converted(markdown, read_as, "json", args, kept)
    return json.loads(text)["blocks"]


def write_blocks(
    blocks: Sequence[Element],
    to: str,
    meta: Mapping[str, Element] | None = None,
    args: Sequence[str] = (),
    kept: Kept = NONE,
) -> str:
    """Write blocks in a format of pandoc.

    Parameters
    ----------
    blocks
        The document.
    to
        Name of pandoc's writer with its extensions.
    meta
        The document's metadata, as pandoc elements.
    args
        Further arguments of pandoc, such as its template.
    kept
        What was written before.
    """
    return _converted(_document(blocks, meta), "json", to, ["--wrap=none", *args], kept)


def _converted(text: str, read_as: str, to: str, args: Sequence[str], kept: Kept) -> str:
    def convert() -> bytes:
        import pypandoc

        return pypandoc.convert_text(text, to, format=read_as, extra_args=list(args)).encode()

    parts = (text, read_as, to, *args)
    return kept.get((part.encode() for part in parts), convert).decode()


def write_file(
    blocks: Sequence[Element],
    path: Path,
    meta: Mapping[str, Element] | None = None,
    args: Sequence[str] = (),
) -> None:
    """Write blocks as a file of a format that is no text, which its ending names: ``.docx``."""
    import pypandoc

    to = path.suffix.removeprefix(".")
    document = _document(blocks, meta)
    pypandoc.convert_text(document, to, format="json", outputfile=str(path), extra_args=list(args))


def _document(blocks: Sequence[Element], meta: Mapping[str, Element] | None) -> str:
    return json.dumps(
        {"pandoc-api-version": API_VERSION, "meta": meta or {}, "blocks": list(blocks)}
    )


def walk(node: Any, change: Callable[[Element], list[Element] | None]) -> Any:
    """Return a copy of a tree in which `change` replaced elements, from the leaves up.

    Parameters
    ----------
    node
        An element, a list of elements, or anything below one.
    change
        Returns what stands in place of an element in its list, or None to leave it.
    """
    if type(node) is dict:
        return {key: walk(value, change) for key, value in node.items()}
    if type(node) is not list:
        return node
    result: list[Any] = []
    for item in node:
        kind = type(item)
        if kind is not dict:
            result.append(walk(item, change) if kind is list else item)
            continue
        new = {k: walk(v, change) if type(v) in NESTED else v for k, v in item.items()}
        replaced = change(new) if "t" in new else None
        if replaced is None:
            result.append(new)
        else:
            result.extend(replaced)
    return result


def elements(node: Any) -> Iterator[Element]:
    """Yield every element of a tree, parents before children."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if type(at) is dict:
            if "t" in at:
                yield at
            at = list(at.values())
        waiting += [each for each in reversed(at) if type(each) in NESTED]


def plain_text(node: Any) -> str:
    """Return the text of a tree, footnotes left out."""
    parts: list[str] = []

    def visit(item: Any) -> None:
        if isinstance(item, list):
            for each in item:
                visit(each)
        elif isinstance(item, dict) and "t" in item:
            kind = item["t"]
            if kind == "Str":
                parts.append(item["c"])
            elif kind in ("Space", "SoftBreak", "LineBreak"):
                parts.append(" ")
            elif kind in ("Code", "Math"):
                parts.append(item["c"][1])
            elif kind not in ("Note", "RawInline", "RawBlock"):
                visit(item.get("c", []))

    visit(node)
    return "".join(parts)


def text(value: str) -> Element:
    """Return one inline of text."""
    return {"t": "Str", "c": value}


def plain(inlines: Sequence[Element]) -> Element:
    """Return a block of inlines that is no paragraph."""
    return {"t": "Plain", "c": list(inlines)}


def raw(form: str, value: str) -> Element:
    """Return a raw block of a format."""
    return {"t": "RawBlock", "c": [form, value]}


def raw_inline(form: str, value: str) -> Element:
    """Return a raw inline of a format."""
    return {"t": "RawInline", "c": [form, value]}


def link(inlines: Sequence[Element], target: str, classes: Sequence[str] = ()) -> Element:
    """Return a link."""
    return {"t": "Link", "c": [["", list(classes), []], list(inlines), [target, ""]]}


def span(inlines: Sequence[Element], classes: Sequence[str]) -> Element:
    """Return a span with classes."""
    return {"t": "Span", "c": [["", list(classes), []], list(inlines)]}


def div(blocks: Sequence[Element], classes: Sequence[str], **attributes: str) -> Element:
    """Return a div with classes."""
    return {"t": "Div", "c": [["", list(classes), list(attributes.items())], list(blocks)]}


def attributes_of(attr: Sequence[Any]) -> dict[str, str]:
    """Return the attributes of pandoc's triple of id, classes and attributes."""
    return dict(attr[2])


def meta_value(value: Any) -> Element:
    """Return a Python value as metadata of pandoc: text, inlines, lists and mappings.

    A list of elements becomes inlines; a str is written as text, with nothing read into it.
    """
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, str):
        return {"t": "MetaInlines", "c": [text(value)] if value else []}
    if isinstance(value, Mapping):
        return {"t": "MetaMap", "c": {key: meta_value(each) for key, each in value.items()}}
    items = list(value)
    if items and isinstance(items[0], dict) and "t" in items[0]:
        return {"t": "MetaInlines", "c": items}
    return {"t": "MetaList", "c": [meta_value(each) for each in items]}
