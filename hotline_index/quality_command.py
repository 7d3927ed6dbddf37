"""The command ``hotline-index quality``: whether the data can be trusted."""

from pathlib import Path

import click

from hotline_index.telling import errors_told, tell


@click.command()
@click.argument("edition", type=click.Path(exists=True, file_okay=False, path_type=Path))
def quality(edition: Path) -> None:
    """Report how far the data of EDITION can be trusted, before any score is shown.

    The report (HTML in both languages, and tables) replaces the folder quality/ of the edition.
    Errors in the data are told in it; then the exit code is 1.

    数据质量报告：完整性、重复、异常、拨测员一致性与严宽、样本来源、更正；写入 quality/ 文件夹。
    """
    with errors_told():
        from hotline_index.edition import open_edition
        from hotline_index.quality.examine import examine, write_edition_quality
        from hotline_index.reading import refuse_without_records

        opened = open_edition(edition)
        refuse_without_records(opened)
        found = examine(opened)
        write_edition_quality(opened, found)
    tell(found.findings)
    click.echo(f"quality 数据质量: {edition / 'quality' / 'index.html'}")
    if not found.sound:
        raise SystemExit(1)
