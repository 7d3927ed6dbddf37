"""Tables of databases: SQLite, and a PostgreSQL that the test starts from Debian's binaries."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from record_files import Names

from survey.contracts import AnswerColumn
from survey.findings import Finding, InputError
from survey.intake import read_records
from survey.records import Records
from survey.sources.database import Database, DatabaseTable
from survey.yaml_source import validated

ANSWERS = {"responses": (AnswerColumn("satisfied", "number", minimum=1, maximum=5),)}
SECRET = "p@ss:w/rd #1"


def table(folder: Path, **keys: str) -> DatabaseTable:
    return DatabaseTable(Database.model_validate(keys), folder)


def read(source: DatabaseTable) -> tuple[Records, tuple[Finding, ...]]:
    return read_records({"responses": source}, Names(), ANSWERS)


def refused(source: DatabaseTable) -> Finding:
    with pytest.raises(InputError) as caught:
        read(source)
    (finding,) = caught.value.findings
    return finding


def rows() -> list[dict]:
    return [
        {
            "response_id": f"R{k}", "unit": ("北京", "长沙")[k % 2], "audience": "citizen",
            "satisfied": 1 + k % 5, "weight": 0.5, "started_at": pd.Timestamp("2021-03-05 09:05"),
            "duration_seconds": None if k == 3 else 60 + k,
        }
        for k in range(7)
    ]  # fmt: skip


def fill(engine: sa.Engine) -> None:
    kept = sa.Table(
        "responses", sa.MetaData(),
        sa.Column("response_id", sa.String(20), primary_key=True),
        sa.Column("unit", sa.String(40)), sa.Column("audience", sa.String(20)),
        sa.Column("satisfied", sa.Integer), sa.Column("weight", sa.Numeric(6, 2)),
        sa.Column("started_at", sa.DateTime), sa.Column("duration_seconds", sa.Float),
    )  # fmt: skip
    with engine.begin() as connection:
        kept.create(connection)
        connection.execute(kept.insert(), rows()[::-1])


def looks_right(records: Records) -> None:
    frame = records["responses"]
    assert frame.index.tolist() == list(range(1, 8))
    assert frame["response_id"].tolist() == [f"R{k}" for k in range(7)]
    assert frame["unit"].tolist() == ["北京", "长沙"] * 3 + ["北京"]
    np.testing.assert_array_equal(frame["satisfied"], [1, 2, 3, 4, 5, 1, 2])
    np.testing.assert_array_equal(frame["weight"], [0.5] * 7)
    np.testing.assert_array_equal(frame["duration_seconds"], [60, 61, 62, np.nan, 64, 65, 66])
    assert set(frame["started_at"]) == {pd.Timestamp("2021-03-05 09:05")}


# ---------------------------------------------------------------------------------- SQLite


@pytest.fixture
def lite(tmp_path) -> Path:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'survey.db'}")
    fill(engine)
    engine.dispose()
    return tmp_path


def test_a_table_of_sqlite(lite):
    source = table(lite, url="sqlite:///survey.db", table="responses")
    records, _ = read(source)
    looks_right(records)
    assert records.files == {"responses": "sqlite:///survey.db#responses"}


def test_a_query(lite):
    source = table(
        lite, url="sqlite:///survey.db",
        query="SELECT * FROM responses WHERE started_at >= '2021-03-05 09:05' ORDER BY response_id",
    )  # fmt: skip
    looks_right(read(source)[0])


def test_what_was_read_stays_and_is_told_by_its_fingerprint(lite):
    def opened() -> DatabaseTable:
        return table(lite, url="sqlite:///survey.db", table="responses")

    first = opened()
    assert first.sha256 == opened().sha256
    with sqlite3.connect(lite / "survey.db") as connection:
        connection.execute("UPDATE responses SET satisfied = 5 WHERE response_id = 'R0'")
    looks_right(read(first)[0])
    assert first.sha256 != opened().sha256


def test_columns_of_mixed_types_are_written_cell_by_cell(tmp_path):
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(1, None), ("二", 2.5), (3, None)])
    cells = table(tmp_path, url="sqlite:///x.db", table="t").read().cells
    assert cells["a"].tolist() == ["1", "二", "3"]
    assert cells["b"].fillna("").tolist() == ["", "2.5", ""]


def test_the_database_is_never_written(lite):
    before = (lite / "survey.db").read_bytes()
    query = "WITH t AS (SELECT 1 AS a) INSERT INTO responses (response_id) SELECT 'x' FROM t"
    finding = refused(table(lite, url="sqlite:///survey.db", query=query))
    assert finding.check == "no-answer-of-database"
    assert "readonly" in finding.got
    assert (lite / "survey.db").read_bytes() == before


def test_a_misspelt_table_and_an_absent_file(lite):
    finding = refused(table(lite, url="sqlite:///survey.db", table="response"))
    assert (finding.check, finding.hint) == ("no-such-table", "did you mean 'responses'?")
    assert finding.file == "sqlite:///survey.db#response"
    assert refused(table(lite, url="sqlite:///none.db", table="t")).check == "no-such-file"
    assert not (lite / "none.db").exists()
    (lite / "text.db").write_text("no database at all, but a text that goes on and on" * 40)
    finding = refused(table(lite, url="sqlite:///text.db", table="t"))
    assert (finding.check, finding.got) == ("no-answer-of-database", "file is not a database")


def test_a_driver_that_is_not_installed_is_named(lite):
    finding = refused(table(lite, url="mssql://u@h/d", table="t"))
    assert (finding.check, finding.hint) == ("no-driver", "pip install pymssql")
    finding = refused(table(lite, url="kingbase://u@h/d", table="t"))
    assert (finding.check, finding.expected) == ("no-driver", "a driver for kingbase")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"url": "postgresql://u:secret7@h/d", "table": "t"}, "no password in the file"),
        ({"url": "postgresql://h/d?password=secret7", "table": "t"}, "no password in the file"),
        ({"url": "postgresql://h/d"}, "url: with either table: or query:"),
        ({"url": "postgresql://h/d", "query": "DELETE FROM t"}, "a query that starts with SELECT"),
        ({"url": "responses.csv", "table": "t"}, "a url such as"),
        ("postgresql://u:secret7@h/d", "a file, or for a database a mapping"),
    ],
)
def test_a_wrong_source_is_refused_without_telling_the_password(keys, expected):
    with pytest.raises(InputError) as caught:
        validated(keys, Database, "data")
    (finding,) = caught.value.findings
    assert finding.expected.startswith(expected)
    assert "secret7" not in str(finding)


def test_a_variable_that_is_not_set(lite):
    source = table(lite, url="postgresql://u:${HOTLINE_NO_SUCH}@h/d", table="t")
    assert refused(source).expected == "the variable HOTLINE_NO_SUCH in the environment"


# ------------------------------------------------------------------------------ PostgreSQL


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not found:
        print("skipped: no PostgreSQL under /usr/lib/postgresql")
        pytest.skip("no PostgreSQL under /usr/lib/postgresql")
    return found[-1]


def _as_other_user() -> list[str]:
    if os.name != "posix" or os.geteuid() != 0:
        return []
    probe = ["runuser", "-u", "postgres", "--", "true"]
    if not shutil.which("runuser") or subprocess.run(probe, check=False).returncode:
        print("skipped: root may not run PostgreSQL, and there is no user postgres to run it as")
        pytest.skip("root may not run PostgreSQL, and there is no user postgres to run it as")
    return ["runuser", "-u", "postgres", "--"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The folder of the socket of a server that is stopped at the end."""
    binaries, user = _binaries(), _as_other_user()
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if user:
        shutil.chown(home, "postgres", "postgres")

    def run(*command: str) -> None:
        done = subprocess.run(
            [*user, *command], capture_output=True, text=True, cwd=home, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr

    data, log = str(home / "data"), str(home / "log")
    try:
        run(
            str(binaries / "initdb"), "-D", data, "-U", "owner", "--auth=trust",
            "--encoding=UTF8", "--no-sync", "--locale=C",
        )  # fmt: skip
        (home / "data/pg_hba.conf").write_text(
            "local all owner trust\nlocal all all scram-sha-256\n"
        )
        options = f"-k {home} -c listen_addresses= -c fsync=off -c timezone=Asia/Shanghai"
        run(str(binaries / "pg_ctl"), "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield str(home)
        finally:
            run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def filled(server) -> str:
    engine = sa.create_engine(f"postgresql+psycopg://owner@/postgres?host={server}")
    fill(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA fieldwork")
        connection.exec_driver_sql("CREATE SEQUENCE fieldwork.s")
        connection.exec_driver_sql(
            "CREATE VIEW fieldwork.answers AS SELECT *, TIMESTAMPTZ '2021-03-05 01:05Z' AS seen,"
            " DATE '2021-03-05' AS day, true AS done, ARRAY[1,2] AS parts FROM responses"
        )
        quoted = SECRET.replace("'", "''")
        connection.exec_driver_sql(f"CREATE ROLE reader LOGIN PASSWORD '{quoted}'")
        connection.exec_driver_sql("GRANT SELECT ON responses TO reader")
    engine.dispose()
    return server


def test_a_table_of_postgresql(filled, tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_DB_PASSWORD", SECRET)
    url = f"postgresql://reader:${{HOTLINE_DB_PASSWORD}}@/postgres?host={filled}"
    source = table(tmp_path, url=url, table="responses")
    looks_right(read(source)[0])
    assert source.name == "postgresql:///postgres#responses"
    assert SECRET not in source.database.model_dump_json()


def test_a_view_in_a_schema_with_times_of_a_zone(filled, tmp_path):
    url = f"postgresql://owner@/postgres?host={filled}"
    cells = table(tmp_path, url=url, table="fieldwork.answers").read().cells
    assert set(cells["seen"]) == {"2021-03-05 09:05:00.000000"}
    assert set(cells["day"]) == {"2021-03-05"}
    assert set(cells["done"]) == {"true"}
    assert set(cells["parts"]) == {"[1, 2]"}
    assert set(cells["weight"]) == {"0.50"}


def test_postgresql_is_never_written_and_says_what_is_wrong(filled, tmp_path, monkeypatch):
    url = f"postgresql://owner@/postgres?host={filled}"
    assert (
        "read-only" in refused(table(tmp_path, url=url, query="SELECT nextval('fieldwork.s')")).got
    )
    query = "WITH gone AS (DELETE FROM responses RETURNING *) SELECT * FROM gone"
    assert refused(table(tmp_path, url=url, query=query)).check == "no-answer-of-database"
    looks_right(read(table(tmp_path, url=url, table="responses"))[0])
    assert refused(table(tmp_path, url=url, table="answers")).check == "no-such-table"
    monkeypatch.setenv("HOTLINE_DB_PASSWORD", "wrong-secret")
    bad = f"postgresql://reader:${{HOTLINE_DB_PASSWORD}}@/postgres?host={filled}"
    finding = refused(table(tmp_path, url=bad, table="responses"))
    assert "password authentication failed" in finding.got
    assert "wrong-secret" not in str(finding)
    nowhere = refused(table(tmp_path, url="postgresql://u@/d?host=/nowhere", table="t"))
    assert nowhere.check == "no-answer-of-database"


def test_a_percent_and_a_colon_in_a_query(filled, tmp_path):
    url = f"postgresql://owner@/postgres?host={filled}"
    query = (
        "SELECT * FROM responses WHERE unit LIKE '%' AND started_at::date = '2021-03-05'"
        " AND to_char(started_at, 'HH24:MI') = '09:05' ORDER BY 1"
    )
    looks_right(read(table(tmp_path, url=url, query=query))[0])


def test_the_cells_are_those_of_a_parquet_file(lite, tmp_path):
    from survey.tables import read_table

    frame = pd.DataFrame(rows())
    frame.to_parquet(tmp_path / "r.parquet")
    there = read_table(tmp_path / "r.parquet").cells.reset_index(drop=True)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    frame.to_sql("r", engine, index=False)
    engine.dispose()
    cells = table(tmp_path, url="sqlite:///other.db", table="r").read().cells
    columns = [name for name in frame if name != "started_at"]
    pd.testing.assert_frame_equal(cells[columns].reset_index(drop=True), there[columns])
