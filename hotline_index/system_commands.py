"""The commands ``hotline-index system``: an indicator system shown, checked and compared."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from hotline_index.telling import errors_told, tell

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from indicators.system import System
    from survey.findings import Finding
    from survey.sources.columns import TableColumns
    from survey.sources.source import Source

Lang = Literal["zh", "en"]
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。"
)
FORMATS = (".svg", ".png", ".pdf")
TOLD_BY_US = ("unexpected-column", "missing-table")
"""Checks of the intake that the checks of a system tell better."""


@click.group()
def system() -> None:
    """Look at an indicator system: show, check, diff.

    查看、检查、比较指标体系：自带体系的名称（如 hotline-2021）、YAML 文件或指标表（csv、xlsx）。
    """


@system.command()
@click.argument("file")
@LANG
@click.option(
    "--figure",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the tree to an svg, png or pdf file. 把指标树画成图。",
)
def show(file: str, lang: Lang, figure: Path | None) -> None:
    """Show the tree of FILE with weights, rules and methods.

    FILE is the name of a system that comes with the program (hotline-2021), a YAML file, or a
    table of indicators (csv, xlsx). 列出指标树：权重、平均方法、题项与计分规则。
    """

    if figure and figure.suffix.lower() not in FORMATS:
        raise click.BadParameter(f"a file that ends in {', '.join(FORMATS)}", param_hint="--figure")
    with errors_told():
        from indicators.describe import outline
        from indicators.system_file import load_system

        loaded = load_system(file)
        lines = outline(loaded, lang)
        if figure:
            _draw(loaded, lang, figure)
    for line in lines:
        click.echo(line)
    if figure:
        click.echo(f"\n→ {figure}")


@system.command()
@click.argument("file")
@click.option(
    "--edition", type=FOLDER, help="Hold it against the data of an edition. 对照年度数据。"
)
@click.option(
    "--data",
    multiple=True,
    metavar="TABLE=FILE",
    help="Hold it against a file of records, such as calls=calls.csv. 对照数据文件，可多次给出。",
)
def check(file: str, edition: Path | None, data: tuple[str, ...]) -> None:
    """Check FILE for what is legal but doubtful: weights, orphan items, unused columns.

    检查指标体系：权重、无题项的指标、无人使用的列、数据中缺少的列。
    """

    with errors_told():
        from indicators.describe import check_system
        from indicators.system_file import load_system
        from survey.findings import errors

        loaded = load_system(file)
        findings = [*check_system(loaded, file)]
        if edition:
            findings += _against_edition(loaded, edition)
        if data:
            findings += _against_files(loaded, dict(map(_table_and_file, data)))
        wrong = errors(findings)
    tell(findings)
    if wrong:
        raise SystemExit(1)
    told = "no errors 没有错误" if findings else "nothing doubtful 未发现问题"
    click.echo(told)


@system.command()
@click.argument("old")
@click.argument("new")
@LANG
def diff(old: str, new: str, lang: Lang) -> None:
    """Tell what changed from the system OLD to the system NEW.

    比较两个指标体系：增删、移动、改名、权重、方法、规则，以及可比部分的权重。
    """

    with errors_told():
        from indicators.describe import comparable_part, compare_systems
        from indicators.system_file import load_system

        first, second = load_system(old), load_system(new)
        table = compare_systems(first, second, lang)
        part = comparable_part(first, second)
    for line in _grouped(table, lang):
        click.echo(line)
    shares = [_told(share, lang) for share in (part.old, part.new)]
    click.echo(
        f"\n可比部分：{len(part.items)} 个题项两版测量方式相同，"
        f"在总分中的权重，原体系为 {shares[0]}，新体系为 {shares[1]}"
        if lang == "zh"
        else f"\ncomparable: {len(part.items)} items are measured alike in both; they carry "
        f"{shares[0]} of the total's weight in the old system, {shares[1]} in the new"
    )


def _told(share: float, lang: Lang) -> str:
    from indicators.describe.outline import percent

    return percent(share, lang)


def _grouped(table: "pd.DataFrame", lang: Lang) -> Iterator[str]:
    """Tell a table of changes kind by kind."""
    from indicators.describe.diff import KINDS

    zh = lang == "zh"
    if table.empty:
        yield "两个体系没有差别" if zh else "the two systems do not differ"
    for kind, rows in table.groupby("kind", sort=False):
        yield f"{KINDS[str(kind)][0 if zh else 1]} ({len(rows)})"
        for what, name, was, now in rows[["what", "id", "old", "new"]].itertuples(index=False):
            change = f"{was} → {now}" if was and now else was or now
            end = f" [{'题项' if zh else 'item'}]" if what == "item" else ""
            gone = {"added": "+ ", "removed": "- "}.get(str(kind), "  ")
            if kind == "setting" and not (was and now):
                change = f"{was or '—'} → {now or '—'}"
            yield f"  {gone}{name}{end}: {change}"


def _table_and_file(text: str) -> tuple[str, Path]:
    from survey.contracts import CONTRACTS
    from survey.findings import did_you_mean

    table, _, path = text.partition("=")
    if not path:
        raise click.BadParameter(f"TABLE=FILE, not {text!r}", param_hint="--data")
    if table not in CONTRACTS:
        hint = did_you_mean(table, CONTRACTS)
        raise click.BadParameter(f"unknown table {table!r}: {hint}", param_hint="--data")
    return table, Path(path)


def _against_files(
    system: "System",
    files: "Mapping[str, Source]",
    columns: "Mapping[str, TableColumns] | None" = None,
) -> "tuple[Finding, ...]":
    from indicators.describe import check_data
    from survey.contracts import CONTRACTS
    from survey.sources.own import own_table
    from survey.sources.source import read_source

    asked = system.needed_columns()
    raw = {}
    for name, source in files.items():
        contract = CONTRACTS[name].asking(asked.get(name, ()))
        read = read_source(source, (name, contract.zh))
        raw[name], _ = own_table(read, contract, (columns or {}).get(name))
    notes = (finding for table in raw.values() for finding in table.findings)
    return (*notes, *check_data(system, raw))


def _against_edition(system: "System", folder: Path) -> "list[Finding]":
    """Hold a system against the data of an edition, whatever system the edition itself has."""
    from dataclasses import replace

    from hotline_index.edition import open_edition
    from hotline_index.progress import Quiet
    from hotline_index.reading import read_and_check
    from indicators.describe import check_measured
    from survey.findings import Finding, InputError, Severity, display_path

    edition = replace(open_edition(folder), system=system)
    if not edition.sources:
        got = "published figures only"
        hint = "there is nothing to hold the system against"
        where = display_path(folder)
        return [Finding("no-records", Severity.NOTE, where, None, "data", "records", got, hint)]
    found = [*_against_files(system, edition.sources, edition.columns)]
    try:
        records, findings = read_and_check(edition, Quiet())
    except InputError as error:
        return [*found, *error.findings]
    there = {unit for table in records.tables.values() for unit in table["unit"].dropna()}
    known = {(each.check, each.column) for each in found}
    found += [
        each
        for each in (*findings, *check_measured(system, records, sorted(there)))
        if each.check not in TOLD_BY_US and (each.check, each.column) not in known
    ]
    return found


def _draw(system: "System", lang: Lang, path: Path) -> None:
    """Draw the tree of a system, with the share of siblings where they differ in it."""
    from hotline_index.tables import indicator_table
    from indicators.describe import effective_weights
    from report.figures import indicator_tree
    from report.results import Results

    table = indicator_table(system)
    weights = effective_weights(system).query("kind == 'indicator'").set_index("id")
    table["weight"] = (100 * table["indicator"].map(weights["share"])).round(1)
    core = weights[weights["bonus"].isna()]
    note = ""
    if core["share"].isna().any():
        note = (
            "由数据定权的指标不标权重" if lang == "zh" else "Weights taken from data are not shown"
        )
    elif (core.groupby("parent")["share"].nunique() > 1).any():
        note = "名称后的数字为同级中的权重（%）" if lang == "zh" else "Numbers are % of siblings"
    results = Results({"simulated": False}, {"indicators": table})
    drawn = indicator_tree(results, lang, weights=note)
    assert drawn is not None, "a system has indicators"
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(_bytes_of(drawn, path.suffix.lower()))
    part.replace(path)


def _bytes_of(figure: "Figure", suffix: str) -> bytes:
    from io import BytesIO

    from report.style import png, svg

    if suffix != ".pdf":
        return svg(figure) if suffix == ".svg" else png(figure)
    buffer = BytesIO()
    figure.savefig(buffer, format="pdf", metadata={"CreationDate": None})
    return buffer.getvalue()
