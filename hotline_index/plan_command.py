"""The command ``hotline-index plan``: who calls which city when, and what that can tell apart."""

from pathlib import Path

import click

from hotline_index.telling import errors_told, tell


@click.command()
@click.argument("edition", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the plan; EDITION/plan by default. 计划存放的文件夹。",
)
@click.option(
    "--precision/--no-precision",
    default=None,
    help="Insist on, or leave out, what the design can tell apart; by default it is told where "
    "there are records to go by. 测算（或不测算）设计精度；默认有数据时测算。",
)
@click.option(
    "--force",
    is_flag=True,
    help="Replace a plan whose calls have been made. 已开始执行的计划也予替换。",
)
def plan(edition: Path, out: Path | None, precision: bool | None, force: bool) -> None:
    """Plan the calls of EDITION (its edition.yaml needs a key plan), and say what they can tell.

    Writes plan.csv, plan.ics, balance.csv, precision.csv, and a folder for every shopper.

    编制拨测计划：均衡、随机地安排城市、情景、时段、拨测员和日期，并测算能分辨多大差距；
    edition.yaml 须有 plan 一节。
    """
    folder = out or edition / "plan"
    with errors_told():
        from hotline_index.edition import open_edition
        from hotline_index.planning.precision import plan_precision
        from hotline_index.planning.schedule import has_records, plan_edition, write_edition_plan
        from survey.plan.balance import balance_table
        from survey.plan.precision import MOST_CALLS
        from survey.plan.words import said_of_plan, said_of_precision

        opened = open_edition(edition)
        planned = plan_edition(opened)
        found = None
        if precision or (precision is None and has_records(opened)):
            cells = planned.cells
            calls = cells.calls(planned.settings)
            found = plan_precision(opened, len(cells.units), calls, planned.calls_of_slot)
        changed = write_edition_plan(opened, planned, folder, found, force=force)
        said = [said_of_plan(planned.plan)]
        if found is not None:
            said += said_of_precision(
                found.table, found.planned, found.needed, found.source, MOST_CALLS
            )
        balance = balance_table(planned.plan)
    tell(planned.findings)
    if found is None and precision is None:
        click.echo(
            "no records to tell the precision by; see plan: {like: …} 没有可供测算精度的数据"
        )
    click.echo(balance.to_string(index=False, float_format="{:.3f}".format, na_rep="—"))
    for lang in ("zh", "en"):
        click.echo("\n" + "\n".join(words[lang] for words in said))
    if changed:
        click.echo(f"\n{changed} rows of the earlier plan changed 原计划有{changed}行变动")
    click.echo(f"\n→ {folder}")
    if "plan" not in opened.config.data:
        click.echo(
            "name plan.csv under data: {plan: …}, to hold the calls against it "
            "请在 data 下登记 plan，以便核对执行情况"
        )
