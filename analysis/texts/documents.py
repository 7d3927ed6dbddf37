"""Documents: the free texts of a table, one a record, with what they may be grouped by."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from indicators.measure import RECORD_ID
from survey.contracts import CONTRACTS
from survey.findings import Finding, InputError, Severity, did_you_mean
from survey.records import Records

LONG = 8
"""Texts of at least so many characters that stand twice are told: few people write the same."""
NOTHING = frozenset(
    [
        "无", "没", "没有", "无意见", "没意见", "没有意见", "暂无", "暂时没有", "无建议", "没建议",
        "没有建议", "不知道", "不清楚", "none", "no", "nil", "na",
    ]
)  # fmt: skip
"""Answers that say there is nothing to say, without their punctuation."""
_MASKED = re.compile(r"［[^［］]{1,6}］")
_SPACES = re.compile(r"\s+")
_WORDLESS = re.compile(r"[\W_]+")


def documents_of(
    records: Records,
    table: str,
    columns: Sequence[str] = (),
    units: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the texts of a table, one row a record that says something.

    Parameters
    ----------
    records
        Valid records, masked at intake.
    table
        Whose texts.
    columns
        Columns that make up a text; by default those that the contract knows as texts.
    units
        Index unit; columns to group texts by that the table does not have, such as region or
        grade.

    Returns
    -------
    documents
        Columns record, text (see `plain`), those of the table but `columns`, and those of
        `units`; sorted by record. A case stands once, however many reviewed it.
    findings
        Records without a text, and texts that stand more than once.

    Raises
    ------
    InputError
        Where the table or a column does not exist, with the nearest right name.
    """
    frame, key = records.tables.get(table), RECORD_ID.get(table, "")
    if frame is None or not key:
        raise InputError([_unknown(table, "texts", [t for t in records.tables if t in RECORD_ID])])
    known = [c.name for c in CONTRACTS[table].columns if c.kind == "text"]
    columns = [*columns] or [name for name in known if name in frame]
    wrong = [
        _unknown(n, f"texts.{table}", frame.columns.tolist()) for n in columns if n not in frame
    ]
    if wrong or not columns:
        raise InputError(wrong or [_unknown("", f"texts.{table}", frame.columns.tolist())])
    frame = frame.drop_duplicates(key).sort_values(key, kind="stable")
    parts = [frame[name].fillna("").astype(str) for name in columns]
    texts = [plain("\n".join(of)) for of in zip(*parts, strict=True)]
    text = pd.Series(texts, frame.index, dtype="str")
    said = np.array([not _says_nothing(of) for of in texts], dtype=bool)
    documents = frame.drop(columns=columns).rename(columns={key: "record"})
    documents.insert(1, "text", text)
    if units is not None:
        more = units[[name for name in units if name not in documents]]
        documents = documents.join(more, on="unit")
    documents = documents[said].reset_index(drop=True)
    return documents, _findings(table, len(text), documents["text"])


def plain(text: str) -> str:
    """Return a text in one form: NFKC, lower case, single spaces, without the marks of masking.

    Full-width letters and digits become ASCII; traditional characters stay as they are.
    """
    text = unicodedata.normalize("NFKC", _MASKED.sub(" ", text)).lower()
    return _SPACES.sub(" ", text).strip()


def _says_nothing(text: str) -> bool:
    bare = _WORDLESS.sub("", text)
    return not bare or bare in NOTHING


def _unknown(name: str, where: str, known: list[str]) -> Finding:
    return Finding(
        "unknown-name", Severity.ERROR, column=where,
        expected="a table of records" if where == "texts" else "a column with texts",
        got=repr(name) if name else "none", hint=did_you_mean(name, known),
    )  # fmt: skip


def _findings(table: str, records: int, texts: pd.Series) -> tuple[Finding, ...]:
    found = []
    if silent := records - len(texts):
        found.append(
            Finding(
                "empty-texts", Severity.NOTE, column=table, expected="a text",
                got=f"{silent} of {records} records without", hint="not counted as texts",
                count=silent,
            )
        )  # fmt: skip
    twice = texts[texts.str.len() >= LONG].duplicated(keep=False)
    if repeated := int(twice.sum()):
        found.append(
            Finding(
                "repeated-texts", Severity.WARNING, column=table,
                expected="texts in people's own words",
                got=f"{repeated} that stand word for word in another record",
                hint="each is counted; look where they come from", count=repeated,
            )
        )  # fmt: skip
    return tuple(found)
