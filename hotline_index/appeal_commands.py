"""The commands ``hotline-index appeal``: a city's answer sheet, its appeals, and their decision."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline_index.telling import errors_told

if TYPE_CHECKING:
    import pandas as pd

    from hotline_index.appeals.rows import Lang

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
TIMES = ["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
_TOLD = ("appeal_id", "unit", "record_id", "item", "old", "new", "by", "reason")
_MOST_TOLD = 40


@click.group()
def appeal() -> None:
    """Let cities contest their records: answer sheet, import, decision.

    城市申诉：导出答卷、导入申诉、作出决定；采纳的申诉记入更正台账，原始数据不改动。

    \b
    hotline-index appeal sheet EDITION 长沙 --out 长沙.xlsx
    hotline-index appeal import EDITION 长沙.xlsx
    hotline-index appeal decide EDITION --accept A0001 --by 李复核 --reason 复听录音属实
    """


@appeal.command("sheet")
@click.argument("edition", type=FOLDER)
@click.argument("unit")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="xlsx 文件。"
)
@click.option(
    "--lang", type=click.Choice(["zh", "en", "both"]), default="both", show_default=True,
    help="Language of the sheet. 语言。",
)  # fmt: skip
def sheet(edition: Path, unit: str, out: Path, lang: "Lang") -> None:
    """Write the answers on record of UNIT, their points and rules, with room to appeal.

    导出一个城市的答卷：每条回答、得分与计分规则，以及申诉填写栏。问卷只列汇总结果。
    """
    if out.suffix.lower() != ".xlsx":
        raise click.BadParameter("a file that ends in .xlsx", param_hint="--out")
    with errors_told():
        from hotline_index.appeals.sheet import write_sheet
        from hotline_index.appeals.store import appeal_contracts
        from hotline_index.edition import open_edition
        from hotline_index.progress import Quiet
        from hotline_index.reading import plain_scores, refuse_without_records

        opened = open_edition(edition)
        refuse_without_records(opened)
        scores, _ = plain_scores(opened, Quiet())
        name = opened.register.resolve([unit]).fillna(unit).iloc[0]
        contracts = appeal_contracts(opened, scores.records)
        answers = write_sheet(out, opened, scores, name, contracts, lang)
    click.echo(f"{answers} answers 条回答 → {out}")


@appeal.command("import")
@click.argument("edition", type=FOLDER)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--at", type=click.DateTime(TIMES), help="When filed; now by default. 申诉时间。")
def import_(edition: Path, files: tuple[Path, ...], at: datetime | None) -> None:
    """Check the filled sheets FILES and add their appeals to EDITION/appeals.csv.

    核对填好的申诉表，全部无误后记入 appeals.csv（状态为待定）；有一处错误则一条也不记。
    """
    with errors_told():
        from hotline_index.appeals.filing import import_appeals
        from hotline_index.appeals.store import APPEALS
        from hotline_index.edition import open_edition

        new = import_appeals(open_edition(edition), files, at or _now())
    click.echo(_listed(new))
    click.echo(f"{len(new)} appeals 条申诉 → {edition / APPEALS}")


@appeal.command("decide")
@click.argument("edition", type=FOLDER)
@click.option("--accept", multiple=True, metavar="ID", help="采纳，可给多次。")
@click.option("--reject", multiple=True, metavar="ID", help="不采纳，可给多次。")
@click.option("--by", help="Who decides. 决定人。")
@click.option("--reason", help="Why. 理由。")
@click.option("--at", type=click.DateTime(TIMES), help="When; now by default. 决定时间。")
def decide(
    edition: Path,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    by: str | None,
    reason: str | None,
    at: datetime | None,
) -> None:
    """Decide appeals, and add the accepted ones to the ledger of corrections.

    Without --accept and --reject the decisions entered in EDITION/appeals.csv are carried out.

    决定申诉；采纳的记入更正台账。
    也可先在 appeals.csv 中填写状态、决定人、时间和理由，再运行本命令。
    """
    if (accept or reject) and not (by and by.strip() and reason and reason.strip()):
        raise click.UsageError("a decision needs --by and --reason 须注明决定人和理由")
    with errors_told():
        from hotline_index.appeals.decisions import Decision, decide_appeals
        from hotline_index.edition import open_edition

        decision = None
        if accept or reject:
            decision = Decision(accept, reject, by or "", reason or "", at or _now())
        added, rejected, still = decide_appeals(open_edition(edition), decision)
    click.echo(f"{added} corrections added to the ledger 条更正记入台账")
    click.echo(f"{rejected} rejected 不采纳, {still} open 待定")


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)


def _listed(appeals: "pd.DataFrame") -> str:
    told = appeals[list(_TOLD)].head(_MOST_TOLD).fillna("—").to_string(index=False)
    more = len(appeals) - _MOST_TOLD
    return told + (f"\n… {more}" if more > 0 else "")
