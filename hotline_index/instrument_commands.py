"""The commands ``hotline-index instrument``: forms listed, shown, exported and checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from hotline_index.telling import errors_told, tell

if TYPE_CHECKING:
    import pandas as pd

    from survey.contracts import Contract
    from survey.instruments.model import Instrument, Lang

SUFFIX = {"xlsform": ".xlsx", "entry-sheet": ".xlsx", "pdf": ".pdf"}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。"
)


@click.group()
def instrument() -> None:
    """Forms to collect data with: callers' sheets, questionnaires, tests, rubrics.

    调查工具：拨测记录表、使用者问卷、渠道测试表、案例评审表、质检评分表。
    NAME 是自带名称或 YAML 文件。
    """


@instrument.command("list")
def list_all() -> None:
    """List the instruments that come with the program.

    列出自带的调查工具、所填的数据表和适用的指标体系。
    """
    from survey.instruments.load import instruments, load_instrument

    for name in instruments():
        each = load_instrument(name)
        click.echo(f"{name:26}{each.table:15}{each.title.zh}  {', '.join(each.systems)}")


@instrument.command()
@click.argument("name")
@LANG
def show(name: str, lang: "Lang") -> None:
    """Show the questions of NAME with columns, answers and conditions.

    列出题目、列名、选项和填写条件。
    """
    with errors_told():
        from survey.instruments.load import load_instrument

        lines = list(_outline(load_instrument(name), lang))
    for line in lines:
        click.echo(line)


def _outline(loaded: "Instrument", lang: "Lang") -> "Iterator[str]":
    from survey.instruments.wording import answer_list, condition, number_range

    def when(words: str) -> str:
        opening, closing = ("（", "时）") if lang == "zh" else (" (where ", ")")
        return f"{opening}{words}{closing}" if words else ""

    yield f"{loaded.title[lang]}  [{loaded.table}]"
    for section in loaded.sections:
        yield f"\n{section.title[lang]}{when(condition(loaded, section.when, lang))}"
        for question in section.questions:
            star = "*" if question.required else ""
            told = f"{question.name}{star}  {question.label[lang]}"
            yield f"  {told}{when(condition(loaded, question.when, lang))}"
            answers = answer_list(loaded, question, lang) or number_range(question, lang)
            if answers:
                yield f"      {answers}"


@instrument.command()
@click.argument("name")
@click.option(
    "--as",
    "kind",
    type=click.Choice(list(SUFFIX)),
    required=True,
    help="xlsform: KoboToolbox, ODK; entry-sheet: Excel 录入表; pdf: 打印。",
)
@LANG
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="输出文件。"
)
@click.option("--system", help="For which indicator system. 按哪个指标体系的列和取值（录入表）。")
@click.option("--units", type=FILE, help="A table with a column unit. 评估对象名单，供下拉选择。")
@click.option("--plan", type=FILE, help="Rows filled in from a plan. 按拨测计划预填（录入表）。")
def export(
    name: str,
    kind: Literal["xlsform", "entry-sheet", "pdf"],
    lang: "Lang",
    out: Path,
    system: str | None,
    units: Path | None,
    plan: Path | None,
) -> None:
    """Export NAME as an XLSForm, an Excel entry sheet, or a PDF to print.

    导出为 XLSForm（两种语言）、Excel 录入表或打印用 PDF。
    """
    _refuse_wrong_options(kind, out, system, units, plan)
    with errors_told():
        from survey.instruments.load import load_instrument

        loaded = load_instrument(name)
        named = tuple(_column(units, "unit").unique()) if units else ()
        told = ""
        if kind == "xlsform":
            from survey.instruments.xlsform import write_xlsform

            write_xlsform(loaded, out, named)
        elif kind == "pdf":
            from survey.instruments.printable import write_printable

            write_printable(loaded, out, lang)
        else:
            from survey.instruments.entry_sheet import write_entry_sheet

            frame, told = _planned(loaded, plan) if plan else (None, "")
            contract = _contract(loaded, system)
            write_entry_sheet(loaded, out, contract, lang=lang, frame=frame, units=named)
    if told:
        click.echo(told)
    click.echo(f"→ {out}")


def _refuse_wrong_options(
    kind: str, out: Path, system: str | None, units: Path | None, plan: Path | None
) -> None:
    suffix = SUFFIX[kind]
    if out.suffix.lower() != suffix:
        raise click.BadParameter(f"a file that ends in {suffix}", param_hint="--out")
    if kind != "entry-sheet" and (system or plan):
        which = "--system" if system else "--plan"
        raise click.BadParameter("only with --as entry-sheet", param_hint=which)
    if kind == "pdf" and units:
        raise click.BadParameter("not with --as pdf", param_hint="--units")


def _column(path: Path, name: str, hint: str = "") -> "pd.Series":
    """Read one column of a table, without its blanks."""
    from survey.findings import Finding, InputError, Severity, display_path, nearest
    from survey.tables import read_table

    cells = read_table(path).cells
    if name not in cells:
        near = nearest(name, cells.columns)
        hint = hint or (f"did you mean {near!r}?" if near else "")
        where = (display_path(path), 1, name, f"a column {name!r}", "none", hint)
        raise InputError([Finding("missing-column", Severity.ERROR, *where)])
    return cells[name].dropna()


def _planned(loaded: "Instrument", plan: Path) -> "tuple[pd.DataFrame, str]":
    """Read the rows of a plan that are for an instrument, and say how many are for others."""
    from survey.contracts import CONTRACTS
    from survey.instruments.entry_sheet import known_rows
    from survey.tables import read_table

    key = CONTRACTS[loaded.table].key[0]
    _column(plan, key, f"{loaded.id} is for {loaded.table}; a plan of calls is for callers' sheets")
    rows = read_table(plan, ("plan", CONTRACTS["plan"].zh)).cells
    kept = known_rows(loaded, rows)
    left = len(rows) - len(kept)
    return kept, f"{len(kept)} rows 行" + (f", {left} for other sheets 属其他表" if left else "")


def _contract(loaded: "Instrument", system: str | None) -> "Contract":
    """Return the contract of an instrument's table, as the indicator system asks it."""
    from indicators.system_file import load_system
    from survey.contracts import CONTRACTS

    name = system or next(iter(loaded.systems), None)
    contract = CONTRACTS[loaded.table]
    if name is None:
        return contract
    return contract.asking(load_system(name).needed_columns().get(loaded.table, ()))


@instrument.command()
@click.argument("system")
@click.option(
    "--with",
    "names",
    multiple=True,
    metavar="NAME",
    help="Instruments used; without, those made for SYSTEM. 所用工具，可多次给出。",
)
def check(system: str, names: tuple[str, ...]) -> None:
    """Tell what the instruments do not ask of what SYSTEM needs.

    核对调查工具与指标体系：缺少的题目、选项，以及录入后会被拒收的取值。
    """
    with errors_told():
        from indicators.system_file import load_system
        from survey.findings import errors
        from survey.instruments.gaps import gaps
        from survey.instruments.load import instruments, load_instrument

        loaded = load_system(system)
        every = [load_instrument(name) for name in names or instruments()]
        used = [each for each in every if loaded.id in each.systems] if not names else every
        findings = gaps(used or every, loaded.needed_columns())
        wrong = errors(findings)
    tell(findings)
    used_names = ", ".join(each.id for each in used or every)
    click.echo(f"instruments 调查工具: {used_names}")
    if wrong:
        raise SystemExit(1)
    click.echo("every column is asked 所需各列均有题目" if not findings else "no errors 没有错误")
