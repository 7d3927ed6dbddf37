"""Pseudonyms: names of shoppers, inspectors and reviewers become codes that a key decides."""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from survey.findings import Finding, InputError, Severity, display_path
from survey.records import Records

PERSONS: Mapping[str, str] = {"shopper": "S", "inspector": "I", "reviewer": "R"}
"""Columns that hold names of persons at work, and the letter that their codes begin with."""
VARIABLE = "HOTLINE_KEY"
"""The environment variable that holds the key where no file does."""
LEAST_KEY = 16
"""Bytes."""
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 6
_CODE = re.compile(rf"[A-Z]-[{_DIGITS}]{{{_LENGTH}}}")
_RECORD = " / "
"""What stands between the parts of a record's name where one column does not tell it."""


def new_key(path: Path) -> None:
    """Write a new random key that only its owner may read.

    Raises
    ------
    InputError
        Where there is a file already: another key would give everybody another code.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        hint = "keep it: with another key everybody would get another code"
        raise _refusal(path, "no key yet", "a key", hint) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def read_key(path: Path | None) -> bytes:
    """Read the key from its file, or from the environment variable `VARIABLE` where there is none.

    Raises
    ------
    InputError
        Where there is no key, or a short one.
    """
    hint = "hotline-index pseudonyms key EDITION makes one"
    if path is not None and path.is_file():
        key, where = path.read_text(encoding="utf-8", errors="replace").strip(), path
    else:
        key, where = os.environ.get(VARIABLE, "").strip(), path or Path(VARIABLE)
        if not key:
            raise _refusal(where, f"a key, there or in the variable {VARIABLE}", "none", hint)
    if len(key.encode()) < LEAST_KEY:
        raise _refusal(where, f"a key of at least {LEAST_KEY} characters", "a shorter one", hint)
    return key.encode()


def key_mark(key: bytes) -> str:
    """Return what tells one key from another without telling the key, 8 hex digits."""
    return hmac.digest(key, b"which key", hashlib.sha256).hex()[:8]


def pseudonymise(names: pd.Series, key: bytes, letter: str = "S") -> pd.Series:
    """Give every name its code, such as ``S-7F3K2Q``.

    Parameters
    ----------
    names
        Strings, shape (records,); missing ones stay missing, codes stay as they are.
    key
        The secret; with the same key a name has the same code in every year and table.
    letter
        What codes begin with.

    Returns
    -------
    The codes, with the same index. Spellings that differ in width, case or blanks have one code.

    Raises
    ------
    InputError
        Where two names would have one code (about once in a million lists of 45 names).

    Notes
    -----
    The first 30 bits of HMAC-SHA256 (RFC 2104) in the base 32 of Crockford. Nobody
    without the key can try a list of names against a code.
    """
    places, distinct = pd.factorize(names)
    spelt = pd.Series(distinct, dtype="str").str.normalize("NFKC").str.casefold()
    spelt = spelt.str.replace(r"\s+", "", regex=True)
    codes = pd.Series(
        [
            str(name) if _CODE.fullmatch(str(name)) else f"{letter}-{_code(plain, key)}"
            for name, plain in zip(distinct, spelt, strict=True)
        ],
        dtype="str",
    )
    unlike = pd.DataFrame({"code": codes, "name": spelt}).drop_duplicates()
    if unlike["code"].duplicated().any():
        raise InputError([_collision(str(names.name or ""))])
    coded = codes.reindex(places)
    coded.index, coded.name = names.index, names.name
    return coded


def pseudonymise_records(records: Records, key: bytes) -> Records:
    """Give every column of `PERSONS` codes, and the same codes to what the ledger says of them.

    Raises
    ------
    InputError
        Where two names would have one code.
    """
    tables = {table: _coded(frame, key) for table, frame in records.tables.items()}
    for ledger in ("corrections", "appeals"):
        if ledger in tables:
            tables[ledger] = coded_ledger(tables[ledger], key)
    return replace(records, tables=tables)


def coded_ledger(ledger: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """Return a ledger in which values of `PERSONS` and reviewers in names of records are codes."""
    ledger = ledger.copy(deep=False)
    for item, letter in PERSONS.items():
        own = (ledger["item"] == item).to_numpy()
        for name in {"old", "new", "answer", "claimed"} & {*ledger}:
            if own.any():
                ledger[name] = ledger[name].where(~own, pseudonymise(ledger[name], key, letter))
    reviewed = ledger["record_id"].str.contains(_RECORD, regex=False).to_numpy(dtype=bool)
    if reviewed.any():
        parts = ledger["record_id"].str.partition(_RECORD)
        reviewer = pseudonymise(parts[2].str.strip(), key, PERSONS["reviewer"])
        named = parts[0] + _RECORD + reviewer
        ledger["record_id"] = ledger["record_id"].where(~reviewed, named)
    return ledger


def _coded(frame: pd.DataFrame, key: bytes) -> pd.DataFrame:
    held = {name: letter for name, letter in PERSONS.items() if name in frame}
    coded = {name: pseudonymise(frame[name], key, letter) for name, letter in held.items()}
    return frame.assign(**coded) if coded else frame


def _code(name: str, key: bytes) -> str:
    number = int.from_bytes(hmac.digest(key, name.encode(), hashlib.sha256)[:4]) >> 2
    return "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def _collision(column: str) -> Finding:
    return Finding(
        "same-pseudonym", Severity.ERROR, "", None, column, "a code of its own for every name",
        "one code for two names",
        "write one of the two otherwise, as with a number behind it, in every table and year",
    )  # fmt: skip


def _refusal(path: Path, expected: str, got: str, hint: str) -> InputError:
    finding = Finding("key", Severity.ERROR, display_path(path), None, "", expected, got, hint)
    return InputError([finding])
