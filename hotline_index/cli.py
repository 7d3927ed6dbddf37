"""The command ``hotline-index``."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline_index.appeal_commands import appeal
from hotline_index.audit_command import audit
from hotline_index.benchmark_command import benchmark
from hotline_index.instrument_commands import instrument
from hotline_index.plan_command import plan
from hotline_index.profiles_command import profiles
from hotline_index.pseudonym_commands import pseudonyms
from hotline_index.quality_command import quality
from hotline_index.system_commands import system
from hotline_index.telling import errors_told, tell

if TYPE_CHECKING:
    from hotline_index.progress import Progress
    from hotline_index.publication import Publisher
    from report.language import Lang

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
MOST_RANKED = 40

EPILOG = """\b
A first tour / 入门:
  hotline-index simulate editions/demo     make a simulated campaign / 生成模拟数据
  hotline-index check editions/demo        read and check it / 读取并核查
  hotline-index run editions/demo          score, grade, compare, publish / 计分、定级、出版
  hotline-index trace editions/demo 长沙   explain a city's score / 追溯某市得分
  hotline-index standing editions/demo 长沙   what its rank is worth / 名次有多大把握
  hotline-index audit editions/demo        is the index sound / 指数的统计审核
  hotline-index what-if editions/demo --set goal.weight=2      try a change / 试改权重
  hotline-index rank examples/hdi/hdi.yaml examples/hdi/countries.csv   any index / 任一指数

\b
An edition is a folder with edition.yaml. Results go to results/, the report to publication/.
Exit codes: 0 done; 1 something in the edition is wrong (every finding is listed); 2 wrong usage.
"""


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hotline-index")
def cli() -> None:
    """Evaluate government hotlines: score, grade, compare and publish.

    政务热线服务质量评估：计分、定级、比较、出版。
    """


cli.add_command(system)
cli.add_command(audit)
cli.add_command(appeal)
cli.add_command(pseudonyms)
cli.add_command(benchmark)
cli.add_command(profiles)
cli.add_command(quality)
cli.add_command(plan)
cli.add_command(instrument)


@cli.command()
@click.argument("edition", type=FOLDER)
@click.option("--no-publish", is_flag=True, help="Stop at the results. 只计算，不出版。")
@click.option(
    "--lang",
    "langs",
    type=click.Choice(["zh", "en"]),
    multiple=True,
    default=("zh",),
    show_default=True,
    help="Language of the report, profiles and pages; may be given twice. 出版语言，可给两次。",
)
@click.option(
    "--fresh", is_flag=True, help="Use nothing of an earlier run again. 全部重做，不沿用上次结果。"
)
@click.option(
    "--publisher",
    type=click.Choice(["embedded", "quarto"]),
    default="embedded",
    show_default=True,
    help="quarto needs Quarto on the PATH. quarto 须已安装 Quarto。",
)
@click.option("--quiet", is_flag=True, help="No progress bars. 不显示进度。")
def run(
    edition: Path,
    no_publish: bool,
    langs: "tuple[Lang, ...]",
    fresh: bool,
    publisher: "Publisher",
    quiet: bool,
) -> None:
    """Run EDITION from its data to its publication.

    What an earlier run made from the same inputs, configuration and program is used again.

    完整运行一个年度：读取、核查、计分、排名、定级、比较、核对、出版；没有变化的部分沿用上次结果。
    """
    with errors_told(), _progress(quiet) as progress:
        from hotline_index.edition import open_edition
        from hotline_index.pipeline import run as run_edition

        langs = () if no_publish else tuple(dict.fromkeys(langs))
        done = run_edition(
            edition, langs=langs, publisher=publisher, fresh=fresh, progress=progress
        )
    tell(done.findings)
    if done.reused:
        click.echo(f"reused 沿用: {', '.join(done.reused)}")
    if (edition / "quality").is_dir():
        click.echo(f"quality 数据质量: {edition / 'quality' / 'index.html'}")
    click.echo(f"results 结果: {edition / 'results'}")
    for lang in langs:
        folder = open_edition(edition).publication(lang)
        if folder.is_dir():
            click.echo(f"report 报告: {folder / 'index.html'}")
            click.echo(f"       PDF: {folder / 'report.pdf'}")


@cli.command()
@click.argument("edition", type=FOLDER)
def check(edition: Path) -> None:
    """Read and check EDITION, and list every finding. Writes nothing.

    读取并核查一个年度的全部数据，列出所有问题；不写任何文件。
    """
    with errors_told():
        from hotline_index.edition import open_edition
        from hotline_index.reading import check_edition

        findings = check_edition(open_edition(edition))
    tell(findings)
    click.echo("no errors 没有错误")


@cli.command()
@click.argument("edition", type=FOLDER)
@click.option(
    "--if-absent", is_flag=True, help="Only where there are none yet. 已有数据时不再生成。"
)
def simulate(edition: Path, if_absent: bool) -> None:
    """Make the simulated records of EDITION (its edition.yaml needs a key simulation).

    生成模拟数据；edition.yaml 须有 simulation 一节。
    """
    with errors_told():
        from hotline_index.edition import open_edition
        from hotline_index.simulation import simulate_edition

        written = simulate_edition(open_edition(edition), if_absent=if_absent)
    for path, records in written.items():
        click.echo(f"{path}: {records} records")
    if not written:
        click.echo("the records are there already 数据已存在")


@cli.command()
@click.argument("edition", type=FOLDER)
@click.argument("unit")
@click.argument("indicator", default="total")
@click.option("--audience", default="all", show_default=True, help="citizen, enterprise or all.")
@click.option(
    "--records",
    "records_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every answer behind the score to this csv. 把原始回答写入 csv。",
)
def trace(
    edition: Path, unit: str, indicator: str, audience: str, records_file: Path | None
) -> None:
    """Explain the score of UNIT in INDICATOR (default: total), down to the records.

    追溯一个城市的得分：由总分到指标、题项，直到原始记录。
    """
    with errors_told():
        from hotline_index.edition import open_edition
        from hotline_index.queries import trace_edition

        found = trace_edition(open_edition(edition), unit, indicator, audience)
        if records_file:
            found.records.to_csv(records_file, index=False, encoding="utf-8-sig")
    click.echo(str(found))
    click.echo(f"\n{found.sentence('zh')}\n{found.sentence('en')}")
    click.echo(f"\n{len(found.records)} answers 条回答")
    if records_file:
        click.echo(f"→ {records_file}")
    else:
        click.echo(found.records.head(12).to_string(index=False))


@cli.command()
@click.argument("edition", type=FOLDER)
@click.argument("unit")
def standing(edition: Path, unit: str) -> None:
    """Tell what the rank and grade of UNIT are worth, and what it should do first.

    一个城市的名次和等级有多大把握、先改什么；须先运行该年度。
    """
    with errors_told():
        from hotline_index.edition import open_edition
        from hotline_index.queries import standing_in

        said = standing_in(open_edition(edition), unit)
    for lang in ("zh", "en"):
        for words in said:
            click.echo(getattr(words, lang))
        if lang == "zh":
            click.echo()


@cli.command("what-if")
@click.argument("edition", type=FOLDER)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="ID.KEY=VALUE",
    help="Change a key of an indicator, an item or the total. 修改指标、题项或总分的一项设置。",
)
@click.option("--leave-out", "-x", multiple=True, metavar="ID", help="Leave it out. 剔除。")
@click.option("--system", "other", help="Another system altogether. 改用另一套指标体系。")
@click.option("--indicator", default="total", show_default=True, help="Whose ranks. 比较哪项名次。")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a csv. 写入 csv。"
)
def what_if(
    edition: Path,
    settings: tuple[str, ...],
    leave_out: tuple[str, ...],
    other: str | None,
    indicator: str,
    out: Path | None,
) -> None:
    """Score EDITION under a changed system, and compare the ranks. Changes no file.

    假如改变权重、规则、方法或剔除指标，名次会怎样；不改动任何文件。

    \b
    --set goal.weight=2                   a weight / 权重
    --set total.aggregate=geometric       how parts are averaged / 合成方法
    --set wait_seconds.rule='{piecewise: [[10, 10], [60, 0]], unit: s}'
    """
    with errors_told():
        from hotline_index.edition import open_edition
        from hotline_index.queries import what_if_edition
        from hotline_index.settings import read_settings

        found = what_if_edition(open_edition(edition), read_settings(settings), leave_out, other)
        table = found.table(indicator)
        if out:
            table.to_csv(out, index=False, encoding="utf-8-sig")
    tell(found.findings)
    click.echo(table.head(MOST_RANKED).to_string(index=False))
    click.echo(found.sentence("zh", indicator))
    click.echo(found.sentence("en", indicator))
    if out:
        click.echo(f"→ {out}")


@cli.command()
@click.argument("system")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--indicator", default="total", show_default=True, help="Rank by it. 按哪项排名。")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a csv. 写入 csv。"
)
def rank(system: str, table: Path, indicator: str, out: Path | None) -> None:
    """Rank the units of TABLE (units x figures; csv, xlsx, parquet) with SYSTEM.

    用一套指标体系给一张“对象×指标”的数据表排名；SYSTEM 可以是 yaml、指标表或内置名称。
    """
    with errors_told():
        from hotline_index.queries import rank_table

        ranking, findings = rank_table(system, table, indicator)
        if out:
            ranking.to_csv(out, index=False, encoding="utf-8-sig")
    tell(findings)
    click.echo(ranking.head(MOST_RANKED).to_string(index=False, na_rep="—"))
    if len(ranking) > MOST_RANKED:
        click.echo(f"… {len(ranking)} units 个对象")
    if out:
        click.echo(f"→ {out}")


@cli.command()
@click.argument("targets", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("members", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kpis",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Hold them against these figures. 对照运行指标数据。",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a csv. 写入 csv。"
)
def targets(targets: Path, members: Path, kpis: Path | None, out: Path | None) -> None:
    """Split the TARGETS of a centre to the teams and agents of MEMBERS.

    把中心的目标值分解到班组和个人。TARGETS 有 kpi、target 两列，某班组另有目标时加 team 列；
    MEMBERS 有 unit、team、share（工时，或每人记1）三列。
    """
    with errors_told():
        from hotline_index.targets import attained, split_files

        table = split_files(targets, members)
        if kpis:
            table = attained(table, kpis, members)
        if out:
            table.to_csv(out, index=False, encoding="utf-8-sig")
    click.echo(table.head(MOST_RANKED).to_string(index=False, na_rep="—"))
    if out:
        click.echo(f"→ {out}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; what goes wrong in the edition is told without a traceback.

    Matrices here are small, and threads of a linear algebra library that wait for each other on a
    busy machine take several times as long as one; a user's own setting stands.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    cli(arguments)


@contextmanager
def _progress(quiet: bool) -> "Iterator[Progress]":
    from hotline_index.progress import Bars, Quiet

    if quiet or not sys.stderr.isatty():
        yield Quiet()
        return
    with Bars().shown() as bars:
        yield bars
