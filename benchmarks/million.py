"""A million questionnaires read, checked and scored: `python -m benchmarks.million`.

The questionnaires of the default indicator system are drawn at random and written as csv. Reading,
checking and scoring run in a process of their own, so that its peak memory is theirs alone; the
yardstick is `pandas.read_csv` of the same file, in another.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from indicators.scores import score
from indicators.system_file import load_system
from survey.checks import CheckPlan, check_records
from survey.contracts import AnswerColumn
from survey.intake import read_records
from survey.register import load_register

ROWS = 1_000_000
CITIES = 335
BLANK = 0.02
"""Share of answers left blank."""
SYSTEM = "hotline-2021"
MOST_SECONDS, MOST_BYTES = 60.0, 3e9
"""The figures to stay below, on two cores."""
Measured = tuple[dict[str, float], float, int]
"""Seconds of each step, peak bytes and number of findings."""


def _asked() -> dict[str, tuple[AnswerColumn, ...]]:
    system = load_system(SYSTEM)
    audience = AnswerColumn("audience", "category", tuple(system.audiences))
    return {"responses": (*system.needed_columns()["responses"], audience)}


def _cities() -> tuple[str, ...]:
    return tuple(load_register().table.index[:CITIES])


def _picked(
    random: np.random.Generator, values: list[str], rows: int, blank: float = 0
) -> pa.Array:
    codes = random.integers(0, len(values), rows).astype(np.int32)
    missing = random.random(rows) < blank if blank else None
    indices = pa.array(codes, mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values)).cast(pa.string())


def _answers(answer: AnswerColumn) -> list[str]:
    if answer.allowed:
        return list(answer.allowed)
    assert answer.minimum is not None and answer.maximum is not None
    return [f"{value:g}" for value in np.arange(answer.minimum, answer.maximum + 1)]


def write_responses(path: Path, rows: int = ROWS, seed: int = 1) -> None:
    """Write questionnaires that hold to the contract.

    Parameters
    ----------
    path
        The csv file.
    rows
        Number of questionnaires.
    seed
        Of the random numbers.
    """
    random = np.random.default_rng(seed)
    start = np.datetime64("2021-03-01T08:00:00")
    seconds = np.sort(random.integers(0, 90 * 86400, rows)).astype("timedelta64[s]")
    columns = {
        "response_id": pa.array(np.char.add("R", np.arange(rows).astype(str))),
        "unit": _picked(random, list(_cities()), rows),
        "audience": _picked(random, ["citizen", "enterprise"], rows),
        "mode": _picked(random, ["telephone", "web", "wechat"], rows),
        "source": _picked(random, ["independent", "hotline_distributed"], rows),
        "weight": pa.array(np.round(random.lognormal(0, 0.3, rows), 3)),
        "started_at": pa.array(start + seconds),
        "duration_seconds": pa.array(random.integers(60, 900, rows)),
    }
    for answer in _asked()["responses"]:
        if answer.name not in columns:
            columns[answer.name] = _picked(random, _answers(answer), rows, BLANK)
    pacsv.write_csv(pa.table(columns), path, pacsv.WriteOptions(quoting_style="needed"))


def whole_way(path: Path) -> Measured:
    """Read, check and score a file of questionnaires."""
    answers, units, register = _asked(), _cities(), load_register()
    seconds: dict[str, float] = {}
    before = time.perf_counter()

    def lap(step: str) -> None:
        nonlocal before
        now = time.perf_counter()
        seconds[step], before = now - before, now

    records, read = read_records({"responses": path}, register, answers, sample=frozenset(units))
    lap("read")
    checked = check_records(records, CheckPlan(answers, units))
    lap("check")
    _, scored = score(records, load_system(SYSTEM), units, register.table)
    lap("score")
    return seconds, _peak(), len(read) + len(checked) + len(scored)


def plain_read(path: Path) -> Measured:
    """Read the file as pandas does."""
    before = time.perf_counter()
    pd.read_csv(path)
    return {"pandas.read_csv": time.perf_counter() - before}, _peak(), 0


def _peak() -> float:
    """Peak resident bytes of this process and of those it started."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    return sum(resource.getrusage(kind).ru_maxrss for kind in kinds) * unit


def _alone(work: Callable[[Path], Measured], path: Path) -> Measured:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, path).result()


def main(rows: int = ROWS) -> None:
    """Print seconds, rows a second and peak memory, and each as a ratio to the yardstick."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "responses.csv"
        write_responses(path, rows)
        size = path.stat().st_size
        yardstick, least, _ = _alone(plain_read, path)
        steps, peak, findings = _alone(whole_way, path)
    once, total = sum(yardstick.values()), sum(steps.values())
    print(f"{rows:,} questionnaires, {size / 1e6:,.0f} MB of csv, {findings} findings")
    print(f"{'step':<18}{'seconds':>9}{'rows a second':>16}{'x read_csv':>12}")
    for step, spent in {**yardstick, **steps, "all": total}.items():
        print(f"{step:<18}{spent:>9.1f}{rows / spent:>16,.0f}{spent / once:>12.1f}")
    print(
        f"peak memory {peak / 1e9:.2f} GB, {peak / least:.1f} x read_csv, {peak / size:.1f} x file"
    )
    kept = total < MOST_SECONDS and peak < MOST_BYTES
    print(f"below {MOST_SECONDS:g} s and {MOST_BYTES / 1e9:g} GB: {'yes' if kept else 'NO'}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
