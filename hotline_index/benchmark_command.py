"""The command ``hotline-index benchmark``: a city's own records beside an edition."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline_index.telling import errors_told, tell

if TYPE_CHECKING:
    from hotline_index.benchmarking import Benchmark
    from report.language import Lang

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
FORMATS = (".csv", ".html")
WIDTH = 110
"""Columns of the terminal that the table may take."""


@click.command()
@click.argument("edition", type=FOLDER)
@click.option("--unit", required=True, help="Whose records, by any of its names. 城市名称。")
@click.option("--calls", type=FILE, help="Its own calls (csv, xlsx, parquet). 自有拨测记录。")
@click.option("--responses", type=FILE, help="Its own questionnaires. 自有问卷。")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    help="One language only; a page is in Chinese without it. 只用一种语言。",
)
@click.option("--out", type=FILE, help="Write a .csv or an .html page. 写入 csv 或网页。")
def benchmark(
    edition: Path,
    unit: str,
    calls: Path | None,
    responses: Path | None,
    lang: "Lang | None",
    out: Path | None,
) -> None:
    """Score a city's own records by the rules of EDITION and tell where it would stand.

    EDITION must have been run. The files have the columns of the edition's calls and
    questionnaires, and records of one city only; the column unit may be absent.

    用一个年度的规则给本市自有的拨测（或问卷）计分，看会处在什么位置、有多大把握；须先运行该年度。
    文件的列与该年度的拨测、问卷相同，只含本市记录，可以没有 unit 列。
    """
    sources = {"calls": calls, "responses": responses}
    given = {table: path for table, path in sources.items() if path is not None}
    if not given:
        raise click.UsageError("--calls FILE, --responses FILE, or both")
    if out and out.suffix.lower() not in FORMATS:
        raise click.BadParameter(f"a file that ends in {', '.join(FORMATS)}", param_hint="--out")
    with errors_told():
        from hotline_index.benchmark_files import write_benchmark_file
        from hotline_index.benchmarking import benchmark_records
        from hotline_index.edition import open_edition

        found = benchmark_records(open_edition(edition), unit, given)
        if out:
            write_benchmark_file(found, out, lang or "zh")
    tell(found.findings)
    langs: tuple[Lang, ...] = (lang,) if lang else ("zh", "en")
    for at, each in enumerate(langs):
        if at:
            click.echo()
        _echo(found, each)
    if out:
        click.echo(f"\n→ {out}")


def _echo(found: "Benchmark", lang: "Lang") -> None:
    """Print the table and the sentences in one language."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from hotline_index.benchmark_table import shown_table
    from hotline_index.benchmark_words import benchmark_sentences

    header, rows = shown_table(found, lang)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for at, label in enumerate(header):
        right = 0 < at < len(header) - 1
        table.add_column(Text(label), justify="right" if right else "left", no_wrap=at > 0)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(width=WIDTH, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(table)
    lines = (line.rstrip() for line in captured.get().splitlines())
    click.echo("\n".join(line for line in lines if line))
    if any(row[0].endswith("*") for row in rows):
        part = "* 只按自有记录能够测得的部分计算", "* on the part alone that own records answer"
        click.echo(part[0 if lang == "zh" else 1])
    click.echo()
    for words in benchmark_sentences(found):
        click.echo(getattr(words, lang))
