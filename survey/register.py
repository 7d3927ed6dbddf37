"""Register: the units of an index, and which unit a written name means."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from survey.cells import quoted
from survey.cities import (
    CITIES,
    Refusal,
    about_cities,
    city_spellings,
    city_tiers,
    refused_names,
)
from survey.contracts import CONTRACTS
from survey.findings import Finding, Severity, did_you_mean, raise_errors
from survey.pinyin import pinyin_key
from survey.tables import RawTable, read_table

_OWN = ("unit", "name", "short", "code")
_ALIKE = 50
"""Least likeness of a name for a hint, in percent: half of two characters."""
_MOST_HINTS = 3


@dataclass(frozen=True, eq=False)
class Register:
    """The units of an index.

    Parameters
    ----------
    table
        One row a unit, indexed by its canonical name ``unit``. Always has ``pinyin_key``; the
        cities have the columns that ``survey/data/cities.yaml`` defines, and ``tier``, missing
        where ``survey/data/tiers.yaml`` says that it is not known.
    spellings
        Canonical name by every spelling, as `clean` leaves it.
    refused
        Spellings that are known not to mean one unit.
    clean
        Makes a written name comparable.
    findings
        Notes on how the file was read.
    """

    table: pd.DataFrame
    spellings: Mapping[str, str]
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    clean: Callable[[str], str] = str.strip
    findings: tuple[Finding, ...] = ()

    @classmethod
    def from_csv(cls, path: Path) -> "Register":
        """Read the units of another index.

        A name then means a unit if it is, but for blanks around it, the unit's ``unit`` or, where
        the file has these columns, its ``name``, ``short`` or ``code``.

        Parameters
        ----------
        path
            A table as `survey.tables.read_table` takes it. Column ``unit`` is required; ``coastal``
            is true or false; ``pinyin_key`` is made where the file has none; others are kept.

        Raises
        ------
        InputError
            Where the file cannot be read, or has no units, a unit twice, an empty unit, or a
            spelling that two units share.
        """
        raw = read_table(path)
        raise_errors(raw.findings)
        table = _typed(raw)
        if "pinyin_key" not in table:
            keys = [pinyin_key(unit) for unit in table.index]
            table = table.assign(pinyin_key=pd.Series(keys, index=table.index, dtype="str"))
        return cls(table, _owners(_own_spellings(table), raw.file), findings=raw.findings)

    @classmethod
    def of_figures(cls, path: Path) -> "Register":
        """Take the units that a table of figures names, whatever they are.

        Parameters
        ----------
        path
            A table with a column ``unit`` (or another header that means it); a unit may stand in
            several periods, and what its last row says of it is kept.

        Raises
        ------
        InputError
            Where the file cannot be read, or has no column of units.
        """
        raw = read_table(path)
        raise_errors(raw.findings)
        column = CONTRACTS["figures"]["unit"]
        held = next((name for name in ("unit", *column.aliases) if name in raw.cells), "unit")
        cells = raw.cells.rename(columns={held: "unit"})
        if "unit" in cells:
            cells = cells.dropna(subset=["unit"]).drop_duplicates("unit", keep="last")
        table = _typed(RawTable(raw.file, cells))
        return cls(table, {unit: unit for unit in table.index}, findings=raw.findings)

    def resolve(self, names: Sequence[Any] | pd.Series) -> pd.Series:
        """Return the canonical name of the unit that each name means.

        Parameters
        ----------
        names
            Any accepted spelling, or a code as text or number. Shape (records,).

        Returns
        -------
        Strings, missing where a name is blank or unknown; index and name as in `names`.
        """
        series = names if isinstance(names, pd.Series) else pd.Series(list(names), dtype=object)
        codes, distinct = pd.factorize(series.astype(object))
        units = [self.spellings.get(self.clean(_text(value))) for value in distinct]
        values = np.array([*units, None], dtype=object)[codes]
        return pd.Series(values, index=series.index, name=series.name, dtype="str")

    def resolve_column(
        self, cells: pd.Series, file: str, column: str
    ) -> tuple[pd.Series, tuple[Finding, ...]]:
        """Resolve a column of a file.

        Parameters
        ----------
        cells
            Names, indexed by the row as a spreadsheet shows it (the header is 1). Shape (records,).
        file, column
            For the findings.

        Returns
        -------
        What `resolve` returns, and what `unknown_findings` says of the names it leaves missing.
        """
        return self.resolve(cells), self.unknown_findings(
            cells.tolist(), cells.index.tolist(), file, column
        )

    def unknown_findings(
        self, names: Sequence[Any], rows: Sequence[int], file: str, column: str
    ) -> tuple[Finding, ...]:
        """Return an error for each distinct name that means no unit.

        A blank has none: what an empty cell means is for the contract of its table.

        Parameters
        ----------
        names
            As for `resolve`. Shape (records,).
        rows
            Row of each name. Shape (records,).
        file, column
            For the findings.

        Returns
        -------
        In order of their first rows, each with the count of its records. The check is
        ``unknown-unit``; ``province-as-unit``, ``ambiguous-unit``, ``outside-register`` or
        ``former-unit`` where it is known what the name means.
        """
        cells = pd.Series(list(names), dtype=object)
        unknown = self.resolve(cells).isna() & cells.notna()
        first: dict[str, tuple[int, str]] = {}
        counts: dict[str, int] = {}
        for place in np.flatnonzero(unknown).tolist():
            written = _text(cells[place]).strip()
            key = self.clean(written)
            if key:
                first.setdefault(key, (int(rows[place]), written))
                counts[key] = counts.get(key, 0) + 1
        reasons = {key: self._reason(key) for key in first}
        return tuple(
            Finding(
                reasons[key].check,
                Severity.ERROR,
                file,
                row,
                column,
                "a unit of the register",
                quoted(written),
                reasons[key].hint,
                counts[key],
            )
            for key, (row, written) in first.items()
        )

    def _reason(self, name: str) -> Refusal:
        return self.refused.get(name) or Refusal("unknown-unit", self._nearest(name))

    def _nearest(self, name: str) -> str:
        """Name the units spelt most like `name`, and of these the ones that sound like it."""
        found = process.extract(
            name, list(self.spellings), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None
        )
        best = [spelling for spelling, score, _ in found if score == found[0][1]]
        if len(best) > 1:
            sound = [fuzz.ratio(_letters(name), _letters(spelling)) for spelling in best]
            best = [
                each for each, likeness in zip(best, sound, strict=True) if likeness == max(sound)
            ]
        units = list(dict.fromkeys(self.spellings[spelling] for spelling in best))
        if not units or len(units) > _MOST_HINTS:
            return f"none of the {len(self.table)} units comes near"
        return f"did you mean {' or '.join(units)}?"


@cache
def load_register() -> Register:
    """Return the register of the 337 Chinese cities of prefecture level and above.

    Blanks within a name do not matter. `survey.cities.city_spellings` says what is accepted,
    `survey.cities.refused_names` what a province or a dissolved city is answered with. 恩施市 is
    unknown to it, as that is a city within 恩施土家族苗族自治州.
    """
    table, about = _typed(read_table(CITIES)), about_cities()
    table = table.assign(tier=city_tiers(table.index))
    refused = refused_names(table, about)
    pairs = city_spellings(table, about)
    kept = ((spelling, unit) for spelling, unit in pairs if spelling not in refused)
    return Register(table, _owners(kept, CITIES.name), refused, _squeeze)


def _letters(name: str) -> str:
    """Return the pinyin of a name without tones."""
    return re.sub(r"[^a-z]", "", pinyin_key(name).lower())


def _squeeze(text: str) -> str:
    """Leave out every blank and the ``.0`` of a code, and make full-width digits plain ones."""
    plain = re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(\d{6})\.0$", r"\1", plain)


def _text(value: Any) -> str:
    """Return a cell as text; a whole number, as a code is, without decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _own_spellings(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the cells by which a unit may be called, and its canonical name."""
    names = table.reset_index()
    for column in _OWN:
        if column in names:
            held = names[column].notna().to_numpy()
            yield from zip(names[column][held], table.index[held], strict=True)


def _owners(pairs: Iterable[tuple[str, str]], file: str) -> dict[str, str]:
    """Return the unit of each spelling, or raise those that two units share."""
    owners: dict[str, str] = {}
    shared = [
        Finding(
            "shared-name",
            Severity.ERROR,
            file,
            expected="each name for one unit",
            got=f"{quoted(spelling)} for {owners[spelling]} and {unit}",
            hint="tell the units apart",
        )
        for spelling, unit in pairs
        if owners.setdefault(spelling, unit) != unit
    ]
    raise_errors(shared)
    return owners


def _typed(raw: RawTable) -> pd.DataFrame:
    """Index a table of units by unit, ``coastal`` as bool, or raise all that is wrong with it."""
    cells = raw.cells
    at_unit = partial(Finding, severity=Severity.ERROR, file=raw.file, column="unit")
    if "unit" not in cells:
        hint = did_you_mean("unit", cells.columns)
        raise_errors(
            [at_unit("missing-column", row=1, expected="a column 'unit'", got="none", hint=hint)]
        )
    if cells.empty:
        raise_errors(
            [at_unit("no-records", row=2, expected="units", got="a header only", hint="add them")]
        )
    rows, units = cells.index.tolist(), pd.Index(cells["unit"])
    findings = [
        at_unit("empty-cell", row=rows[place], expected="a unit", got="none", hint="name the unit")
        for place in np.flatnonzero(units.isna()).tolist()
    ]
    findings += [
        at_unit(
            "duplicate-unit",
            row=rows[place],
            expected="each unit once",
            got=quoted(str(units[place])),
            hint="remove the copy",
        )
        for place in np.flatnonzero(units.duplicated() & units.notna()).tolist()
    ]
    if "coastal" in cells:
        words = cells["coastal"].fillna("").str.lower().tolist()
        findings += [
            at_unit(
                "wrong-value",
                row=row,
                column="coastal",
                expected="true or false",
                got=quoted(word),
                hint="write one of the two for every unit",
            )
            for row, word in zip(rows, words, strict=True)
            if word not in ("true", "false")
        ]
        cells = cells.assign(coastal=np.array(words) == "true")
    raise_errors(findings)
    return cells.set_index("unit")
