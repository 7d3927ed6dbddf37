"""Every system that comes with the program runs from files to results, on random records."""

import pandas as pd
import pytest
import yaml
from random_records import random_records

from hotline_index.edition import open_edition
from hotline_index.pipeline import run
from hotline_index.queries import trace_edition
from indicators.system_file import SYSTEMS, load_system

CITIES = ["北京", "长沙", "银川", "三亚", "周口", "亳州"]
AGENTS = [f"a{at}" for at in range(6)]
NAMES = sorted(path.stem for path in SYSTEMS.glob("*.yaml"))


@pytest.fixture(params=NAMES)
def folder(request, tmp_path):
    system = load_system(request.param)
    units = CITIES if system.unit.en == "city" else AGENTS
    records = random_records(system, units, seed=5)
    config = {
        "edition": "random", "year": 2024, "simulated": True, "system": request.param,
        "title": {"zh": "随机数据", "en": "random data"},
        "publisher": {"zh": "测试", "en": "a test"}, "dated": {"zh": "二〇二四", "en": "2024"},
        "data": {table: f"{table}.csv" for table in records.tables},
        "grading": {"shares": {"A": 1, "B": 2}}, "uncertainty": {"replicates": 100},
        "comparisons": [], "report": "none",
        "sources": [{"id": "random", "zh": "随机数", "en": "random numbers"}],
    }  # fmt: skip
    if units is AGENTS:
        pd.DataFrame({"unit": units, "team": ["x", "x", "x", "y", "y", "y"]}).to_csv(
            tmp_path / "agents.csv", index=False
        )
        config["units"] = {"register": "agents.csv"}
    slots = system.columns.get("calls", {}).get("slot")
    if slots:
        config["slots"] = dict(slots.values)
    for table, frame in records.tables.items():
        frame.to_csv(tmp_path / f"{table}.csv", index=False)
    text = yaml.safe_dump(config, allow_unicode=True)
    (tmp_path / "edition.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_system_runs_from_its_files_to_its_results(folder):
    done = run(folder)
    results, findings = done.results, done.findings
    assert not [f for f in findings if f.severity == "error"]
    totals = results["grades"].set_index("unit")["score"].dropna()
    system = open_edition(folder).system
    assert len(totals) >= 4 and totals.between(0, system.scale).all()
    measured = set(results["scores"]["indicator"])
    assert {node.id for node in system.nodes() if node.items} <= measured
    assert set(results["weights"]["child"]) >= {node.id for node in system.nodes()} - {
        node.id for node in system.nodes() if node.bonus
    }
    assert results["sample"]["records"].gt(0).all()
    assert ("alerts" in results.tables) == bool(system.alerts)
    assert (folder / "results/manifest.json").is_file()


def test_a_score_of_any_system_is_traced_to_its_records(folder):
    edition = open_edition(folder)
    unit = (CITIES if edition.system.unit.en == "city" else AGENTS)[0]
    trace = trace_edition(edition, unit, "total", "all")
    held = {
        table
        for table, path in edition.sources.items()
        if unit in pd.read_csv(path, dtype=str)["unit"].to_numpy()
    }
    assert set(trace.records["table"]) == held
    top = trace.steps[trace.steps["depth"] == 1]
    assert top["contribution"].sum() == pytest.approx(trace.steps.loc[0, "score"])
