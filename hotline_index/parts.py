"""The parts of a publication beside the report, each made anew only where it has to be."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hotline_index.progress import Progress
from report.results import Results

KEPT = ".parts.json"
"""In a publication: what each of its parts was made from, and what it is made of."""

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a publication in a folder of its own.

    Parameters
    ----------
    name
        Of the folder, and of the step that a run tells of.
    make
        Writes it into an empty folder, and tells how much of it is done.
    """

    name: str
    make: Callable[[Results, Path, Advance], object]


def parts(previous: Results | None = None) -> tuple[Part, ...]:
    """Return the parts of a publication beside the report, in the order they are made.

    Parameters
    ----------
    previous
        The results of the edition before, where there are any.
    """
    from report.benchmark.write import profile_hrefs, write_benchmark
    from report.profiles import write_profiles, write_provinces
    from report.release.about import release_about
    from report.release.release import write_release

    def benchmark(told: Results, out: Path, tick: Advance) -> None:
        write_benchmark(told, out, profile_hrefs(told))

    def release(told: Results, out: Path, tick: Advance) -> None:
        write_release(told, out, replace(release_about(told), report="../index.html"), previous)

    return (
        Part("profiles", lambda told, out, tick: write_profiles(told, out, advance=tick)),
        Part("provinces", lambda told, out, tick: write_provinces(told, out, advance=tick)),
        Part("benchmark", benchmark),
        Part("release", release),
    )


def make_parts(
    told: Results,
    key: str,
    folder: Path,
    *,
    before: Path | None,
    previous: Results | None,
    progress: Progress,
) -> tuple[str, ...]:
    """Make every part, or take it over from an earlier publication.

    Parameters
    ----------
    told
        The results in the language of the publication.
    key
        Says what parts are made from: with the same key, the same parts.
    folder
        The publication; gets a folder a part and a file that says what it was made from.
    before
        An earlier publication whose parts may be taken over, if there is one.
    previous
        The results of the edition before, where there are any.
    progress
        Hears of the steps.

    Returns
    -------
    The parts taken over.
    """
    kept = _kept(before) if before else {}
    made: dict[str, list[str]] = {}
    reused: list[str] = []
    for part in parts(previous):
        out = folder / part.name
        old = before / part.name if before else None
        if old and kept.get(part.name) == [key, _listing(old)]:
            shutil.copytree(old, out, copy_function=_link)
            progress.reused(part.name, "unchanged")
            reused.append(part.name)
        else:
            out.mkdir()
            part.make(told, out, progress.step(part.name, total=len(told["units"])))
            progress.done()
        made[part.name] = [key, _listing(out)]
    text = json.dumps(made, indent=2, sort_keys=True)
    (folder / KEPT).write_text(text + "\n", encoding="utf-8")
    return tuple(reused)


def _kept(publication: Path) -> Mapping[str, object]:
    try:
        kept = json.loads((publication / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _listing(folder: Path) -> str:
    """Return a hash of the names and sizes of the files of a folder."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    told = "".join(f"{each.relative_to(folder)}\0{each.stat().st_size}\0" for each in files)
    return hashlib.sha256(told.encode()).hexdigest()


def _link(source: str, target: str) -> None:
    """Give a file a second name, or copy it where the file system has no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
