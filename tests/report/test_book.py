import os
from pathlib import Path

import pandas as pd
import pytest

from report.book import ENVIRONMENT, open_book
from report.results import EDITION_FILE, Results, write_results


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "edition.yaml").touch()
    folder = tmp_path / "results"
    folder.mkdir()
    _write(folder, 1)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    return folder


def _write(folder: Path, score: int) -> None:
    table = pd.DataFrame({"unit": ["甲"], "score": [score]})
    write_results(Results({"simulated": True}, {"scores": table}), folder)


def test_what_a_chapter_changes_is_its_own(results: Path) -> None:
    first = open_book()
    first["scores"]["score"] = 7
    first["scores"].loc[0, "unit"] = "乙"
    assert open_book("en")["scores"].to_dict("list") == {"unit": ["甲"], "score": [1]}


def test_new_results_are_read(results: Path) -> None:
    open_book()
    _write(results, 2)
    later = (results / EDITION_FILE).stat().st_mtime_ns + 1_000_000_000
    os.utime(results / EDITION_FILE, ns=(later, later))
    assert open_book()["scores"]["score"].tolist() == [2]
