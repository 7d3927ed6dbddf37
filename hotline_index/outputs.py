"""What a run leaves behind: results with their manifest, and the publication."""

import json
import shutil
from pathlib import Path

from hotline_index.edition import CONFIGURATION, Edition
from hotline_index.folders import sha256, whole_folder
from hotline_index.progress import Progress
from indicators.system_file import SYSTEM_FILES
from report.publish.meta import BookMeta
from report.results import Results, write_results
from report.workbook import write_workbook

REPORT = Path(__file__).resolve().parent.parent / "report"
NOTICE = "模拟数据：由程序模拟生成，不反映任何城市的真实情况，不得引用"
WORKBOOK = "results.xlsx"


def write_edition(edition: Edition, results: Results, progress: Progress) -> None:
    """Replace ``results/`` of an edition: tables, workbook and manifest, whole or not at all."""
    progress.step("write")
    with whole_folder(edition.results) as folder:
        write_results(results, folder)
        write_workbook(results, folder / WORKBOOK)
        text = json.dumps(manifest(edition, results, folder), ensure_ascii=False, indent=2)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def manifest(edition: Edition, results: Results, folder: Path) -> dict:
    """Return the fingerprint of every input and output, the configuration, versions and seed.

    Parameters
    ----------
    edition
        The edition.
    results
        Its results.
    folder
        Where they were written.
    """
    inputs = [edition.folder / CONFIGURATION, *edition.sources.values()]
    if edition.published is not None:
        inputs += sorted(path for path in edition.published.iterdir() if path.is_file())
    if edition.config.units.register_ != "china":
        inputs.append(edition.folder / edition.config.units.register_)
    if Path(edition.config.system).suffix in SYSTEM_FILES:
        inputs.append(edition.folder / edition.config.system)
    if edition.config.units.sample is not None:
        inputs.append(edition.folder / edition.config.units.sample)
    return {
        "edition": edition.config.edition,
        "simulated": edition.config.simulated,
        "inputs": {_named(path, edition.folder): sha256(path) for path in inputs},
        "configuration": edition.config.model_dump(mode="json"),
        "system": edition.system.model_dump(mode="json"),
        "seed": edition.config.uncertainty.seed,
        "versions": results.meta["versions"],
        "outputs": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }


def _named(path: Path, folder: Path) -> str:
    return path.resolve().relative_to(folder.resolve().parent).as_posix()


def publish_edition(edition: Edition, results: Results, publisher: str, progress: Progress) -> None:
    """Replace ``publication/`` of an edition: the site, the PDF and the data, whole or not at all.

    Parameters
    ----------
    edition, results
        The edition, whose ``results/`` are written.
    publisher
        ``embedded``, or ``quarto`` where Quarto is installed.
    progress
        Hears of the cells run.
    """
    from report.publish.book import publish_book
    from report.publish.quarto_cli import publish_with_quarto

    done = 0
    advance = progress.step("publish")

    def cells(now: int, total: int, where: str) -> None:
        nonlocal done
        if not done:
            progress.step("publish", total=total)
        advance(now - done)
        done = now

    with whole_folder(edition.publication) as folder:
        if publisher == "quarto":
            publish_with_quarto(REPORT, folder, edition.folder)
        else:
            publish_book(
                REPORT, folder, edition=edition.folder, meta=book_meta(edition), progress=cells
            )
        data = folder / "data"
        data.mkdir()
        for path in sorted(edition.results.iterdir()):
            if path.suffix in (".csv", ".parquet", ".xlsx", ".json"):
                shutil.copyfile(path, data / path.name)


def book_meta(edition: Edition) -> BookMeta:
    """Return what stands on the cover and in the margins of an edition's report."""
    config = edition.config
    return BookMeta(
        title="全国政务热线服务质量评估报告",
        subtitle=config.title.zh if config.data else f"《{config.title.zh}》公布数据的复核",
        date_text=config.dated.zh,
        publisher=config.publisher.zh,
        notice=NOTICE if config.simulated else None,
        downloads=(
            ("下载全部结果（Excel）", f"data/{WORKBOOK}"),
            ("等级表（CSV）", "data/grades.csv"),
        ),
    )
