"""Every broken or awkward file is read right, with a note, or refused with one clear error."""

import resource
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from broken_files import CASES, HEADER, Case, names
from record_files import ANSWERS, Names

from survey.findings import Finding, InputError, Severity
from survey.intake import read_records

RESPONSES = {"responses": ANSWERS["responses"]}
USUAL = {"optional-columns-absent", "unexpected-column"}
GIGABYTES = 2
HERE = Path(__file__).parent


def read(path: Path) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    records, findings = read_records({"responses": path}, Names(), RESPONSES)
    return records["responses"], findings


def plain(folder: Path, case: Case) -> pd.DataFrame:
    """What the records of a case are when they come from a plain file."""
    path = folder / "plain.csv"
    pd.DataFrame(case.records, columns=HEADER).to_csv(path, index=False)
    return read(path)[0]


def fate(case: Case, folder: Path) -> str:
    """Say in a word what became of a file, as the child process of a heavy case prints it."""
    try:
        read(case.build(folder))
    except InputError as error:
        return ",".join(finding.check for finding in error.findings)
    return ""


@pytest.mark.parametrize("name", [name for name in names(heavy=False) if not CASES[name].error])
def test_an_awkward_file_is_read_right_and_says_so(name, tmp_path):
    case = CASES[name]
    frame, findings = read(case.build(tmp_path))
    pd.testing.assert_frame_equal(
        frame.reset_index(drop=True), plain(tmp_path, case).reset_index(drop=True)
    )
    told: dict[str, int] = {}
    for finding in findings:
        if finding.check not in USUAL:
            assert finding.severity is Severity.NOTE
            assert finding.expected and finding.got and finding.hint and finding.file
            told[finding.check] = told.get(finding.check, 0) + finding.count
    assert told == case.notes


@pytest.mark.parametrize("name", [name for name in names(heavy=False) if CASES[name].error])
def test_a_broken_file_gets_one_clear_error(name, tmp_path):
    case = CASES[name]
    path = case.build(tmp_path)
    with pytest.raises(InputError) as caught:
        read(path)
    (finding,) = caught.value.findings
    assert (finding.check, finding.severity) == (case.error, Severity.ERROR)
    assert finding.file.endswith(path.name)
    assert (finding.row, finding.column) == (case.row, case.column)
    assert finding.expected and finding.got and finding.hint


@pytest.mark.parametrize("name", names(heavy=True))
def test_a_huge_file_is_refused_within_two_gigabytes(name, tmp_path):
    code = (
        "import resource, sys; from pathlib import Path\n"
        f"sys.path[:0] = {[str(HERE), str(HERE.parents[1])]!r}\n"
        "import broken_files, test_broken_files\n"
        f"case = broken_files.CASES[{name!r}]\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "path = case.build(folder)\n"
        "import dataclasses, test_broken_files as t\n"
        f"resource.setrlimit(resource.RLIMIT_AS, (t.room(), t.room()))\n"
        "print(t.fate(dataclasses.replace(case, build=lambda _: path), folder))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    assert done.stdout.strip() == CASES[name].error


def room() -> int:
    """Bytes of address space: what the process has, and two gigabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize() + GIGABYTES * 2**30


def test_there_are_many_kinds_and_each_tells_its_own():
    assert len(CASES) >= 40
    assert len({case.error for case in CASES.values()}) > 15
