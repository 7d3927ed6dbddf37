"""What is published of an edition: report, profiles, benchmark page and open data."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hotline_index.edition import Edition
from hotline_index.folders import sha256, whole_folder
from hotline_index.manifest import HOME, MANIFEST, code_hash
from hotline_index.progress import Progress
from report.language import Lang
from report.publish.meta import BookMeta
from report.results import Results, read_results

REPORT = HOME / "report"
BOOKS: dict[Lang, Path] = {"zh": REPORT, "en": REPORT / "en"}
NOTICE: dict[Lang, str] = {
    "zh": "模拟数据：由程序模拟生成，不反映任何城市的真实情况，不得引用",
    "en": "Simulated data: made by a program; it says nothing about any city and must not be cited",
}
KEPT = ".parts.json"
"""In a publication: what each of its parts was made from."""

Advance = Callable[[int], None]
Publisher = Literal["embedded", "quarto"]


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


def publish_edition(
    edition: Edition,
    results: Results,
    lang: Lang,
    progress: Progress,
    *,
    others: Sequence[Lang] = (),
    publisher: Publisher = "embedded",
    fresh: bool = False,
) -> tuple[str, ...]:
    """Replace the publication of an edition in a language, whole or not at all.

    Parameters
    ----------
    edition, results
        The edition, whose ``results/`` are written.
    lang
        Language of all that is published.
    progress
        Hears of the steps, of cells run and profiles written.
    others
        The other languages published with it, to which its pages lead.
    publisher
        Who publishes the report: ``embedded``, or ``quarto`` where Quarto is installed.
    fresh
        Whether to make everything anew, even what would come out the same.

    Returns
    -------
    What was taken over from an earlier run.
    """
    from report.publish.quarto_cli import publish_with_quarto

    target, told = edition.publication(lang), results.told_in(lang)
    before = {} if fresh else _parts_kept(target)
    earlier = _previous(edition)
    made_of = [sha256(each / MANIFEST) for each in (edition.results, earlier) if each]
    reused: list[str] = []
    key = _key(*made_of, lang, code_hash(("report",)))
    keys: dict[str, str] = {}
    with whole_folder(target) as folder:
        if fresh:
            shutil.rmtree(_cache(edition, lang), ignore_errors=True)
        if publisher == "quarto":
            progress.step("publish")
            publish_with_quarto(BOOKS[lang], folder, edition.folder)
        else:
            reused += _publish_report(edition, lang, others, folder, progress)
        previous = read_results(earlier) if earlier else None
        for part in parts(previous):
            keys[part.name] = key
            if before.get(part.name) == key and (target / part.name).is_dir():
                shutil.copytree(target / part.name, folder / part.name, copy_function=_link)
                progress.reused(part.name, "unchanged")
                reused.append(part.name)
                continue
            advance = progress.step(part.name, total=len(results["units"]))
            (folder / part.name).mkdir()
            part.make(told, folder / part.name, advance)
        text = json.dumps(keys, indent=2, sort_keys=True)
        (folder / KEPT).write_text(text + "\n", encoding="utf-8")
    return tuple(reused)


def _parts_kept(target: Path) -> dict[str, str]:
    try:
        kept = json.loads((target / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _key(*made_of: str) -> str:
    return hashlib.sha256("\0".join(made_of).encode()).hexdigest()


def _link(source: str, target: str) -> None:
    """Give a file a second name, or copy it where the file system has no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


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
        write_release(told, out, release_about(told), previous)

    return (
        Part("profiles", lambda told, out, tick: write_profiles(told, out, advance=tick)),
        Part("provinces", lambda told, out, tick: write_provinces(told, out, advance=tick)),
        Part("benchmark", benchmark),
        Part("release", release),
    )


def _publish_report(
    edition: Edition, lang: Lang, others: Sequence[Lang], folder: Path, progress: Progress
) -> tuple[str, ...]:
    from report.publish.book import publish_book

    done = 0
    advance = progress.step("publish")

    def cells(now: int, total: int, where: str) -> None:
        nonlocal done
        if not done:
            progress.step("publish", total=total)
        advance(now - done)
        done = now

    published = publish_book(
        BOOKS[lang],
        folder,
        edition=edition.folder,
        meta=book_meta(edition, lang, others),
        progress=cells,
        cache=_cache(edition, lang),
    )
    if not published.reused:
        return ()
    chapters = f"{len(published.reused)} chapters"
    progress.reused("publish", chapters)
    return (f"report ({chapters})",)


def _cache(edition: Edition, lang: Lang) -> Path:
    return edition.cache / f"report-{lang}"


def _previous(edition: Edition) -> Path | None:
    """Return the results of the edition before, where it was run."""
    before = edition.config.previous
    folder = edition.folder / before / "results" if before else None
    return folder if folder and (folder / MANIFEST).is_file() else None


LINKS: dict[Lang, dict[str, str]] = {
    "zh": {
        "profiles": "城市概况",
        "provinces": "分省报告",
        "benchmark": "城市对标",
        "release": "开放数据",
    },
    "en": {
        "profiles": "City profiles",
        "provinces": "Province reports",
        "benchmark": "Compare cities",
        "release": "Open data",
    },
}
"""What the report leads to besides itself."""

TITLES: dict[Lang, str] = {
    "zh": "全国政务热线服务质量评估报告",
    "en": "National Assessment of Government Hotline Service Quality",
}
"""What the book is called; its sources say so, too."""


def book_meta(edition: Edition, lang: Lang, others: Sequence[Lang] = ()) -> BookMeta:
    """Return what stands on the cover and in the margins of an edition's report."""
    config = edition.config
    own = getattr(config.title, lang)
    checked = {"zh": f"《{own}》公布数据的复核", "en": f"A check of the published figures of {own}"}
    return BookMeta(
        title=TITLES[lang],
        subtitle=own if config.data else checked[lang],
        date_text=getattr(config.dated, lang),
        publisher=getattr(config.publisher, lang),
        notice=NOTICE[lang] if config.simulated else None,
        links=tuple((label, f"{name}/index.html") for name, label in LINKS[lang].items()),
        data="release/data",
        other_language=f"../{edition.publication(others[0]).name}" if others else "",
    )
