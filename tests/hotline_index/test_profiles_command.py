"""The command that writes profiles: which cities, where, and what it refuses."""

import shutil

import pytest
from click.testing import CliRunner

from hotline_index.edition import open_edition
from hotline_index.profiles_command import profiles


@pytest.fixture(scope="module")
def done(analysed_edition, tmp_path_factory):
    folder = tmp_path_factory.mktemp("done") / "small"
    shutil.copytree(analysed_edition, folder)
    return folder


def run(*arguments):
    return CliRunner().invoke(profiles, [str(each) for each in arguments])


def test_it_asks_for_a_run_first(edition):
    asked = run(edition)
    assert asked.exit_code == 1 and "hotline-index run" in asked.output


def test_it_writes_one_city_by_any_of_its_names_and_all_provinces(done, tmp_path):
    out = tmp_path / "one"
    written = run(done, "--unit", "长沙市", "-u", "beijing", "--out", out)
    assert written.exit_code == 0, written.output
    names = {path.name for path in out.iterdir()}
    assert names == {
        "430100-changsha.html", "430100-changsha.pdf", "110000-beijing.html",
        "110000-beijing.pdf", "index.html",
    }  # fmt: skip
    again = run(done, "--no-pdf", "--lang", "en", "--provinces")
    assert again.exit_code == 0, again.output
    folder = open_edition(done).publication("en") / "provinces"
    assert (folder / "hunan.html").is_file() and not list(folder.glob("*.pdf"))


def test_a_wrong_name_gets_the_nearest_right_one_and_writes_nothing(done, tmp_path):
    told = run(done, "--unit", "长沙士", "--unit", "nowhere", "--out", tmp_path / "x")
    assert told.exit_code == 1 and "长沙" in told.output and "nowhere" in told.output
    assert not (tmp_path / "x").exists()


def test_a_folder_with_other_things_is_not_replaced(done, tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    told = run(done, "--unit", "长沙", "--out", tmp_path, "--no-pdf")
    assert told.exit_code == 1 and "thesis.docx" in told.output
    assert (tmp_path / "thesis.docx").is_file()


def test_provinces_are_all_or_none(done):
    assert run(done, "--provinces", "--unit", "长沙").exit_code == 2


def test_a_few_profiles_never_replace_those_of_all(done):
    assert run(done, "--unit", "长沙").exit_code == 2
