"""Texts that others wrote stay text, whatever is in them."""

import json

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prose_tables import frame, with_tables

from report.names import unit_names
from report.prose import cases, changes, commended, problems
from report.prose.cases import plain

HOSTILE = [
    "<script>alert(1)</script>", "**重** _斜_ `码`", "# 标题", "- 列", "1. 列", "(a) 列", "::: {.x}", ":::",
    "[链](https://example.org)", "![图](x.png)", "$x^2$", "{{< pagebreak >}}", "@fig-x", "^[注]", "| a | b |",
    "&lt;b&gt;", "=cmd()", "```{python}\n1/0\n```", "a\n\n---\n\nb", "<!-- 注 -->", "\\input{x}", "~~删~~",
    "甲\u202e乙\u200b丙",
]  # fmt: skip
PLAIN = {"Str", "Space", "SoftBreak", "Quoted"}


def kinds(markdown: str) -> tuple[list[str], set[str]]:
    """Return the kinds of the blocks, and those of all inlines below them."""
    tree = json.loads(pypandoc.convert_text(markdown, "json", "markdown+east_asian_line_breaks"))
    inlines: set[str] = set()

    def walk(node: object, depth: int = 0) -> None:
        if isinstance(node, dict):
            if depth:
                inlines.add(str(node.get("t")))
            for value in node.values():
                walk(value, depth + 1)
        elif isinstance(node, list):
            for value in node:
                walk(value, depth)

    (box,) = tree["blocks"]
    blocks = [block["t"] for block in box["c"][1]]
    for block in box["c"][1]:
        walk(block["c"], 1)
    return blocks, inlines


@pytest.mark.parametrize("text", HOSTILE)
def test_a_case_of_hostile_text_is_one_box_of_plain_words(full, text):
    table = frame(
        "case_id unit kind title text score reviewers", ("k1", "北京", text, text, text, 9.0, 1)
    )
    boxes = cases.case_boxes(with_tables(full, cases=table))
    blocks, inlines = kinds(boxes)
    assert blocks == ["Header", "Para", "Para"]
    assert inlines <= PLAIN | {"DoubleQuote", "SingleQuote"}


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf"]), max_size=40))
def test_any_text_is_plain_words(text):
    blocks, inlines = kinds(
        f"::: {{.callout-tip}}\n## 甲：{plain(text)}\n\n案例：{plain(text)}\n:::\n"
    )
    assert blocks == ["Header", "Para"]
    assert inlines <= PLAIN | {"DoubleQuote", "SingleQuote"}


def test_long_texts_are_cut_and_signs_that_turn_text_are_gone():
    assert len(plain("长" * 1000)) == cases.LONGEST + 1
    assert plain("甲\u202e乙") == "甲 乙"
    assert plain(None) == plain(float("nan")) == ""


@pytest.mark.parametrize("name", ["<b>城</b>", "甲|乙", "*城*", "[a](b)"])
def test_a_city_of_hostile_name_stays_text(full, name):
    first = full["units"]["unit"].iloc[0]
    tables = {
        key: table.replace({"unit": {first: name}})
        for key, table in full.tables.items()
        if "unit" in table
    }
    made = with_tables(full, **tables)
    assert name in unit_names(made).values()
    for tell in (changes.ranks, changes.rank_table, commended.improved, problems.problem_table):
        assert name not in tell(made)
