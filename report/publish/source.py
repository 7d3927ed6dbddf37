"""A .qmd chapter as blocks: text, and Python cells with their options and lines."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from report.publish.config import ExecuteConfig, QuartoConfig, read_config
from survey.findings import Finding, InputError, Severity, display_path

FENCE = re.compile(r"^(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
INLINE = re.compile(r"(?<!`)`\{python\}[ \t]+(?P<expr>[^`]+)`")
OPTION = re.compile(r"^#\|[ \t]?(?P<yaml>.*)$")


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown as written.

    Parameters
    ----------
    markdown
        The text, with its newline.
    line
        The line of the file on which it starts, from 1.
    raw
        Whether it is a fenced block, in which inline code is not evaluated.
    """

    markdown: str
    line: int
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """An executable cell.

    Parameters
    ----------
    code
        The Python code, its option lines included, so that lines count alike in both.
    line
        The line of the file on which `code` starts, from 1.
    options
        The options of the ``#|`` lines.
    """

    code: str
    line: int
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The label, or ``""``."""
        return str(self.options.get("label", ""))


Block = Text | Cell


@dataclass(frozen=True, slots=True)
class Chapter:
    """One .qmd file.

    Parameters
    ----------
    path
        The file.
    kind
        Whether it is the index, a chapter or an appendix.
    title
        The title of the front matter, or ``""`` where a first heading is the title.
    execute
        ``execute:`` of the front matter.
    blocks
        The text and the cells, in order.
    """

    path: Path
    kind: Literal["index", "chapter", "appendix"]
    title: str
    execute: ExecuteConfig
    blocks: tuple[Block, ...]

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return self.path.stem

    @property
    def file(self) -> str:
        """The path as findings show it."""
        return display_path(self.path)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The executable cells."""
        return tuple(block for block in self.blocks if isinstance(block, Cell))


@dataclass(frozen=True, slots=True)
class BookSource:
    """The configuration and the chapters, the appendices last."""

    folder: Path
    config: QuartoConfig
    chapters: tuple[Chapter, ...]


def read_book(report_dir: Path) -> BookSource:
    """Read ``_quarto.yml`` and every chapter it names.

    Parameters
    ----------
    report_dir
        The folder of the book.

    Raises
    ------
    InputError
        With every wrong key and every unreadable chapter.
    """
    config = read_config(report_dir)
    chapters: list[Chapter] = []
    wrong: list[Finding] = []
    for name in [*config.book.chapters, *config.book.appendices]:
        kind = "appendix" if name in config.book.appendices else "chapter"
        try:
            chapters.append(
                read_chapter(report_dir / name, "index" if name == "index.qmd" else kind)
            )
        except InputError as error:
            wrong.extend(error.findings)
    if wrong:
        raise InputError(wrong)
    return BookSource(report_dir, config, tuple(chapters))


def read_chapter(
    path: Path,
    kind: Literal["index", "chapter", "appendix"] = "chapter",
    passed_over: Collection[str] = (),
) -> Chapter:
    """Read one .qmd file into blocks.

    Parameters
    ----------
    path
        A UTF-8 file.
    kind
        What the chapter is in the book.
    passed_over
        Keys of the front matter that only the Quarto CLI reads.

    Raises
    ------
    InputError
        Where the front matter or the options of a cell are not valid YAML, or a fence is open.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    file = display_path(path)
    meta, start = _front_matter(lines, file)
    blocks = tuple(_blocks(lines, start, file))
    title = str(meta.pop("title", ""))
    execute = _execute(meta.pop("execute", {}), file)
    unknown = [key for key in meta if key not in passed_over]
    if unknown:
        raise InputError(
            [
                Finding(
                    "unsupported-front-matter",
                    Severity.ERROR,
                    file,
                    1,
                    str(key),
                    "title or execute",
                    str(key),
                    "set it in _quarto.yml or leave it out",
                )
                for key in unknown
            ]
        )
    return Chapter(path, kind, title, execute, blocks)


def _execute(value: object, file: str) -> ExecuteConfig:
    try:
        return ExecuteConfig.model_validate(value)
    except ValueError as error:
        message = str(error).splitlines()[2].strip() if "\n" in str(error) else str(error)
        raise _refuse("front-matter", file, 1, "known options of execute", message) from None


def _front_matter(lines: list[str], file: str) -> tuple[dict[str, Any], int]:
    if not lines or lines[0].rstrip() != "---":
        return {}, 0
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            meta = _yaml("\n".join(lines[1:number]), file, 2)
            return meta, number + 1
    raise _refuse("front-matter", file, 1, "a closing ---", "the end of the file")


def _blocks(lines: list[str], start: int, file: str) -> Iterator[Block]:
    pending = at = start
    while at < len(lines):
        opening = FENCE.match(lines[at])
        if opening is None:
            at += 1
            continue
        end = _closing(lines, at, opening["fence"])
        if end is None:
            raise _refuse(
                "open-fence", file, at + 1, f"a closing {opening['fence']}", "the end of the file"
            )
        if at > pending:
            yield Text("\n".join(lines[pending:at]) + "\n", pending + 1)
        if opening["info"].strip() == "{python}" and not opening["indent"]:
            body = lines[at + 1 : end]
            yield Cell("\n".join(body), at + 2, _options(body, file, at + 2))
        else:
            yield Text("\n".join(lines[at : end + 1]) + "\n", at + 1, raw=True)
        pending = at = end + 1
    if at > pending:
        yield Text("\n".join(lines[pending:at]) + "\n", pending + 1)


def _closing(lines: list[str], at: int, fence: str) -> int | None:
    closing = re.compile(rf"^[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    return next((n for n in range(at + 1, len(lines)) if closing.match(lines[n])), None)


def _options(body: list[str], file: str, line: int) -> dict[str, Any]:
    written: list[str] = []
    for text in body:
        option = OPTION.match(text)
        if option is None:
            break
        written.append(option["yaml"])
    return _yaml("\n".join(written), file, line) if written else {}


def _yaml(text: str, file: str, line: int) -> dict[str, Any]:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or str(error)
        raise _refuse("yaml", file, row, "valid YAML", problem) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _refuse("yaml", file, line, "key: value", repr(value))
    return {str(key): each for key, each in value.items()}


def _refuse(check: str, file: str, row: int, expected: str, got: str) -> InputError:
    return InputError([Finding(check, Severity.ERROR, file, row, "", expected, got)])
