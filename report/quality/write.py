"""The files of the data-quality report."""

from pathlib import Path

from report.language import Lang
from report.profiles.html import page_html
from report.quality.page import quality_page
from report.results import SIMULATED, Results

PAGES: dict[Lang, str] = {"zh": "index.html", "en": "index.en.html"}


def write_quality(results: Results, folder: Path) -> None:
    """Write the report in both languages, and each of its tables as csv.

    Parameters
    ----------
    results
        See `report.quality.page.quality_page`.
    folder
        An existing folder; the caller makes the writing whole-or-nothing.
    """
    for lang, name in PAGES.items():
        other = PAGES["en" if lang == "zh" else "zh"]
        page = quality_page(results.told_in(lang), other)
        (folder / name).write_text(page_html(page), encoding="utf-8")
    for name, table in results.tables.items():
        if results.meta["simulated"]:
            table = table.assign(**{SIMULATED: True})  # noqa: PLW2901
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
