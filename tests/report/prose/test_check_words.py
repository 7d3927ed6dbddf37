"""Every check that a reader may be told of has words, and words that read well."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from benchmarks.planters import PLANTERS
from report.prose.library import library
from survey.shoppers.measures import verdict

SOURCES = [
    path
    for place in (
        "survey/checks", "survey/files", "survey/sources", "survey/ledger", "survey/weighting",
        "survey/privacy", "survey/shoppers", "survey/selection", "survey/plan",
        "survey/intake.py", "survey/cells.py", "survey/spellings.py", "survey/tables.py",
        "survey/workbook.py", "survey/cities.py", "indicators/kpis/checks.py",
        "hotline_index/quality", "hotline_index/suppression",
    )
    for path in (sorted(Path(place).rglob("*.py")) if Path(place).is_dir() else [Path(place)])
]  # fmt: skip
MAKERS = {
    "Finding", "Fault", "Reading", "Refusal", "cases", "error", "fault", "noted", "refusal",
    "warning", "_infeasible", "_refusal",
}  # fmt: skip
"""What is called with the name of a check first."""
NOT_CHECKS = {
    "background-audio", "meta-entity-label", "hotline-index", "windows-euro", "yyyy-mm-dd",
    "survey-above-calls",
}  # fmt: skip
"""Texts with a hyphen that name something else."""
HYPHENATED = re.compile(r"[a-z]+(?:-[a-z]+)+")
TEXTS = {"name", "zh", "name_en", "en", "do", "do_en", "why", "why_en", "reference"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def names_in(source: str) -> set[str]:
    """Return texts that are hyphenated, and first arguments of what makes a finding."""
    tree = ast.parse(source)
    found = {text for text in texts(tree) if HYPHENATED.fullmatch(text)} - NOT_CHECKS
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if called in MAKERS and isinstance(first, ast.Constant):
                found |= {text for text in texts(first) if re.fullmatch("[a-z]+", text)}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_check_named_in_the_code_has_words(path):
    assert names_in(path.read_text("utf-8")) <= set(library("checks"))


def test_names_are_found_in_the_code():
    found = set().union(*(names_in(path.read_text("utf-8")) for path in SOURCES))
    assert {"masked", "total-row", "margins-missed", "typical-gap", "suppressed"} <= found
    assert len(found) > 120


def test_checks_whose_name_is_put_together_have_words():
    alphas = (float("nan"), 0.2, 0.7, 0.9)
    agreement = {
        verdict({"alpha": a, "alpha_low": a - 0.3, "alpha_high": a + 0.05}, 100) for a in alphas
    }
    wanted = {f"agreement-{each}" for each in agreement - {"reliable", "tentative", "too_few"}}
    wanted |= {"shopper-severe", "shopper-lenient", "adjusted-grade-moves", "adjusted-rank-moves"}
    assert wanted <= set(library("checks"))


def test_every_planted_fault_has_words():
    assert set(PLANTERS) <= set(library("checks"))


@pytest.mark.parametrize("check", library("checks"))
def test_words_of_a_check_are_whole(check):
    words = library("checks")[check]
    assert {"name", "zh", "name_en", "en"} <= set(words) <= TEXTS
    assert all(isinstance(text, str) and text.strip() == text != "" for text in words.values())
    for name in ("do", "why"):
        assert (name in words) == (f"{name}_en" in words)
    for name, text in words.items():
        if name.endswith("en"):
            assert not CHINESE.search(text)
        elif name != "reference":
            assert CHINESE.search(text)
    for name in ("name", "name_en", "do", "do_en", "why", "why_en"):
        assert "{" not in words.get(name, "")
    for name in ("zh", "en"):
        fields = {field for _, field, _, _ in Formatter().parse(words[name]) if field}
        assert fields <= {"count", "column"}


def test_a_sentence_does_not_repeat_its_name():
    said = library("checks").items()
    assert [check for check, words in said if words["name"] in words["zh"]] == []


def test_no_two_checks_are_called_alike():
    for name in ("name", "name_en"):
        called = [words[name] for words in library("checks").values()]
        assert len(set(called)) == len(called)
