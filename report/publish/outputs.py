"""The outputs of a cell as Markdown, by the rules of Quarto's ``mdFromCodeCell``."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from report.publish.config import ExecuteConfig
from report.publish.kernel import METADATA
from report.publish.source import Cell

DEFAULTS: Mapping[str, bool | str] = {
    "echo": True,
    "warning": True,
    "eval": True,
    "output": True,
    "include": True,
}
MIME_ORDER = (
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/html",
    "text/plain",
)
IMAGE_ENDINGS = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
ASSETS = "assets"


@dataclass(frozen=True, slots=True)
class CellOptions:
    """What a cell does after its own options, its chapter's and the book's were put together."""

    echo: bool
    warning: bool
    evaluate: bool
    output: bool | str
    include: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cell or a chapter leaves in the text.

    Parameters
    ----------
    markdown
        The text; empty where a cell shows nothing.
    files
        Figures by the path that `markdown` gives them.
    tables
        The result tables that a figure draws, by the path that `markdown` gives it.
    """

    markdown: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def cell_options(cell: Cell, chapter: ExecuteConfig, book: ExecuteConfig) -> CellOptions:
    """Put together the options of a cell: its own before its chapter's before the book's."""

    def choose(name: str) -> Any:
        chosen = (cell.options.get(name), getattr(chapter, name), getattr(book, name))
        return next((value for value in chosen if value is not None), DEFAULTS[name])

    return CellOptions(
        choose("echo"), choose("warning"), choose("eval"), choose("output"), choose("include")
    )


def cell_shown(
    cell: Cell, outputs: Iterable[Mapping[str, Any]], options: CellOptions, name: str
) -> Shown:
    """Return what a cell leaves in the text.

    Parameters
    ----------
    cell
        The cell.
    outputs
        Its outputs, as in a notebook of format 4.
    options
        Its options.
    name
        Stem of the names of its figure files, unique in the book.
    """
    if not options.include:
        return Shown("")
    source = _echoed(cell) if options.echo else ""
    seen = _whole_streams(outputs) if options.output is not False else []
    alone = sum(_picture(output) is not None for output in seen) == 1
    parts: list[str] = []
    files: dict[str, bytes] = {}
    tables: dict[str, tuple[str, ...]] = {}
    pictures = 0
    for output in seen:
        pictures += _picture(output) is not None
        shown = _one_output(cell, output, options, name if alone else f"{name}-{pictures}")
        parts += [shown.markdown] if shown.markdown.strip() else []
        files |= shown.files
        tables |= shown.tables
    body = _float(cell, parts) if parts else ""
    return Shown("\n\n".join(part for part in (source, body) if part), files, tables)


def escape_markdown(text: str) -> str:
    """Escape every ASCII punctuation mark, so that Markdown shows the text as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def _echoed(cell: Cell) -> str:
    lines = [line for line in cell.code.splitlines() if not line.startswith("#|")]
    return _fenced("\n".join(lines).strip("\n"), ".python")


def _fenced(text: str, info: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence} {{{info}}}\n{text}\n{fence}"


def _whole_streams(outputs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Join what was printed one after the other: the kernel cuts it up as time will have it."""
    whole: list[Mapping[str, Any]] = []
    for output in outputs:
        last = whole[-1] if whole else {}
        kinds = {(each.get("output_type"), each.get("name")) for each in (last, output)}
        if output["output_type"] == "stream" and len(kinds) == 1:
            whole[-1] = {**last, "text": f"{last['text']}{output['text']}"}
        else:
            whole.append(output)
    return whole


def _mime(output: Mapping[str, Any]) -> str | None:
    data = output.get("data", {})
    return next((each for each in MIME_ORDER if each in data), None)


def _picture(output: Mapping[str, Any]) -> str | None:
    """Return the kind of picture that an output shows, or None."""
    mime = _mime(output)
    return mime if mime in IMAGE_ENDINGS else None


def _one_output(cell: Cell, output: Mapping[str, Any], options: CellOptions, stem: str) -> Shown:
    if output["output_type"] == "stream":
        return Shown(_stream(output, options))
    mime = _mime(output)
    if mime is None:
        return Shown("")
    if mime in IMAGE_ENDINGS:
        return _figure(cell, output, mime, stem)
    content = "".join(output["data"][mime])
    forms = {"text/markdown": content, "text/html": _fenced(content.strip(), "=html")}
    return Shown(forms.get(mime) or _fenced(content, ".stdout"))


def _figure(cell: Cell, output: Mapping[str, Any], mime: str, stem: str) -> Shown:
    path = f"{ASSETS}/{stem}.{IMAGE_ENDINGS[mime]}"
    content = "".join(output["data"][mime])
    file = content.encode() if mime == "image/svg+xml" else base64.b64decode(content)
    named = output.get("metadata", {}).get(METADATA, {}).get("tables", ())
    return Shown(_image(cell, path), {path: file}, {path: tuple(named)} if named else {})


def _stream(output: Mapping[str, Any], options: CellOptions) -> str:
    text = str(output["text"])
    if output["name"] == "stderr":
        return _fenced(text.rstrip(), ".stderr") if options.warning else ""
    return text if options.output == "asis" else _fenced(text.rstrip(), ".stdout")


def _image(cell: Cell, path: str) -> str:
    caption = "" if cell.label else str(cell.options.get("fig-cap", ""))
    alt = cell.options.get("fig-alt")
    attribute = f'{{fig-alt="{_attribute(alt)}"}}' if alt else ""
    return f"![{caption}]({path}){attribute}"


def _attribute(value: object) -> str:
    text = " ".join(str(value).split())
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _float(cell: Cell, parts: list[str]) -> str:
    """Wrap the outputs of a labelled cell in Quarto's cross-reference div, the caption last."""
    body = "\n\n".join(part.strip("\n") for part in parts)
    kind = cell.label.partition("-")[0]
    caption = cell.options.get(f"{kind}-cap") if kind in ("fig", "tbl") else None
    if caption is None:
        return body
    widths = cell.options.get("tbl-colwidths")
    extra = f' tbl-colwidths="{widths}"' if widths else ""
    text = " ".join(str(caption).split())
    return f"::::: {{#{cell.label}{extra}}}\n{body}\n\n{text}\n:::::"
