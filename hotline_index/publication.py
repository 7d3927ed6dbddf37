"""What is published of an edition: the report as site and PDF, and its data."""

import shutil
from typing import Literal

from hotline_index.edition import Edition
from hotline_index.folders import whole_folder
from hotline_index.manifest import HOME
from hotline_index.outputs import WORKBOOK
from hotline_index.progress import Progress
from report.publish.meta import BookMeta

REPORT = HOME / "report"
NOTICE = "模拟数据：由程序模拟生成，不反映任何城市的真实情况，不得引用"

Publisher = Literal["embedded", "quarto"]


def publish_edition(edition: Edition, publisher: Publisher, progress: Progress) -> None:
    """Replace ``publication/`` of an edition: the site, the PDF and the data, whole or not at all.

    Parameters
    ----------
    edition
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
