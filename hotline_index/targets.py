"""Targets of a centre, read from files, split to its teams and agents, and held against figures."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from indicators.kpis.attainment import attainment
from indicators.kpis.registry import Kpi, read_registry
from indicators.kpis.targets import split_targets
from survey.cells import type_column
from survey.contracts import Column
from survey.findings import Finding, Severity, did_you_mean, raise_errors
from survey.intake import read_records
from survey.register import Register
from survey.tables import read_table

TARGETS = (
    Column("kpi", "category", "指标", "KPI", required=True),
    Column("target", "number", "目标值", "target", required=True),
    Column("team", "category", "班组", "team with a target of its own"),
)
MEMBERS = (
    Column("unit", "category", "话务员", "agent", required=True),
    Column("team", "category", "班组", "team", required=True),
    Column("share", "number", "工时", "capacity: hours, or 1 a head", required=True, minimum=0),
)


def split_files(targets: Path, members: Path) -> pd.DataFrame:
    """Split the targets of one file to the teams and agents of another.

    Parameters
    ----------
    targets
        Columns ``kpi``, ``target``, and ``team`` where a team has a target of its own.
    members
        Columns ``unit``, ``team``, ``share``.

    Returns
    -------
    See `indicators.kpis.targets.split_targets`.

    Raises
    ------
    InputError
        With everything that is wrong in the files.
    """
    kpis = read_registry().kpis
    asked, staff = _read(targets, TARGETS), _read(members, MEMBERS)
    asked = asked.assign(kpi=asked["kpi"].replace({kpi.zh: name for name, kpi in kpis.items()}))
    raise_errors(_twice(asked, targets))
    whole = asked[asked["team"].isna()]
    own = asked.dropna(subset=["team"])
    overrides = {
        str(team): dict(zip(rows["kpi"], rows["target"], strict=True))
        for team, rows in own.groupby("team", sort=False)
    }
    goals = dict(zip(whole["kpi"], whole["target"], strict=True))
    return split_targets(goals, staff, kpis, overrides)


def attained(split: pd.DataFrame, figures: Path, members: Path) -> pd.DataFrame:
    """Hold split targets against a table of KPIs.

    Raises
    ------
    InputError
        With everything that is wrong in the table.
    """
    kpis: Mapping[str, Kpi] = read_registry().kpis
    register = Register.from_csv(members)
    records, _ = read_records({"kpis": figures}, register, {}, audiences=False)
    table = records["kpis"]
    names = {kpi.zh: name for name, kpi in kpis.items()}
    return attainment(split, table.assign(kpi=table["kpi"].replace(names)), kpis, str(figures))


def _read(path: Path, columns: tuple[Column, ...]) -> pd.DataFrame:
    raw = read_table(path)
    findings = list(raw.findings)
    held = list(raw.cells.columns)
    typed: dict[str, pd.Series] = {}
    for column in columns:
        name = next((n for n in (column.name, column.zh) if n in held), None)
        if name is None:
            blank = pd.Series(None, index=raw.cells.index, dtype="str")
            typed[column.name], _ = type_column(blank, column, raw.file)
            if column.required:
                findings.append(_missing(column, raw.file, held))
            continue
        typed[column.name], found = type_column(raw.cells[name], column, raw.file)
        findings += found
    raise_errors(findings)
    return pd.DataFrame(typed)


def _missing(column: Column, file: str, held: list[str]) -> Finding:
    return Finding(
        "missing-column", Severity.ERROR, file, 1, column.name,
        f"a column {column.name!r} ({column.zh})", f"none among {', '.join(held)}",
        did_you_mean(column.name, held),
    )  # fmt: skip


def _twice(asked: pd.DataFrame, path: Path) -> list[Finding]:
    again = asked[asked.duplicated(["kpi", "team"]).to_numpy()]
    return [
        Finding(
            "duplicate-target",
            Severity.ERROR,
            path.name,
            int(str(row)),
            "kpi",
            "one target for each KPI and team",
            repr(kpi),
            "remove one of the two",
        )
        for row, kpi in again["kpi"].items()
    ]
