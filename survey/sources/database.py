"""Databases: a table or a query of an SQL database as strings, read once and never written."""

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import model_validator

from survey.findings import Finding, InputError, Severity, did_you_mean
from survey.tables import RawTable, table_of
from survey.yaml_source import Strict

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Executable

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_PASSWORD = re.compile(r"://[^/@:]*:([^@]*)@|[?&]password=([^&]*)", re.IGNORECASE)
_ROWS_AT_ONCE = 50_000
_DRIVERS = {
    "postgresql": ("postgresql+psycopg", "psycopg[binary]"),
    "postgres": ("postgresql+psycopg", "psycopg[binary]"),
    "mysql": ("mysql+pymysql", "pymysql"),
    "mariadb": ("mariadb+pymysql", "pymysql"),
    "oracle": ("oracle+oracledb", "oracledb"),
    "mssql": ("mssql+pymssql", "pymssql"),
}
"""The driver of each kind of database, and the package to install for it."""


class Database(Strict):
    """A table of a database, as ``edition.yaml`` names it.

    Parameters
    ----------
    url
        Such as ``postgresql://reader:${HOTLINE_DB_PASSWORD}@host/survey``: ``${NAME}`` stands for
        a variable of the environment. A password itself is refused. The file of
        ``sqlite:///data/survey.db`` is sought from the edition's folder.
    table
        A table or view, with its schema where it is not the first (``fieldwork.responses``). Its
        records come in the order of its primary key.
    query
        In place of `table`, a SELECT; its ORDER BY decides the order of the records.
    """

    url: str
    table: str | None = None
    query: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _mapping(cls, data: Any) -> Any:
        if isinstance(data, str):
            raise ValueError("a file, or for a database a mapping {url: …, table: …}")
        return data

    @model_validator(mode="after")
    def _readable(self) -> "Database":
        if (self.table is None) == (self.query is None):
            raise ValueError("url: with either table: or query:")
        if self.query is not None and not re.match(r"\s*(?:SELECT|WITH)\b", self.query, re.I):
            raise ValueError("a query that starts with SELECT or WITH")
        if not re.match(r"\w+(?:\+\w+)?://", self.url):
            raise ValueError("a url such as postgresql://user:${HOTLINE_DB_PASSWORD}@host/database")
        for found in _PASSWORD.finditer(self.url):
            if not _VARIABLE.fullmatch(found[1] or found[2] or "${_}"):
                raise ValueError("no password in the file: write ${NAME}, and set NAME outside")
        return self


@dataclass(frozen=True)
class DatabaseTable:
    """A table of a database as it was when first read; what it holds stays the same from then on.

    Parameters
    ----------
    database
        Where it is.
    folder
        From where the file of an SQLite database is sought.
    """

    database: Database
    folder: Path

    @property
    def name(self) -> str:
        """What findings and the manifest call it: without user and password."""
        shown = re.sub(r"^(\w+)\+\w+", r"\1", self.database.url.partition("?")[0])
        shown = re.sub(r"//[^/]*@", "//", shown)
        return f"{shown}#{self.database.table or _brief(self.database.query or '')}"

    def read(self) -> RawTable:
        """Read it as a table of strings; records are numbered from 1.

        Raises
        ------
        InputError
            Where there is no driver, no connection, no such table or a wrong query.
        """
        held = self._held
        return table_of(held.column_names, held.columns, self.name)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of what `read` returns, in hex."""
        digest = hashlib.sha256()
        for column in self._held.columns:
            for chunk in column.chunks:
                lengths = pc.call_function("binary_length", [chunk]).fill_null(-1)
                digest.update(lengths.to_numpy().tobytes())
                digest.update("".join(chunk.drop_null().to_pylist()).encode())
        digest.update("\0".join(self._held.column_names).encode())
        return digest.hexdigest()

    @cached_property
    def _held(self) -> pa.Table:
        from sqlalchemy.exc import SQLAlchemyError

        engine = self._engine()
        try:
            with engine.connect().execution_options(postgresql_readonly=True) as connection:
                return _fetched(connection, self._statement(connection))
        except SQLAlchemyError as error:
            lines = str(getattr(error, "orig", None) or error).strip().splitlines()
            got = self._without_secrets("; ".join(lines[:2]))
            if self.database.query is not None:
                hint = "check the query, and the url"
            else:
                hint = "check the url, whether the database runs, and your rights to read"
            expected = "an answer of the database"
            raise self._refusal("no-answer-of-database", expected, got, hint) from None
        finally:
            engine.dispose()

    def _engine(self) -> "Engine":
        from sqlalchemy import create_engine
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError

        kind, _, rest = self.database.url.partition("://")
        driver, package = _DRIVERS.get(kind, (kind, f"the SQLAlchemy driver of {kind}"))
        url = f"{driver}://{self._filled(rest)}"
        if kind.startswith("sqlite"):
            url = f"{driver}:///{self._sqlite_file(rest)}"
        try:
            return create_engine(url)
        except (ImportError, NoSuchModuleError):
            expected, got = f"a driver for {kind}", "none installed"
            hint = f"pip install {package}"
        except (ArgumentError, ValueError):
            expected, got = "a url such as postgresql://user@host/database", repr(self.name)
            hint = "check the url; write @, : and / in a password as %40, %3A and %2F"
        raise self._refusal(
            "no-driver" if "driver" in expected else "wrong-url", expected, got, hint
        )

    def _filled(self, text: str) -> str:
        """Put variables of the environment in their places."""
        from urllib.parse import quote

        names = _VARIABLE.findall(text)
        if absent := [name for name in names if name not in os.environ]:
            expected = f"the variable {absent[0]} in the environment"
            hint = f"set it before you start, such as: export {absent[0]}=…"
            raise self._refusal("no-variable", expected, "none", hint)
        return _VARIABLE.sub(lambda found: quote(os.environ[found[1]], safe=""), text)

    def _sqlite_file(self, rest: str) -> str:
        """Return the file of an SQLite database so that SQLite opens it for reading only."""
        path = self.folder / self._filled(rest.partition("?")[0].removeprefix("/"))
        if not path.is_file():
            expected, hint = (
                "an SQLite database",
                "check the path; it starts at the edition's folder",
            )
            raise self._refusal("no-such-file", expected, "nothing", hint)
        return f"file:{path.resolve().as_posix()}?mode=ro&uri=true"

    def _without_secrets(self, text: str) -> str:
        for name in _VARIABLE.findall(self.database.url):
            if secret := os.environ.get(name):
                text = text.replace(secret, "***")
        return text

    def _statement(self, connection: "Connection") -> "Executable":
        from sqlalchemy import column, inspect, literal_column, select, table, text

        if self.database.query is not None:
            return text(self.database.query.replace(":", "\\:"))
        schema, _, name = (self.database.table or "").rpartition(".")
        there = inspect(connection)
        if not there.has_table(name, schema or None):
            names = [*there.get_table_names(schema or None), *there.get_view_names(schema or None)]
            hint = did_you_mean(name, sorted(names)) or "the user may read none"
            raise self._refusal("no-such-table", "a table of the database", repr(name), hint)
        source = table(name, schema=schema or None)
        key = there.get_pk_constraint(name, schema or None)["constrained_columns"]
        return select(literal_column("*")).select_from(source).order_by(*map(column, key))

    def _refusal(self, check: str, expected: str, got: str, hint: str) -> InputError:
        return InputError(
            [Finding(check, Severity.ERROR, self.name, expected=expected, got=got, hint=hint)]
        )


def _brief(query: str, most: int = 40) -> str:
    """Name a query by its beginning, and by its fingerprint where that is not all of it."""
    text = " ".join(query.split())
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return text if len(text) <= most else f"{text[:most]}… {mark}"


def _fetched(connection: "Connection", statement: "Executable") -> pa.Table:
    """Fetch every row, some at a time."""
    streamed = {"stream_results": True, "max_row_buffer": _ROWS_AT_ONCE}
    rows = connection.execute(statement, execution_options=streamed)
    names = list(rows.keys())
    parts: list[list[pa.Array]] = [[] for _ in names]
    for block in rows.partitions(_ROWS_AT_ONCE):
        for part, cells in zip(parts, zip(*block, strict=True), strict=True):
            part.append(_as_strings(cells))
    columns = [pa.chunked_array(part, pa.string()) for part in parts]
    return pa.table(columns, names=names)


def _as_strings(cells: Iterable[Any]) -> pa.Array:
    """Write cells as those of a parquet file; a time with a zone as the clock there shows it."""
    cells = list(cells)
    try:
        typed = pa.array(cells)
        if pa.types.is_timestamp(typed.type) and typed.type.tz is not None:
            typed = pc.call_function("local_timestamp", [typed])
        return pc.cast(typed, pa.string())
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())
