"""The codebook: what every table and column of the results means, in Chinese and English."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, RootModel

from indicators.nodes import Words
from report.results import SIMULATED
from survey.findings import Finding, InputError, Severity, did_you_mean
from survey.yaml_source import Strict, read_yaml

FOLDER = Path(__file__).parent / "codebook"
Kind = Literal[
    "text", "code", "grade", "boolean", "count", "rank", "places", "score", "points", "share", "p",
    "seconds", "ratio", "number",
]  # fmt: skip
Type = Literal["string", "boolean", "integer", "number"]


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of column.

    Parameters
    ----------
    type
        As Table Schema calls it.
    words
        What readers call it.
    unit
        What its figures are counted in; empty where they are counted in nothing.
    """

    type: Type
    words: Words
    unit: Words


def _kind(type_: Type, zh: str, en: str, unit_zh: str = "", unit_en: str = "") -> KindWords:
    return KindWords(type_, Words(zh=zh, en=en), Words(zh=unit_zh, en=unit_en))


KINDS: Mapping[Kind, KindWords] = MappingProxyType(
    {
        "text": _kind("string", "文字", "text"),
        "code": _kind("string", "编码或名称", "code or name"),
        "grade": _kind("string", "等级", "grade"),
        "boolean": _kind("boolean", "是否", "true or false"),
        "count": _kind("integer", "数量", "count", "个", "number"),
        "rank": _kind("integer", "名次", "rank", "名", "place"),
        "places": _kind("number", "位次", "places", "名", "places"),
        "score": _kind("number", "得分", "score", "分", "points of the scale"),
        "points": _kind("number", "分差", "difference of scores", "分", "points of the scale"),
        "share": _kind("number", "比例", "share", "比例（1为100%）", "fraction of 1"),
        "p": _kind("number", "p值", "p value", "0至1", "0 to 1"),
        "seconds": _kind("number", "时长", "duration", "秒", "seconds"),
        "ratio": _kind("number", "比值", "ratio"),
        "number": _kind("number", "数值", "number"),
    }
)


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """What a column means.

    Parameters
    ----------
    name
        As it stands in the table.
    words
        What readers call it.
    kind
        A key of `KINDS`.
    note
        What must be known of it; empty where its name says all.
    codes
        What its coded values mean; empty where they are not coded.
    open
        Whether editions may have codes of their own beside these.
    refers
        Table and column that its values stand in, where they stand in one.
    """

    name: str
    words: Words
    kind: Kind
    note: Words
    codes: Mapping[str, Words]
    open: bool
    refers: tuple[str, str] | None

    @property
    def type(self) -> Type:
        """The type of its values, as Table Schema calls it."""
        return KINDS[self.kind].type


@dataclass(frozen=True, slots=True)
class TableWords:
    """What a table of the results holds.

    Parameters
    ----------
    name
        Of the table.
    words
        What readers call it.
    describe
        What it holds, in a sentence.
    key
        Columns that no two rows share the values of; empty where there are none.
    columns
        Its columns by name, in their order; an edition may lack some.
    others
        What any other column is, where editions may have some of their own.
    """

    name: str
    words: Words
    describe: Words
    key: tuple[str, ...]
    columns: Mapping[str, ColumnWords]
    others: Words | None

    def column(self, name: str) -> ColumnWords:
        """Return what a column means.

        Raises
        ------
        InputError
            For a column that the table does not have.
        """
        if name in self.columns:
            return self.columns[name]
        if name == SIMULATED:
            return _simulated()
        if self.others is None:
            raise InputError([_unknown("column", self.name, name, self.columns)])
        own = Words(zh=name, en=name)
        return ColumnWords(name, own, "text", self.others, MappingProxyType({}), False, None)


class _Column(Strict):
    zh: str | None = None
    en: str | None = None
    kind: Kind | None = None
    note: Words | None = None
    codes: str | None = None
    refers: str | None = Field(default=None, pattern=r"^\w+\.\w+$")


class _Codes(Strict):
    open: bool = False
    values: dict[str, Words]


class _Table(Strict):
    zh: str
    en: str
    describe: Words
    key: tuple[str, ...] = ()
    others: Words | None = None
    columns: dict[str, _Column | None]


class _Columns(RootModel[dict[str, _Column]]):
    pass


class _CodeSets(RootModel[dict[str, _Codes]]):
    pass


class _Tables(RootModel[dict[str, _Table]]):
    pass


@cache
def codebook() -> Mapping[str, TableWords]:
    """Return what every table of the results holds, by name, in the order for readers.

    Raises
    ------
    InputError
        Where a file of the codebook is wrong.
    """
    common, codes = _common()
    tables: dict[str, TableWords] = {}
    for path in sorted((FOLDER / "tables").glob("*.yaml")):
        for name, table in read_yaml(path, _Tables).root.items():
            columns = {
                column: _merged(f"{name}.{column}", common.get(column), own, codes)
                for column, own in table.columns.items()
            }
            tables[name] = TableWords(
                name,
                Words(zh=table.zh, en=table.en),
                table.describe,
                table.key,
                MappingProxyType(columns),
                table.others,
            )
    return MappingProxyType(tables)


def table_words(table: str) -> TableWords:
    """Return what a table holds.

    Raises
    ------
    InputError
        For a table that the codebook does not know.
    """
    if table not in codebook():
        raise InputError([_unknown("table", "results", table, codebook())])
    return codebook()[table]


def describe(table: str, column: str) -> ColumnWords:
    """Return what a column of a table means.

    Raises
    ------
    InputError
        For a table or a column that the codebook does not know.
    """
    return table_words(table).column(column)


def columns_used() -> Iterator[tuple[str, str]]:
    """Yield every table and column of the codebook."""
    for name, table in codebook().items():
        for column in table.columns:
            yield name, column


@cache
def _common() -> tuple[Mapping[str, _Column], Mapping[str, _Codes]]:
    columns = read_yaml(FOLDER / "columns.yaml", _Columns).root
    return columns, read_yaml(FOLDER / "codes.yaml", _CodeSets).root


@cache
def _simulated() -> ColumnWords:
    common, codes = _common()
    return _merged(SIMULATED, common[SIMULATED], None, codes)


def _merged(
    place: str, common: _Column | None, own: _Column | None, codes: Mapping[str, _Codes]
) -> ColumnWords:
    """Put what a table says of a column over what holds for all tables."""
    said: dict[str, Any] = {}
    for each in (common, own):
        if each is not None:
            said |= {field: getattr(each, field) for field in each.model_fields_set}
    if missing := [field for field in ("zh", "en", "kind") if not said.get(field)]:
        raise InputError([_incomplete(place, missing)])
    if said.get("codes") and said["codes"] not in codes:
        raise InputError([_unknown("codes", place, said["codes"], codes)])
    named = codes[said["codes"]] if said.get("codes") else _Codes(values={})
    table, _, column = (said.get("refers") or "").partition(".")
    return ColumnWords(
        place.rpartition(".")[2],
        Words(zh=said["zh"], en=said["en"]),
        said["kind"],
        said.get("note") or Words(zh="", en=""),
        MappingProxyType(named.values),
        named.open,
        (table, column) if table else None,
    )


def _incomplete(place: str, missing: list[str]) -> Finding:
    return Finding(
        "undescribed-column",
        Severity.ERROR,
        "codebook",
        column=place,
        expected="zh, en and kind, here or in columns.yaml",
        got=f"no {', '.join(missing)}",
    )


def _unknown(kind: str, where: str, name: str, known: Mapping[str, object]) -> Finding:
    return Finding(
        f"undescribed-{kind}",
        Severity.ERROR,
        where,
        column=name,
        expected=f"a {kind} that the codebook describes",
        got=repr(name),
        hint=did_you_mean(name, known),
    )
