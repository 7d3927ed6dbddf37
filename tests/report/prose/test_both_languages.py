"""Every sentence is told in Chinese and in English, with the same figures, in any edition."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache, partial

import pandas as pd
import pytest
from prose_tables import without

from report.prose import (
    advising,
    calls,
    cases,
    changes,
    commended,
    deadlines,
    dictionary,
    groups,
    index_audit,
    method,
    problems,
    provenance,
    published_lists,
    uncertainty,
    unusual,
    waiting,
)
from report.results import Results

MANIFEST = {
    "simulated": True,
    "inputs": {"demo/data/calls.csv": "7b" * 32},
    "outputs": {"grades.csv": "a1" * 32},
    "configuration": {"uncertainty": {"level": 0.95}},
    "system": {"id": "s", "title": {"zh": "体系", "en": "System"}},
    "seed": 7,
    "code": "cd" * 32,
    "versions": {"numpy": "2.4.6"},
}
FACTORS = ("region", "level", "tier", "coastal", "commended", "province")
TOLD: dict[str, Callable[[Results], str]] = {
    f"{module.__name__.rpartition('.')[2]}.{name}": getattr(module, name)
    for module, names in (
        (unusual, "unusual funnel_note unusual_table"),
        (calls, "connection slots channels connection_table how_connected interval_note"),
        (waiting, "waiting waiting_all waiting_table how_waited"),
        (deadlines, "deadlines"),
        (changes, "no_previous national by_audience indicators_moved national_table bridge ranks "
                  "rank_table chain"),
        (problems, "rule problem_table weak unit_gaps"),
        (advising, "basis advice unclear by_quadrant"),
        (cases, "cases_intro"),
        (commended, "by_rule most_improved in_regions"),
        (published_lists, "printed none_of_ours"),
        (uncertainty, "no_records ranks scores_and_cuts cuts_table widest"),
        (method, "choices ways_of_grading options_table leave_one_out leave_one_out_table "
                 "schemes_table"),
        (index_audit, "summary by_check not_passed"),
        (dictionary, "summary"),
        (provenance, "sources"),
    )
    for name in names.split()
}  # fmt: skip
TOLD |= {f"groups.about {factor}": partial(groups.about, factor=factor) for factor in FACTORS}
TOLD |= {f"groups.odds {factor}": partial(groups.odds, factor=factor) for factor in FACTORS}
TOLD |= {f"groups.table {factor}": partial(groups.group_table, factor=factor) for factor in FACTORS}
TOLD |= {
    f"problems.clear_ones {kind}": partial(problems.clear_ones, kind=kind)
    for kind in problems.KINDS
}
TOLD |= {
    f"provenance.{name}": partial(getattr(provenance, name), manifest=manifest)
    for name in ("provenance", "inputs_table", "settings_table")
    for manifest in (MANIFEST,)
}
WORDS_OF_OTHERS: dict[str, Callable[[Results], str]] = {
    "cases.case_boxes": cases.case_boxes,
    "dictionary.overview": dictionary.overview,
    "dictionary.columns": dictionary.columns,
}
"""These hold texts as handed in, and the codebook's, whose figures need not agree."""
NUMBER = re.compile(r"\d+(?:\.\d+)?")
CHINESE = re.compile(r"[\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\uff01-\uffef]")
LEFTOVER = re.compile(r"\bnan\b|None|<NA>|\{[a-z]")


EDITIONS = ("full", "records", "published", "no tables")


@pytest.fixture(scope="module")
def told(full, records, published) -> Callable[[str, str], tuple[str, str]]:
    """Tell something of an edition in Chinese and in English, each once."""
    editions = {
        "full": full,
        "records": without(records, "slots"),
        "published": published,
        "no tables": without(full, *(set(full.tables) - {"units", "indicators"})),
    }

    @cache
    def tell(edition: str, name: str) -> tuple[str, str]:
        words = {**TOLD, **WORDS_OF_OTHERS}[name]
        zh, en = (words(editions[edition].told_in(lang)) for lang in ("zh", "en"))
        return zh, en

    return tell


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", TOLD)
def test_both_languages_hold_the_same_figures(told, edition, name):
    zh, en = told(edition, name)
    assert bool(zh) == bool(en)
    assert Counter(NUMBER.findall(zh)) == Counter(NUMBER.findall(en))


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", [*TOLD, *WORDS_OF_OTHERS])
def test_english_is_english_and_nothing_is_left_unfilled(told, edition, name):
    zh, en = told(edition, name)
    for text in (zh, en):
        assert not LEFTOVER.search(text.replace("{.callout-tip}", ""))
    if name != "cases.case_boxes":
        assert CHINESE.findall(en) == []


@pytest.mark.parametrize("name", TOLD)
def test_the_full_edition_leaves_nothing_untold(told, name):
    silent = {"no_previous", "no_records", "none_of_ours", "printed"}
    if name.split(".")[1] not in silent and not name.startswith(
        ("groups.odds", "groups.table tier")
    ):
        assert told("full", name)[0]


@pytest.mark.parametrize("name", [name for name in TOLD if "table" not in name])
def test_every_paragraph_ends_as_a_sentence_does(told, name):
    if name.split(".")[1] in {"widest", "in_regions", "by_check", "not_passed"}:
        return
    for text, ends in zip(told("full", name), ("。：", ".:"), strict=True):
        for line in filter(None, text.splitlines()):
            assert line.startswith("#") or line[-1] in ends or name == "provenance.sources", line


@pytest.mark.parametrize("name", TOLD)
def test_figures_and_tables_are_referred_to_with_spaces_around(told, name):
    for text in told("full", name):
        for before, after in re.findall(r"(.?)@(?:fig|tbl|sec)-[\w-]*[a-z](.?)", text):
            assert before in (" ", "")
            assert after in (" ", "")


BASE = {"units", "indicators", "grades", "composition", "sample"}
"""Tables that every edition with records has."""


class Watched(dict[str, pd.DataFrame]):
    """Tables that remember which of them were asked for."""

    asked: set[str]

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.asked.add(name)
        return super().__getitem__(name)


@pytest.mark.parametrize("name", TOLD)
def test_every_sentence_can_do_without_any_table_that_it_takes(full, name):
    watched = Watched(full.tables)
    watched.asked = set()
    TOLD[name](Results(full.meta, watched))
    for table in sorted(watched.asked & set(full.tables) - BASE):
        TOLD[name](without(full, table))
