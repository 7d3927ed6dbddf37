"""What a run leaves behind: results with their manifest, whole or not at all."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hotline_index.edition import Edition
from hotline_index.folders import whole_folder
from hotline_index.manifest import write_manifest
from hotline_index.progress import Progress
from report.results import Results, write_results
from report.workbook import write_workbook

WORKBOOK = "results.xlsx"


def write_edition(
    edition: Edition, results: Results, made_from: Mapping[str, Any], progress: Progress
) -> None:
    """Replace ``results/`` of an edition: tables, workbook and manifest.

    Parameters
    ----------
    edition, results
        The edition and its results.
    made_from
        The `hotline_index.manifest.fingerprint` taken before they were made.
    progress
        Hears of the step.
    """
    progress.step("write")
    with whole_folder(edition.results) as folder:
        with ThreadPoolExecutor(1) as beside:
            workbook = beside.submit(write_workbook, results, folder / WORKBOOK)
            write_results(results, folder)
            workbook.result()
        write_manifest(made_from, edition, folder)
    progress.done()
