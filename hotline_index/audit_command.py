"""The command ``hotline-index audit``: is the index statistically sound."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from hotline_index.telling import errors_told

if TYPE_CHECKING:
    import pandas as pd

    from hotline_index.edition import Edition
    from indicators.system import System

REPLICATES = 100
"""Draws for standard errors: their mean over the units is what counts, so few will do."""
FORMATS = (".md", ".html", ".csv")
STYLE = """<style>
body { max-width: 60rem; font-family: "Noto Sans SC", "Microsoft YaHei", sans-serif; }
table { border-collapse: collapse; font-size: 0.8rem; }
td, th { border-bottom: 1px solid #ddd; padding: 0.2rem 0.6rem; vertical-align: top; }
li { margin-bottom: 0.4rem; }
</style>"""


def audit_edition(edition: "Edition") -> "tuple[pd.DataFrame, dict[str, Any]]":
    """Audit an edition by its records, its published figures, or both.

    Parameters
    ----------
    edition
        An opened edition.

    Returns
    -------
    table
        As `analysis.audit.index.audit_index` returns.
    meta
        What `analysis.audit.page.page` is told of it.

    Raises
    ------
    InputError
        With everything that is wrong with the edition's files.
    """
    from analysis.audit.index import audit_index
    from analysis.uncertainty.bootstrap import bootstrap
    from analysis.uncertainty.method import method_draws
    from hotline_index.progress import Quiet
    from hotline_index.reading import plain_scores, read_figures
    from hotline_index.tables import figure_audit, indicator_table, unit_table

    uncertainty = edition.config.uncertainty
    figures, _ = read_figures(edition)
    scores, ranks, published = None, None, None
    if edition.has_records:
        scores, _ = plain_scores(edition, Quiet())
        draws, _ = bootstrap(
            scores, replicates=REPLICATES, level=uncertainty.level, seed=uncertainty.seed
        )
        scores = scores.with_se(draws.se, draws.degrees)
        if edition.config.method != "none":
            ranks, _ = method_draws(scores, edition.config.method, level=uncertainty.level)
    units = scores.units if scores else figures.grades["unit"] if figures else ()
    if figures:
        indicators = indicator_table(edition.system, scores)
        published = figure_audit(
            edition, figures, indicators, unit_table(edition, list(units), figures)
        )
    table = audit_index(
        scores, ranks=ranks, published=published, level=uncertainty.level, seed=uncertainty.seed
    )
    return table, {
        "title": edition.config.title.model_dump(),
        "units": len(units),
        "simulated": edition.config.simulated,
        "labels": _labels(edition.system),
    }


def _labels(system: "System") -> dict[str, dict[str, str]]:
    """Return what everything is called that a check may be about."""
    from survey.contracts import CONTRACTS

    items = (item for _, item in system.leaf_items())
    named = {each.id: each for each in (*items, *system.nodes())}
    labels = {name: {"zh": each.zh, "en": each.en} for name, each in (CONTRACTS | named).items()}
    return labels | {
        "total": {"zh": "总分", "en": "the total"},
        "units": {"zh": "评估对象", "en": "the units"},
    }


@click.command()
@click.argument("edition", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。"
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it with every result to an md, html or csv file. 连同全部结果写入文件。",
)
@click.option("--details", is_flag=True, help="Show every result. 列出每条结果。")
@click.option("--strict", is_flag=True, help="Exit code 1 if a check fails. 有不通过时返回1。")
def audit(
    edition: Path, lang: Literal["zh", "en"], out: Path | None, details: bool, strict: bool
) -> None:
    """Audit EDITION as a composite index: coverage, correlations, weights, ranks. Pass or fail.

    统计审核：数据覆盖、指标相关、维度、权重、名次稳健性、题项质量与编码信度，一页给出通过、警示或不通过。
    """
    if out and out.suffix.lower() not in FORMATS:
        raise click.BadParameter(f"a file that ends in {', '.join(FORMATS)}", param_hint="--out")
    with errors_told():
        from analysis.audit import page
        from hotline_index.edition import open_edition

        table, meta = audit_edition(open_edition(edition))
        text = page.page(table, meta, lang)
        every = page.details(table, lang)
        if out:
            title = "明细" if lang == "zh" else "Details"
            write_audit(out, table, f"{text}\n## {title}\n\n{every}")
    click.echo(text, nl=False)
    if details:
        click.echo(f"\n{every}", nl=False)
    if out:
        click.echo(f"→ {out}")
    if strict and (table["verdict"] == "fail").any():
        raise SystemExit(1)


def write_audit(path: Path, table: "pd.DataFrame", text: str) -> None:
    """Write an audit to a file, whole or not at all.

    Parameters
    ----------
    path
        Where: csv takes the table, md the text, html the text as a page of its own.
    table
        Every result.
    text
        The page and the details in Markdown.
    """
    part = path.with_name(f".{path.name}.part")
    if path.suffix.lower() == ".csv":
        table.to_csv(part, index=False, encoding="utf-8-sig")
    else:
        part.write_text(_html(text) if path.suffix.lower() == ".html" else text, encoding="utf-8")
    part.replace(path)


def _html(text: str) -> str:
    import pypandoc

    title = text.partition("\n")[0].lstrip("# ")
    body = pypandoc.convert_text(text, "html5", format="gfm")
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title>\n{STYLE}\n'
        f"</head><body>\n{body}</body></html>\n"
    )
