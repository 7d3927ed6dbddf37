"""The house: imports run downward only, and start-up stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("survey", "indicators", "analysis", "report", "hotline_index")


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_run_downward_only(floor):
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    for path in (ROOT / floor).rglob("*.py"):
        assert not imported(path) & above, path


def test_help_loads_no_heavy_package():
    code = "import hotline_index.cli, sys; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"pandas", "numpy", "scipy", "statsmodels", "matplotlib", "seaborn", "pydantic", "rich"}
    assert not heavy & set(loaded.stdout.split())


def test_an_indicator_system_is_read_without_statistics_or_drawing():
    code = (
        "from indicators.system_file import load_system; load_system('hotline-2021'); "
        "import sys; print(*{m.split('.')[0] for m in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"scipy", "statsmodels", "matplotlib", "seaborn"} & set(loaded.stdout.split())
