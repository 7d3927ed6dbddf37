"""Statistical files: SPSS ``.sav`` and Stata ``.dta`` as strings, with labels in place of codes."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from survey.files.grid import refusal
from survey.findings import Finding, InputError, Severity

SUFFIXES = (".sav", ".zsav", ".dta")
"""Ends of the names of files that are read here."""
MAGIC: dict[str, bytes | tuple[bytes, ...]] = {
    ".sav": (b"$FL2", b"$FL3"),
    ".zsav": b"$FL3",
    ".dta": (b"<stata_dta>", *(bytes([release]) for release in range(102, 116))),
}
"""First bytes of such files; those of Stata before 13 are the number of its release."""
_OTHER_ENCODINGS = ("UTF-8", "GB18030")
"""Tried in turn where a file says nothing, or something wrong, about its encoding."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FOREIGN = re.compile(r"[\u0080-\u2fff]")
_SPSS_EPOCH, _STATA_EPOCH = np.datetime64("1582-10-14"), np.datetime64("1960-01-01")
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Variable:
    """What a statistical file says of one of its columns.

    Parameters
    ----------
    label
        The text of the question, or ``""``.
    codes
        The code behind each text that stands in the cells in its place.
    """

    label: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Statistical:
    """A statistical file before anything is cleaned.

    Parameters
    ----------
    header, columns
        Names and cells, one array of strings a column.
    variables
        `Variable` by name.
    findings
        Notes on how it was read.
    """

    header: Sequence[str]
    columns: Sequence[pa.Array]
    variables: Mapping[str, Variable]
    findings: tuple[Finding, ...]


def read_statistical(data: bytes, suffix: str) -> Statistical:
    """Read a file of SPSS or Stata.

    A code that has a value label is given as the text of the label; `Variable.codes` leads back.
    User-missing values are blank and counted in a note. Dates and times are given in ISO 8601.

    Parameters
    ----------
    data
        The bytes of the file.
    suffix
        One of `SUFFIXES`.

    Raises
    ------
    InputError
        Where it is no such file, or is cut short.
    """
    if data.startswith(b"<stata_dta>") and not data.rstrip(b"\0\r\n ").endswith(b"</stata_dta>"):
        raise _refused(suffix, "one without an end")
    frame, meta, encoding = _decoded(data, suffix)
    time_of = _spss_time if suffix != ".dta" else _stata_time
    columns: list[pa.Array] = []
    variables: dict[str, Variable] = {}
    missing: dict[str, int] = {}
    for name in frame.columns:
        texts = _distinct_texts(meta.variable_value_labels.get(name, {}))
        codes, values = pd.factorize(frame[name])
        blank = _user_missing(values, meta, name)
        if count := int(blank[codes[codes >= 0]].sum()):
            missing[name] = count
        written = _written(values, time_of(meta.original_variable_types.get(name) or ""))
        shown = [
            None if empty else texts.get(value, text)
            for value, text, empty in zip(values.tolist(), written, blank.tolist(), strict=True)
        ]
        columns.append(pa.array(shown, pa.string()).take(pa.array(codes, mask=codes < 0)))
        variables[name] = Variable(
            (meta.column_names_to_labels.get(name) or "").strip(),
            {text: _code(value) for value, text in texts.items()},
        )
    notes = (*_encoding_note(encoding), *_missing_note(missing))
    return Statistical(list(frame.columns), columns, variables, notes)


def _decoded(data: bytes, suffix: str) -> tuple[pd.DataFrame, Any, str]:
    """Read a file by the encoding it states, or by another where its texts are not in that.

    Lists serve for Stata: among its letters for missing values, pyreadstat 1.3.7 puts an address
    of memory into a frame where a cell is empty.
    """
    import pyreadstat

    read = pyreadstat.read_dta if suffix == ".dta" else pyreadstat.read_sav
    refused: Exception | None = None
    stated: tuple[pd.DataFrame, Any] | None = None
    for encoding in (None, *_OTHER_ENCODINGS):
        try:
            held, meta = read(
                io.BytesIO(data),
                encoding=encoding,
                user_missing=True,
                disable_datetime_conversion=True,
                output_format="dict" if suffix == ".dta" else "pandas",
            )
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError) as error:
            refused = refused or error
            continue
        columns: Any = held
        frame = pd.DataFrame({name: pd.Series(columns[name]) for name in meta.column_names})
        texts = _sample_of_texts(frame, meta)
        if encoding is None:
            stated = frame, meta
            if _CHINESE.search(texts) or not _FOREIGN.search(texts):
                return frame, meta, ""
        elif stated is None or _CHINESE.search(texts):
            return frame, meta, encoding
    if stated is not None:
        return *stated, ""
    raise _refused(suffix, f"a file that is none ({refused})")


def _refused(suffix: str, got: str) -> InputError:
    kind = "a Stata file (.dta)" if suffix == ".dta" else "an SPSS file (.sav)"
    return refusal("not-a-table", kind, got, "it may be cut short: copy or export it again")


def _sample_of_texts(frame: pd.DataFrame, meta: Any) -> str:
    labels = [*meta.column_names, *filter(None, meta.column_labels)]
    for texts in meta.variable_value_labels.values():
        labels += map(str, texts.values())
    strings = frame.select_dtypes(include=["object", "str"])
    for name in strings:
        labels += map(str, strings[name].dropna().unique()[:1000])
    return "\n".join(labels)


def _distinct_texts(labels: Mapping[Any, str]) -> dict[Any, str]:
    """Return the text of each code, so that texts and codes can never be taken for one another."""
    texts: dict[Any, str] = {}
    taken: set[str] = set()
    for value, label in labels.items():
        text, code = str(label).strip(), _code(value)
        if text in taken or (text != code and re.fullmatch(r"-?\d+(?:\.\d+)?", text)):
            text = f"{text} [{code}]"
        if text:
            texts[value] = text
            taken.add(text)
    return texts


def _code(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, int | float) else str(value).strip()


def _user_missing(values: Any, meta: Any, name: str) -> np.ndarray:
    """Return which of the distinct values a file declares to be missing."""
    blank = np.zeros(len(values), dtype=bool)
    if letters := meta.missing_user_values.get(name):
        blank |= np.asarray(pd.Series(values).isin(letters), dtype=bool)
    for bounds in meta.missing_ranges.get(name, ()):
        low, high = bounds["lo"], bounds["hi"]
        if isinstance(low, str):
            blank |= np.asarray(pd.Series(values) == low, dtype=bool)
        else:
            blank |= np.asarray((values >= low) & (values <= high), dtype=bool)
    return blank


Times = Callable[[np.ndarray], np.ndarray]


def _written(values: Any, times: Times | None) -> list[str]:
    """Write distinct values: numbers to 15 digits, times in ISO 8601."""
    if not pd.api.types.is_numeric_dtype(values):
        return [_code(value) for value in values.tolist()]
    numbers = np.asarray(values, dtype=float)
    if times is not None:
        return [str(text).replace("T", " ") for text in times(numbers).tolist()]
    if np.all(numbers == np.rint(numbers)) and np.all(np.abs(numbers) < 2**53):
        return numbers.astype(np.int64).astype(str).tolist()
    return [f"{number:.15g}" for number in numbers.tolist()]


def _spss_time(kind: str) -> Times | None:
    """Return how SPSS's seconds since 1582 are written, by the format of a variable."""
    if re.match(r"(?:[AEJS]?DATE)\d", kind):
        return lambda seconds: _moments(_SPSS_EPOCH, seconds, "D")
    if re.match(r"(?:DATETIME|YMDHMS)\d", kind):
        return lambda seconds: _moments(_SPSS_EPOCH, seconds, "s")
    return None


def _stata_time(kind: str) -> Times | None:
    """Return how Stata's days or milliseconds since 1960 are written, by a variable's format."""
    if kind.startswith(("%td", "%d")):
        return lambda days: _moments(_STATA_EPOCH, days * 86_400, "D")
    if kind.startswith(("%tc", "%tC")) and kind[3:] != "HH:MM:SS":
        return lambda thousandths: _moments(_STATA_EPOCH, thousandths / 1000, "s")
    return None


def _moments(epoch: np.datetime64, seconds: np.ndarray, unit: str) -> np.ndarray:
    moments = epoch.astype("datetime64[s]") + np.rint(seconds).astype("timedelta64[s]")
    return np.datetime_as_string(moments, unit=unit)  # pyright: ignore[reportArgumentType, reportCallIssue]


def _encoding_note(encoding: str) -> tuple[Finding, ...]:
    if not encoding:
        return ()
    got = f"none, or one that its texts are not in; they are in {encoding}"
    hint = f"read as {encoding}: look whether the texts are right"
    note = Finding("encoding", Severity.NOTE, expected="a stated encoding", got=got, hint=hint)
    return (note,)


def _missing_note(missing: Mapping[str, int]) -> tuple[Finding, ...]:
    if not missing:
        return ()
    named = [f"{name} ({count})" for name, count in missing.items()]
    more = f" and {len(named) - _MOST_NAMED} more columns" if len(named) > _MOST_NAMED else ""
    return (
        Finding(
            "user-missing",
            Severity.NOTE,
            got=", ".join(named[:_MOST_NAMED]) + more,
            hint="cells that the file declares to be missing, such as refused: read as blank",
            count=sum(missing.values()),
        ),
    )
