"""All cells and inline expressions of a book, run in one kernel through nbclient."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report.publish.kernel import INLINE_MIME
from report.publish.outputs import cell_markdown, cell_options, escape_markdown
from report.publish.source import INLINE, BookSource, Cell, Chapter, Text
from survey.findings import Finding, InputError, Severity

Progress = Callable[[int, int, str], None]
CELL_SECONDS = 900
START = "from report.publish import kernel as _kernel; _kernel.start_chapter()"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
CELL_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


@dataclass(frozen=True, slots=True)
class Executed:
    """A chapter after its cells ran.

    Parameters
    ----------
    chapter
        What was run.
    markdown
        The chapter without front matter, cells replaced by what they show.
    files
        The figures, by the path that `markdown` gives them.
    """

    chapter: Chapter
    markdown: str
    files: Mapping[str, bytes]


def run_book(
    book: BookSource, edition: Path, progress: Progress | None = None
) -> tuple[Executed, ...]:
    """Run every chapter: one kernel, an empty namespace for each chapter.

    Parameters
    ----------
    book
        What to run; the cells work in its folder, as with Quarto.
    edition
        The folder of the edition, which the cells find in ``HOTLINE_EDITION``.
    progress
        Called before each cell with the cells done, all cells, and where the cell stands.

    Raises
    ------
    InputError
        With one finding, naming file and line, where a cell or an inline expression fails.
    """
    with _kernel(book.folder, edition) as run:
        total = sum(len(chapter.cells) for chapter in book.chapters)
        counter = iter(range(total))

        def tell(chapter: Chapter, cell: Cell) -> None:
            done = next(counter)
            if progress is not None:
                progress(done, total, f"{chapter.file}:{cell.line} {cell.label}".rstrip())

        executed = tuple(_run_chapter(book, chapter, run, tell) for chapter in book.chapters)
    if progress is not None:
        progress(total, total, "")
    return executed


class _Runner:
    """Runs code in a kernel that nbclient looks after."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __call__(self, code: str) -> list[dict[str, Any]]:
        import nbformat

        cell = nbformat.v4.new_code_cell(code)
        self._client.nb.cells = [cell]
        self._client.execute_cell(cell, 0)
        return list(cell.outputs)


class _kernel:  # noqa: N801
    """The kernel of a book: this interpreter, whatever kernels the machine knows by name."""

    def __init__(self, folder: Path, edition: Path) -> None:
        import nbformat
        from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient

        class ThisInterpreter(KernelSpecManager):
            def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
                argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
                argv += ["--log-level=40"]
                return KernelSpec(argv=argv, display_name=kernel_name, language="python")

        self._client = NotebookClient(
            nbformat.v4.new_notebook(),
            km=AsyncKernelManager(kernel_spec_manager=ThisInterpreter(), kernel_name="python3"),
            resources={"metadata": {"path": str(folder.resolve())}},
            allow_errors=True,
            timeout=CELL_SECONDS,
        )
        self._env = _environment(edition)
        self._context: Any = None

    def __enter__(self) -> _Runner:
        self._context = self._client.setup_kernel(env=self._env)
        self._context.__enter__()
        return _Runner(self._client)

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(*error)


def _environment(edition: Path) -> dict[str, str]:
    packages = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(p for p in (packages, os.environ.get("PYTHONPATH", "")) if p)
    fixed = {
        "HOTLINE_EDITION": str(edition.resolve()),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": path,
        "SOURCE_DATE_EPOCH": "0",
    }
    return {**os.environ, **fixed}


def _run_chapter(
    book: BookSource,
    chapter: Chapter,
    run: _Runner,
    tell: Callable[[Chapter, Cell], None],
) -> Executed:
    _run_code(run, START, chapter, 1)
    parts: list[str] = []
    files: dict[str, bytes] = {}
    for number, block in enumerate(chapter.blocks):
        if isinstance(block, Text):
            parts.append(_run_text(run, chapter, block))
            continue
        tell(chapter, block)
        options = cell_options(block, chapter.execute, book.config.execute)
        outputs = _run_code(run, block.code, chapter, block.line) if options.evaluate else []
        name = block.label or f"{chapter.stem}-cell-{number}"
        markdown, figures = cell_markdown(block, outputs, options, name)
        parts.append(f"\n{markdown}\n\n" if markdown else "\n")
        files |= figures
    return Executed(chapter, "".join(parts), files)


def _run_code(run: _Runner, code: str, chapter: Chapter, line: int) -> list[dict[str, Any]]:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    try:
        outputs = run(code)
    except DeadKernelError:
        raise _failed(chapter, line, "the Python process ended", "memory?") from None
    except CellTimeoutError:
        raise _failed(chapter, line, f"longer than {CELL_SECONDS} s", "make it faster") from None
    for output in outputs:
        if output["output_type"] == "error":
            trace = ANSI.sub("", "\n".join(output["traceback"]))
            found = CELL_LINE.search(trace)
            offset = int(found[1]) - 1 if found else 0
            source = code.splitlines()[offset].strip() if code.strip() else ""
            raise _failed(chapter, line + offset, f"{output['ename']}: {output['evalue']}", source)
    return outputs


def _run_text(run: _Runner, chapter: Chapter, text: Text) -> str:
    found = [] if text.raw else list(INLINE.finditer(text.markdown))
    if not found:
        return text.markdown
    expressions = [match["expr"] for match in found]
    code = f"from report.publish import kernel as _kernel; _kernel.show_inline({expressions!r})"
    values = next(
        (
            output["data"][INLINE_MIME]
            for output in _run_code(run, code, chapter, text.line)
            if INLINE_MIME in output.get("data", {})
        ),
        [],
    )
    replaced = iter(_values(values, found, chapter, text))
    return INLINE.sub(lambda _: next(replaced), text.markdown)


def _values(
    values: list[dict[str, str]], found: list[re.Match[str]], chapter: Chapter, text: Text
) -> Iterator[str]:
    for value, match in zip(values, found, strict=False):
        if "error" in value:
            line = text.line + text.markdown[: match.start()].count("\n")
            raise _failed(chapter, line, f"{value['error']}: {value['message']}", match["expr"])
        kept = value["kind"] == "markdown"
        yield value["value"] if kept else escape_markdown(value["value"])


def _failed(chapter: Chapter, line: int, got: str, source: str) -> InputError:
    return InputError(
        [Finding("cell-error", Severity.ERROR, chapter.file, line, got=got, hint=source)]
    )
