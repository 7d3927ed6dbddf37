"""Small editions of random records, a chain of three years, run from files to results."""

from pathlib import Path

import pandas as pd
import yaml
from random_records import random_records

from hotline_index.edition import open_edition
from hotline_index.steps import analyse
from indicators.system_file import load_system
from report.results import Results

CITIES = [
    "北京", "上海", "长沙", "银川", "三亚", "周口", "亳州", "苏州", "宿州", "西安", "成都", "广州",
    "深圳", "杭州", "济南", "青岛", "大连", "长春", "沈阳", "南京",
]  # fmt: skip


def small_results(folder: Path, years: int = 3, system: str = "hotline-2021") -> Results:
    """Return the results of the last of some years; every figure is drawn at random."""
    previous = None
    for year in range(2022, 2022 + years):
        previous = _edition(folder / str(year), year, system, previous)
    assert previous is not None
    return analyse(open_edition(previous))[0]


def _edition(folder: Path, year: int, name: str, previous: Path | None) -> Path:
    folder.mkdir(parents=True)
    system = load_system(name)
    cities = CITIES[:-1] if year % 2 else CITIES[1:]
    units = cities if system.unit.en == "city" else [f"a{at}" for at in range(6)]
    records = random_records(system, units, seed=year)
    if "cases" in records.tables:
        cases = records.tables["cases"]
        texts = [f"推出智能派单，方便老年人办事（{at}）" for at in range(len(cases))]
        records.tables["cases"] = cases.assign(title="智能派单", text=texts)
    for table, frame in records.tables.items():
        frame.to_csv(folder / f"{table}.csv", index=False)
    config = {
        "edition": f"small-{year}", "year": year, "simulated": True, "system": name,
        "title": {"zh": f"随机数据{year}", "en": f"random data {year}"},
        "publisher": {"zh": "测试", "en": "a test"},
        "dated": {"zh": f"{year}年", "en": str(year)},
        "data": {table: f"{table}.csv" for table in records.tables},
        "grading": {"shares": {"A": 1, "B": 2, "C": 2}}, "uncertainty": {"replicates": 100},
        "sources": [{"id": "random", "zh": "随机数", "en": "random numbers"}],
        "report": "none",
    }  # fmt: skip
    slots = system.columns.get("calls", {}).get("slot")
    if "calls" in records.tables:
        config["slots"] = (
            dict(slots.values) if slots else {f"s{at}": f"{at + 8}:00" for at in range(1, 7)}
        )
    if system.unit.en == "city":
        config |= {
            "comparisons": ["region", "coastal"], "peers": ["coastal"],
            "method": {"weights": {"uniform": 0.25}, "aggregate": {"total": ["geometric"]}, "base": 64, "draws": 64},
            "drivers": {"outcome": "satisfaction", "of": ["information", "efficiency"]},
            "texts": {"columns": {"cases": ["title", "text"]}, "by": ["kind"]},
        }  # fmt: skip
    else:
        pd.DataFrame({"unit": units, "team": ["x", "x", "x", "y", "y", "y"]}).to_csv(
            folder / "agents.csv", index=False
        )
        config |= {"units": {"register": "agents.csv"}, "comparisons": []}
    if previous is not None:
        config["previous"] = f"../{previous.name}"
    text = yaml.safe_dump(config, allow_unicode=True)
    (folder / "edition.yaml").write_text(text, encoding="utf-8")
    return folder
