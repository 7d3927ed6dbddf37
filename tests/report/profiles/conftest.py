"""Profiles of the synthetic cities, and the results of a small campaign with a year before it."""

import html
import re
import shutil
from pathlib import Path

import pytest
import yaml

from hotline_index.edition import open_edition
from hotline_index.simulation import simulate_edition
from hotline_index.steps import analyse
from report.profiles import write_profiles, write_provinces
from report.results import Results


def changed(folder: Path, **keys) -> Path:
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def two_years(small_edition, tmp_path_factory) -> Results:
    root = tmp_path_factory.mktemp("profile-years")
    before, now = root / "before", root / "now"
    shutil.copytree(small_edition, now)
    shutil.copytree(small_edition, before)
    plan = yaml.safe_load((before / "edition.yaml").read_text(encoding="utf-8"))["simulation"]
    changed(before, edition="before", simulation=plan | {"seed": 99})
    simulate_edition(open_edition(before))
    changed(now, previous="../before", peers=["region"], method={"draws": 64, "base": 64})
    return analyse(open_edition(now))[0]


@pytest.fixture(scope="session")
def all_pages(records, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("profiles")
    assert write_profiles(records, out, pdf=False) == 335
    return out


@pytest.fixture(scope="session")
def province_pages(records, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("provinces")
    assert write_provinces(records, out, pdf=False) == 31
    return out


@pytest.fixture(scope="session")
def text_of():
    """Return what a page shows, without styles and scripts."""

    def read(path: Path) -> str:
        text = re.sub(r"(?s)<(style|script)>.*?</\1>", " ", path.read_text(encoding="utf-8"))
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))

    return read
