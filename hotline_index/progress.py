"""What a long run tells while it works."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import TaskID

STEPS = {
    "read": "读取",
    "check": "核查",
    "score": "计分",
    "rank": "排名",
    "grade": "定级",
    "weigh": "不确定性",
    "compare": "比较",
    "audit": "核对",
    "write": "写出结果",
    "publish": "报告",
    "profiles": "城市概况",
    "provinces": "分省报告",
    "benchmark": "对标页面",
    "release": "开放数据",
    "simulate": "模拟",
}
"""The steps of a run, with their Chinese names."""


class Progress(Protocol):
    """Hears of the steps of a run."""

    def step(self, name: str, total: int | None = None) -> Callable[[int], None]:
        """Begin a step of `STEPS`; call the result with the amount of work just done."""
        ...

    def left_out(self, name: str, why: str) -> None:
        """Say that a step is left out."""
        ...

    def reused(self, name: str, what: str) -> None:
        """Say that a step, or a part of it, is taken over from an earlier run."""
        ...

    def done(self) -> None:
        """Say that the step which this thread began is done, where none follows in it."""
        ...


class Quiet:
    """Says nothing."""

    def step(self, name: str, total: int | None = None) -> Callable[[int], None]:
        """Begin a step."""
        return lambda _: None

    def left_out(self, name: str, why: str) -> None:
        """Leave a step out."""

    def reused(self, name: str, what: str) -> None:
        """Take a step over."""

    def done(self) -> None:
        """End a step."""


class Bars:
    """Progress bars in the terminal; steps of several threads go on side by side."""

    def __init__(self) -> None:
        from rich.progress import (
            BarColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        self._bars = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TimeElapsedColumn(),
        )
        self._running: dict[int, TaskID] = {}

    @contextmanager
    def shown(self) -> Iterator["Bars"]:
        """Show the bars while a run goes on."""
        with self._bars:
            yield self
            for thread in tuple(self._running):
                self._finish(thread)

    def _finish(self, thread: int | None = None) -> None:
        """Finish the step that a thread has begun, by default the one that asks."""
        running = self._running.pop(thread or get_ident(), None)
        if running is not None:
            task = self._bars.tasks[running]
            total = task.total or task.completed or 1
            self._bars.update(running, total=total, completed=total)

    def step(self, name: str, total: int | None = None) -> Callable[[int], None]:
        """Begin a step."""
        self._finish()
        running = self._bars.add_task(f"{name} {STEPS[name]}", total=total)
        self._running[get_ident()] = running
        return lambda done: self._bars.advance(running, done)

    def left_out(self, name: str, why: str) -> None:
        """Leave a step out."""
        self._finish()
        self._bars.console.print(f"– {name} {STEPS[name]}: left out, {why}")

    def reused(self, name: str, what: str) -> None:
        """Take a step over from an earlier run."""
        self._finish()
        self._bars.console.print(f"✓ {name} {STEPS[name]}: reused 沿用, {what}")

    def done(self) -> None:
        """End the step that this thread began."""
        self._finish()
