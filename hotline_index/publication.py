"""What is published of an edition: report, profiles, benchmark page and open data."""

import hashlib
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from hotline_index.edition import Edition
from hotline_index.folders import sha256, whole_folder
from hotline_index.manifest import HOME, MANIFEST, code_hash
from hotline_index.parts import make_parts
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
Publisher = Literal["embedded", "quarto"]


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
    earlier = _previous(edition)
    made_of = [sha256(each / MANIFEST) for each in (edition.results, earlier) if each]
    key = "\0".join([*made_of, lang, code_hash(("report",))])
    target = edition.publication(lang)
    if fresh:
        shutil.rmtree(_cache(edition, lang), ignore_errors=True)
    with whole_folder(target) as folder, ThreadPoolExecutor(1) as beside:
        made = beside.submit(
            make_parts,
            results.told_in(lang),
            hashlib.sha256(key.encode()).hexdigest(),
            folder,
            before=None if fresh else target,
            previous=read_results(earlier) if earlier else None,
            progress=progress,
        )
        with TemporaryDirectory(dir=folder.parent, prefix=f".{target.name}-book-") as own:
            book = Path(own)
            reused = _publish_report(edition, lang, others, book, progress, publisher)
            shutil.copytree(book, folder, dirs_exist_ok=True, copy_function=shutil.move)
        return (*reused, *made.result())


def _publish_report(
    edition: Edition,
    lang: Lang,
    others: Sequence[Lang],
    folder: Path,
    progress: Progress,
    publisher: Publisher,
) -> tuple[str, ...]:
    from report.publish.book import publish_book
    from report.publish.quarto_cli import publish_with_quarto

    advance = None
    done = 0

    def cells(now: int, total: int, where: str) -> None:
        nonlocal advance, done
        advance = advance or progress.step("publish", total=total)
        advance(now - done)
        done = now

    if publisher == "quarto":
        progress.step("publish")
        publish_with_quarto(BOOKS[lang], folder, edition.folder)
        return ()
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
    chapters = f"{len(published.reused)} of {published.chapters} chapters"
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
    checked = {
        "zh": f"《{own}》公布数据的复核",
        "en": f"A check of the published figures of “{own}”",
    }
    return BookMeta(
        title=TITLES[lang],
        subtitle=own if edition.has_records else checked[lang],
        date_text=getattr(config.dated, lang),
        publisher=getattr(config.publisher, lang),
        notice=NOTICE[lang] if config.simulated else None,
        links=tuple((label, f"{name}/index.html") for name, label in LINKS[lang].items()),
        data="release/data",
        other_language=f"../{edition.publication(others[0]).name}" if others else "",
    )
