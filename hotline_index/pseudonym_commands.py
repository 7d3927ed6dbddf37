"""The commands ``hotline-index pseudonyms``: the key, and who is behind a code."""

from pathlib import Path
from typing import BinaryIO

import click

from hotline_index.telling import errors_told

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def pseudonyms() -> None:
    """Codes in place of names of shoppers, inspectors and reviewers: make a key, look up a code.

    拨测员、质检员、评审人代码：生成密钥、按代码查人。密钥不得公开，也不得放入结果。
    """


@pseudonyms.command("key")
@click.argument("edition", type=FOLDER)
def key(edition: Path) -> None:
    """Make the key that EDITION names, readable by its owner only; never replaces one.

    生成 edition.yaml 中 pseudonyms: {key: …} 所指的密钥文件；已有密钥时不改动。
    """
    with errors_told():
        from hotline_index.edition import open_edition
        from survey.privacy.pseudonyms import new_key

        path = open_edition(edition).key
        if path is None:
            raise click.UsageError("edition.yaml names no key: pseudonyms: {key: shoppers.key}")
        new_key(path)
    click.echo(f"→ {path}")


@pseudonyms.command("look-up")
@click.argument("edition", type=FOLDER)
@click.argument("names", type=click.File("rb"))
@click.option("--code", "codes", multiple=True, help="Only these. 只查这些代码。")
def look_up(edition: Path, names: BinaryIO, codes: tuple[str, ...]) -> None:
    """Print the code of every name in NAMES, one a line (- reads the standard input).

    列出名单中每个人的代码；须有密钥。用 --code 时只列查到的人，一个也没有则返回 1。
    """
    with errors_told():
        import pandas as pd

        from hotline_index.edition import open_edition
        from survey.files.encodings import as_utf8
        from survey.privacy.pseudonyms import PERSONS, pseudonymise, read_key

        secret = read_key(open_edition(edition).key)
        text = as_utf8(names.read())[0].decode()
        listed = pd.Series(
            [line.strip() for line in text.splitlines() if line.strip()], dtype="str"
        )
        wanted = {code.upper() for code in codes}
        told = 0
        for letter in PERSONS.values():
            coded = pseudonymise(listed, secret, letter)
            for name, code in zip(listed, coded, strict=True):
                if (not wanted and letter == "S") or code in wanted:
                    click.echo(f"{code}\t{name}")
                    told += 1
    if not told:
        click.echo(f"nobody found among {len(listed)} names 名单中没有", err=True)
        raise SystemExit(1)
