import io
import re
import subprocess
import time
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from indicators.nodes import Words
from report.release.about import ReleaseAbout, release_about
from report.release.papers import FILES
from report.release.release import write_release
from report.release.tidy import guarded, texts_of, tidy, unguarded
from report.results import SIMULATED
from survey.findings import InputError

NOTICE = ("模拟数据", "Simulated data")


def release(results, folder, **options):
    folder.mkdir()
    write_release(results, folder, options.pop("about", release_about(results)), **options)
    return folder


def test_the_readme_names_every_file(released):
    there = {path.name for path in released.iterdir()} - {"data"}
    assert there == {name for name in FILES if "*" not in name}
    for lang in ("zh", "en"):
        text = (released / f"README.{lang}.md").read_text(encoding="utf-8")
        assert all(f"`{name}`" in text for name in FILES)


def test_csv_comes_back_as_the_table_it_was(records, released):
    for name, table in tidy(records).items():
        content = (released / "data" / f"{name}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" not in content
        text = dict.fromkeys(texts_of(table), str)
        back = pd.read_csv(
            io.BytesIO(content), encoding="utf-8-sig", dtype=text, keep_default_na=False,
            na_values={column: [""] for column in table if column not in text},
        )  # fmt: skip
        assert list(back) == list(table)
        for column in table:
            own = table[column]
            if column in text:
                assert (unguarded(back[column]) == own.fillna("")).all(), (name, column)
            else:
                figures = back[column].to_numpy(dtype=float, na_value=np.nan)
                same = own.to_numpy(dtype=float, na_value=np.nan)
                assert np.array_equal(figures, same, equal_nan=True), (name, column)


def test_parquet_holds_values_and_words(records, released):
    for name, table in tidy(records).items():
        whole = pq.read_table(released / "data" / f"{name}.parquet")
        assert whole.column_names == list(table.columns)
        assert all(field.metadata[b"zh"] for field in whole.schema)
        assert "模拟数据" in whole.schema.metadata[b"notice_zh"].decode()
        back = whole.to_pandas()
        for column in table.columns:
            same = (back[column].astype(object) == table[column].astype(object)) | (
                back[column].isna() & table[column].isna()
            )
            assert same.all(), (name, column)


def test_checksums_are_checked_by_sha256sum(released):
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"],
        cwd=released,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    files = [path for path in released.rglob("*") if path.is_file()]
    assert len(done.stdout.splitlines()) == len(files) - 1


def test_same_results_give_the_same_bytes(records, released, tmp_path):
    again = release(records, tmp_path / "again")
    for path in released.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(released)).read_bytes(), path


def test_every_file_of_a_simulated_release_says_so(released):
    for path in released.rglob("*"):
        if path.suffix in (".md", ".html", ".json", ".cff") or path.name == "LICENSE":
            assert any(word in path.read_text(encoding="utf-8") for word in NOTICE), path
        if path.suffix == ".csv" and path.name != "codebook.csv":
            table = pd.read_csv(path, encoding="utf-8-sig")
            assert table[SIMULATED].all(), path


def test_real_data_are_not_called_simulated(published, tmp_path):
    out = release(published, tmp_path / "real")
    for path in out.rglob("*"):
        if path.suffix in (".md", ".html", ".json", ".cff", ".csv") or path.name == "LICENSE":
            text = path.read_text(encoding="utf-8")
            assert not any(word in text for word in NOTICE), path


def test_codebook_pages_describe_what_is_there(records, released):
    told = pd.read_csv(released / "codebook.csv", encoding="utf-8-sig")
    there = [(name, column) for name, table in tidy(records).items() for column in table]
    assert list(zip(told["table"], unguarded(told["column"]), strict=True)) == there
    assert told[["zh", "en", "type"]].notna().all(axis=None)
    for lang in ("zh", "en"):
        page = (released / f"codebook.{lang}.md").read_text(encoding="utf-8")
        assert re.findall(r"^## .* `(\w+)`$", page, re.MULTILINE) == list(tidy(records))
        rows = [line for line in page.splitlines() if line.startswith("| `")]
        assert len(rows) == len(there)
        assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in rows)


def test_citation_is_valid_cff(published, tmp_path):
    about = replace(release_about(published), publisher=Words(zh="某院", en="An institute"),
                    released=date(2022, 12, 1), doi="10.5281/zenodo.1", homepage="https://example.org/data")  # fmt: skip
    out = release(published, tmp_path / "cff", about=about)
    cff = yaml.safe_load((out / "CITATION.cff").read_text(encoding="utf-8"))
    allowed = {
        "cff-version", "message", "type", "title", "authors", "version", "abstract",
        "date-released", "license", "license-url", "doi", "url", "keywords",
    }  # fmt: skip
    assert {"cff-version", "message", "title", "authors"} <= set(cff) <= allowed
    assert cff["cff-version"] == "1.2.0" and cff["type"] == "dataset"
    assert cff["authors"] == [{"name": "某院"}]
    assert cff["date-released"] == "2022-12-01" and cff["license"] == "CC-BY-4.0"
    assert re.fullmatch(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-\.\(\)\[\]\\]+", cff["doi"])


def test_another_licence_is_named_everywhere(published, tmp_path):
    about = replace(release_about(published), licence="MulanPSL-2.0")
    out = release(published, tmp_path / "licence", about=about)
    for name in ("LICENSE", "README.zh.md", "README.en.md", "datapackage.json", "CITATION.cff"):
        text = (out / name).read_text(encoding="utf-8")
        assert "MulanPSL-2.0" in text and "CC-BY" not in text, name


def test_no_file_asks_for_anything_from_elsewhere(released):
    page = (released / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|img|link|iframe)|url\(|@import", page)
    links = re.findall(r'href="([^"]+)"', page)
    assert all((released / link).is_file() for link in links if not link.startswith("https://"))
    assert sum(link.startswith("data/") for link in links) == len(
        list((released / "data").iterdir())
    )


def test_the_page_is_in_the_language_of_the_results(records, tmp_path):
    out = release(records.told_in("en"), tmp_path / "en")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page and "open data" in page and "开放数据" not in page


def test_a_folder_with_something_in_it_is_refused(records, tmp_path):
    (tmp_path / "old").write_text("old")
    with pytest.raises(FileExistsError):
        write_release(records, tmp_path, release_about(records))


def test_a_table_without_words_is_refused(records, tmp_path):
    odd = replace(records, tables=dict(records.tables, odd=records["units"]))
    with pytest.raises(InputError, match="odd"):
        write_release(odd, tmp_path, release_about(odd))


def test_results_of_another_index_are_released(alerted, tmp_path):
    out = release(alerted, tmp_path / "agents")
    assert {"alerts.csv", "units.csv"} <= {path.name for path in (out / "data").iterdir()}
    assert "team" in (out / "codebook.zh.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "@A", "-2", "'=1", "''-3", "\t=1", "＝1", "'", "a=1", "'a", ""]
)
def test_guarded_texts_come_back_as_they_were(text):
    texts = pd.Series([text, "长沙", None], dtype="str")
    safe = guarded(texts)
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", safe[0])
    assert unguarded(safe).equals(texts)


def test_numbers_below_zero_are_not_guarded(records, tmp_path):
    table = records["grades"].assign(score=-records["grades"]["score"])
    below = replace(records, tables=dict(records.tables, grades=table))
    out = release(below, tmp_path / "below")
    back = pd.read_csv(out / "data/grades.csv", encoding="utf-8-sig")
    assert np.allclose(back["score"], table["score"])


def test_hundreds_of_cities_are_released_in_seconds(records, tmp_path):
    started = time.process_time()
    release(records, tmp_path / "timed")
    assert time.process_time() - started < 6


def test_about_is_frozen():
    about = ReleaseAbout(*(Words(zh="一", en="one"),) * 3)
    with pytest.raises(AttributeError):
        about.version = "2"  # type: ignore[misc]
