"""A small simulated edition of twelve cities, made once and copied for each test."""

import gc
import os
import re
import shutil
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from hotline_index.edition import open_edition
from hotline_index.pipeline import run
from hotline_index.simulation import simulate_edition
from report.garbage import SELDOM

gc.set_threshold(*SELDOM)
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

ROOT = Path(__file__).parent.parent
CITIES = [
    "北京",
    "上海",
    "广州",
    "长沙",
    "佛山",
    "苏州",
    "黄冈",
    "遵义",
    "周口",
    "亳州",
    "保定",
    "吉林",
]


LONGEST = ("tests/notebooks", "tests/hotline_index/test_editions")


class WholeFiles(LoadScopeScheduling):
    """Keep the tests of a file in one process, and all files that look at one publication.

    The groups of xdist 3.8 cannot: they stand in a node id that pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", maxsplit=1)[0]
        return "publication" if looks_at_the_publication(path) else path


@cache
def looks_at_the_publication(path: str) -> bool:
    text = (ROOT / path).read_text(encoding="utf-8")
    return re.search(r"^def \w+\([^)]*\bpublication\b", text, re.MULTILINE) is not None


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return WholeFiles(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no process waits for them at the end."""

    def is_short(item: pytest.Item) -> bool:
        path = str(item.path.relative_to(ROOT))
        return not (path.startswith(LONGEST) or looks_at_the_publication(path))

    items.sort(key=is_short)


CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture(scope="session")
def browser():
    """Start a headless browser; Playwright runs once in a process, so all tests share it."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def small_edition(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("editions") / "small"
    folder.mkdir()
    config = yaml.safe_load((ROOT / "editions/demo/edition.yaml").read_text(encoding="utf-8"))
    config |= {
        "edition": "small",
        "units": {"sample": "sample.csv"},
        "comparisons": ["region", "coastal"],
    }
    config["simulation"]["like"] = str(ROOT / "editions/2021/data")
    config["simulation"] |= {"start": "2021-09-06", "end": "2021-09-24"}
    config["uncertainty"]["replicates"] = 100
    config["grading"] = {"shares": {"A": 3, "B": 6, "C": 3}}
    (folder / "edition.yaml").write_text(
        yaml.safe_dump(config, allow_unicode=True), encoding="utf-8"
    )
    pd.DataFrame({"unit": CITIES}).to_csv(folder / "sample.csv", index=False)
    simulate_edition(open_edition(folder))
    return folder


@pytest.fixture(scope="session")
def analysed_edition(small_edition, tmp_path_factory) -> Path:
    """The small edition with its results; tests only look at it, or copy it."""
    folder = tmp_path_factory.mktemp("analysed") / "small"
    shutil.copytree(small_edition, folder)
    run(folder, langs=())
    return folder


@pytest.fixture(scope="session")
def publication(analysed_edition, tmp_path_factory) -> Path:
    """The small edition, published in both languages; tests only look at it."""
    folder = tmp_path_factory.mktemp("published") / "small"
    shutil.copytree(analysed_edition, folder)
    run(folder, langs=("zh", "en"))
    return folder


@pytest.fixture
def edition(small_edition, tmp_path) -> Path:
    folder = tmp_path / "small"
    shutil.copytree(small_edition, folder)
    return folder
