"""The outputs of a cell as Markdown, by the rules of Quarto's ``mdFromCodeCell``."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from report.publish.config import ExecuteConfig
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


def cell_options(cell: Cell, chapter: ExecuteConfig, book: ExecuteConfig) -> CellOptions:
    """Put together the options of a cell: its own before its chapter's before the book's."""

    def choose(name: str) -> Any:
        chosen = (cell.options.get(name), getattr(chapter, name), getattr(book, name))
        return next((value for value in chosen if value is not None), DEFAULTS[name])

    return CellOptions(
        choose("echo"), choose("warning"), choose("eval"), choose("output"), choose("include")
    )


def cell_markdown(
    cell: Cell, outputs: Iterable[Mapping[str, Any]], options: CellOptions, name: str
) -> tuple[str, dict[str, bytes]]:
    """Write what a cell leaves in the text.

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

    Returns
    -------
    The Markdown, empty where the cell shows nothing, and the figure files by path.
    """
    if not options.include:
        return "", {}
    source = _echoed(cell) if options.echo else ""
    parts: list[str] = []
    files: dict[str, bytes] = {}
    if options.output is not False:
        for output in outputs:
            part, data = _one_output(cell, output, options, f"{name}-{len(files) + 1}")
            parts += [part] if part.strip() else []
            files |= data
    if len(files) == 1:
        ((path, data),) = files.items()
        plain = path.replace(f"{name}-1.", f"{name}.")
        parts = [part.replace(path, plain) for part in parts]
        files = {plain: data}
    body = _float(cell, parts) if parts else ""
    return "\n\n".join(part for part in (source, body) if part), files


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


def _one_output(
    cell: Cell, output: Mapping[str, Any], options: CellOptions, name: str
) -> tuple[str, dict[str, bytes]]:
    if output["output_type"] == "stream":
        return _stream(output, options), {}
    data = output.get("data", {})
    mime = next((each for each in MIME_ORDER if each in data), None)
    if mime is None:
        return "", {}
    content = "".join(data[mime])
    if mime in IMAGE_ENDINGS:
        path = f"{ASSETS}/{name}.{IMAGE_ENDINGS[mime]}"
        file = content.encode() if mime == "image/svg+xml" else base64.b64decode(content)
        return _image(cell, path), {path: file}
    forms = {"text/markdown": content, "text/html": _fenced(content.strip(), "=html")}
    return forms.get(mime) or _fenced(content, ".stdout"), {}


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
