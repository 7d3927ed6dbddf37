"""An edition whose calls lie in many sheets is the edition whose calls lie in one file."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from hotline_index.edition import open_edition
from hotline_index.manifest import fingerprint
from hotline_index.progress import Quiet
from hotline_index.queries import trace_edition
from hotline_index.reading import plain_scores, read_and_inspect

SHEETS = 5


@pytest.fixture(scope="module")
def sheets(small_edition, tmp_path_factory) -> Path:
    """The small edition with its calls dealt to sheets by shopper."""
    folder = tmp_path_factory.mktemp("sheets") / "small"
    shutil.copytree(small_edition, folder)
    calls = pd.read_csv(folder / "data/calls.csv", dtype=str)
    (folder / "data/sheets").mkdir()
    for at, (_, own) in enumerate(calls.groupby(pd.factorize(calls["shopper"])[0] % SHEETS)):
        own.to_excel(folder / f"data/sheets/{at}.xlsx", index=False)
    (folder / "data/calls.csv").unlink()
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config["data"]["calls"] = "data/sheets/*.xlsx"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return folder


def test_scores_are_those_of_one_file(small_edition, sheets):
    one, _ = plain_scores(open_edition(small_edition), Quiet())
    many, _ = plain_scores(open_edition(sheets), Quiet())
    for indicator in ("total", "standards", "satisfaction"):
        pd.testing.assert_series_equal(one.of(indicator), many.of(indicator))


def test_what_checks_find_lies_in_a_sheet_and_a_row_of_it(sheets, tmp_path):
    folder = shutil.copytree(sheets, tmp_path / "small")
    path = folder / "data/sheets/3.xlsx"
    own = pd.read_excel(path, dtype=str, engine="calamine")
    pd.concat([own, own.iloc[[4]].assign(call_id="copy")]).to_excel(path, index=False)
    _, checked, _ = read_and_inspect(open_edition(folder))
    (finding,) = [each for each in checked.findings if each.check == "duplicate-records"]
    assert (Path(finding.file).name, finding.row) == ("3.xlsx", len(own) + 2)
    assert own["call_id"][4] in finding.got and "copy" in finding.got


def test_a_trace_names_the_sheet_and_the_row_of_every_answer(sheets):
    found = trace_edition(open_edition(sheets), "长沙", "standards", "citizen").records
    assert len(found) > 10 and list(found)[:3] == ["table", "row", "file"]
    held = {
        path.name: pd.read_excel(path, dtype=str, engine="calamine")
        for path in (sheets / "data/sheets").iterdir()
    }
    at = zip(found["file"], found["row"], strict=True)
    named = [held[Path(file).name].loc[row - 2, "call_id"] for file, row in at]
    assert named == found["record"].tolist()


def test_a_trace_of_one_file_has_no_column_of_files(small_edition):
    found = trace_edition(open_edition(small_edition), "长沙", "standards", "citizen").records
    assert "file" not in found


def test_another_sheet_makes_other_results(sheets, tmp_path):
    folder = shutil.copytree(sheets, tmp_path / "small")
    before = fingerprint(open_edition(folder))["inputs"]
    assert sum("data/sheets/" in name for name in before) == SHEETS
    shutil.copy(folder / "data/sheets/0.xlsx", folder / "data/sheets/new.xlsx")
    after = fingerprint(open_edition(folder))["inputs"]
    assert len(after) == len(before) + 1
