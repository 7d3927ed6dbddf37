"""The command ``hotline-index profiles``: a page a city, and a report a province."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline_index.telling import errors_told

if TYPE_CHECKING:
    from report.language import Lang


@click.command()
@click.argument("edition", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--unit",
    "-u",
    "units",
    multiple=True,
    help="Only this city; may be repeated. 只写此城市，可重复。",
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。"
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write; it is replaced as a whole. 写入的文件夹，整体替换。"
    "  [default: the edition's publication]",
)
@click.option("--no-pdf", is_flag=True, help="HTML only. 只写网页。")
@click.option("--provinces", is_flag=True, help="Reports of provinces instead. 改写分省报告。")
def profiles(
    edition: Path, units: tuple[str, ...], lang: "Lang", out: Path | None, no_pdf: bool,
    provinces: bool,
) -> None:  # fmt: skip
    """Write a page for each city of EDITION, in PDF and HTML. The edition must have been run.

    为每个城市写一份概况（PDF和网页）；--provinces 则每省一份。须先运行该年度。
    """
    if provinces and units:
        raise click.UsageError("--provinces writes all of them; leave out --unit")
    if units and out is None:
        raise click.UsageError("--unit needs --out: the publication holds the pages of all cities")
    with errors_told():
        from hotline_index.edition import open_edition
        from hotline_index.folders import whole_folder
        from hotline_index.queries import edition_results, graded_units
        from report.profiles import write_profiles, write_provinces

        opened = open_edition(edition)
        results = edition_results(opened).told_in(lang)
        wanted = graded_units(opened, results, units) if units else None
        part = "provinces" if provinces else "profiles"
        target = out or opened.publication(lang) / part
        _refuse_to_replace(target)
        total = len(wanted or results["units"])
        with _bar(total) as advance, whole_folder(target) as folder:
            if provinces:
                written = write_provinces(
                    results, folder, pdf=not no_pdf, advance=advance, beside=out is None
                )
            else:
                written = write_profiles(
                    results, folder, pdf=not no_pdf, units=wanted, advance=advance,
                    beside=out is None,
                )  # fmt: skip
    click.echo(f"{written} {part} → {target / 'index.html'}")


def _refuse_to_replace(target: Path) -> None:
    """Refuse a folder that holds anything but pages, which would be lost."""
    from survey.findings import Finding, InputError, Severity, display_path

    others = sorted(
        each.name
        for each in (target.iterdir() if target.is_dir() else ())
        if each.is_dir() or each.suffix not in (".html", ".pdf")
    )
    if others:
        finding = Finding(
            "folder-in-use", Severity.ERROR, display_path(target),
            expected="a new folder, an empty one, or one of profiles, as it is replaced",
            got=", ".join(others[:3]) + ("…" if len(others) > 3 else ""),
            hint="choose another --out", count=len(others),
        )  # fmt: skip
        raise InputError([finding])


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar in a terminal while pages are written."""
    with click.progressbar(length=total, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update
