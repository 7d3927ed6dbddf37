"""All cells and inline expressions of a book, run in one kernel or two."""

import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from report.publish.cache import chapter_keys, keep, prune, read_kept
from report.publish.kernel import INLINE_MIME
from report.publish.outputs import Shown, cell_options, cell_shown, escape_markdown
from report.publish.runner import CELL_SECONDS, Kernel, Runner
from report.publish.source import INLINE, BookSource, Cell, Chapter, Text
from survey.findings import Finding, InputError, Severity

Progress = Callable[[int, int, str], None]
CELLS_A_KERNEL = 20
"""So many cells are worth the start of one more kernel, which imports everything anew."""
MOST_KERNELS = 2
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
    tables
        The result tables that a figure draws, by the path that `markdown` gives it.
    reused
        Whether it was kept from an earlier run.
    """

    chapter: Chapter
    markdown: str
    files: Mapping[str, bytes]
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reused: bool = False


def run_book(
    book: BookSource,
    edition: Path,
    progress: Progress | None = None,
    cache: Path | None = None,
    *,
    kernels: int | None = None,
) -> tuple[Executed, ...]:
    """Run the chapters of a book, each in an empty namespace.

    Parameters
    ----------
    book
        What to run; the cells work in its folder, as with Quarto.
    edition
        The folder of the edition, which the cells find in ``HOTLINE_EDITION``.
    progress
        Called before each cell with the cells done, all cells, and where the cell stands. Cells
        of chapters that are not run again count as done.
    cache
        A folder for this book alone, in which what each chapter shows is kept. A chapter runs
        only where its source, the results, the program or a library changed since. Where nothing
        did, no kernel is started.
    kernels
        How many kernels run chapters side by side; by default two where there are two processors
        and many cells. It does not change what comes out.

    Raises
    ------
    InputError
        With one finding, naming file and line, where a cell or an inline expression fails: the
        first in the order of the book. The chapters that ran are kept all the same.
    """
    chapters = book.chapters
    names = [f"{book.config.language}-{chapter.stem}" for chapter in chapters]
    keys = chapter_keys(book, edition) if cache is not None else ()
    done: dict[int, Executed] = {}
    if cache is not None:
        for at, (name, key) in enumerate(zip(names, keys, strict=True)):
            shown = read_kept(cache, name, key)
            if shown is not None:
                done[at] = _executed(chapters[at], shown, reused=True)
    waiting = [at for at in range(len(chapters)) if at not in done]
    steps = _Steps(chapters, waiting, progress)

    def run(at: int, runner: Runner) -> None:
        shown = _run_chapter(book, chapters[at], runner, steps)
        if cache is not None:
            keep(cache, names[at], keys[at], shown)
        done[at] = _executed(chapters[at], shown)

    wanted = kernels or _kernels_for(sum(len(chapters[at].cells) for at in waiting))
    _run_all(waiting, run, lambda: Kernel(book.folder, edition), min(wanted, len(waiting)))
    if cache is not None:
        prune(cache, names, f"{book.config.language}-")
    steps.end()
    return tuple(done[at] for at in range(len(chapters)))


def _executed(chapter: Chapter, shown: Shown, *, reused: bool = False) -> Executed:
    return Executed(chapter, shown.markdown, shown.files, shown.tables, reused)


def _kernels_for(cells: int) -> int:
    return max(1, min(MOST_KERNELS, os.cpu_count() or 1, cells // CELLS_A_KERNEL))


def _run_all(
    waiting: Sequence[int],
    run: Callable[[int, Runner], None],
    kernel: Callable[[], Kernel],
    kernels: int,
) -> None:
    """Run chapters in their order, each by the kernel that is free first.

    After a failure no further chapter starts; those before it have started already, so that the
    first failure in the order of the book is found whatever the speed of the kernels.
    """
    queue = deque(waiting)
    failures: dict[int, InputError] = {}

    def work() -> None:
        with kernel() as runner:
            while not failures:
                try:
                    at = queue.popleft()
                except IndexError:
                    return
                try:
                    run(at, runner)
                except InputError as error:
                    failures[at] = error

    if kernels == 1:
        work()
    elif kernels > 1:
        with ThreadPoolExecutor(kernels) as pool:
            try:
                for future in [pool.submit(work) for _ in range(kernels)]:
                    future.result()
            except BaseException:
                queue.clear()
                raise
    if failures:
        raise failures[min(failures)]


class _Steps:
    """Counts the cells for `Progress`, whichever kernel runs them."""

    def __init__(
        self, chapters: Sequence[Chapter], waiting: Sequence[int], progress: Progress | None
    ) -> None:
        self._total = sum(len(chapter.cells) for chapter in chapters)
        self._done = self._total - sum(len(chapters[at].cells) for at in waiting)
        self._progress = progress
        self._lock = Lock()

    def tell(self, chapter: Chapter, cell: Cell) -> None:
        """Say that a cell starts."""
        with self._lock:
            if self._progress is not None:
                where = f"{chapter.file}:{cell.line} {cell.label}".rstrip()
                self._progress(self._done, self._total, where)
            self._done += 1

    def end(self) -> None:
        """Say that all is done."""
        if self._progress is not None:
            self._progress(self._total, self._total, "")


def _run_chapter(book: BookSource, chapter: Chapter, run: Runner, steps: _Steps) -> Shown:
    _run_code(run, START, chapter, 1)
    parts: list[str] = []
    files: dict[str, bytes] = {}
    tables: dict[str, tuple[str, ...]] = {}
    for number, block in enumerate(chapter.blocks):
        if isinstance(block, Text):
            parts.append(_run_text(run, chapter, block))
            continue
        steps.tell(chapter, block)
        options = cell_options(block, chapter.execute, book.config.execute)
        outputs = _run_code(run, block.code, chapter, block.line) if options.evaluate else []
        name = block.label or f"{chapter.stem}-cell-{number}"
        shown = cell_shown(block, outputs, options, name)
        parts.append(f"\n{shown.markdown}\n\n" if shown.markdown else "\n")
        files |= shown.files
        tables |= shown.tables
    return Shown("".join(parts), files, tables)


def _run_code(run: Runner, code: str, chapter: Chapter, line: int) -> list[dict[str, Any]]:
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


def _run_text(run: Runner, chapter: Chapter, text: Text) -> str:
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
