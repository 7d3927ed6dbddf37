"""Topics: how many documents mention each of the topics of a lexicon."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from analysis.texts.documents import plain
from analysis.texts.keywords import LEAST
from analysis.texts.segment import Segmenter
from indicators.nodes import Name
from survey.findings import Finding, Severity
from survey.yaml_source import Strict, read_yaml

TOPICS = Path(__file__).with_name("topics.yaml")
NO_TOPIC = ("none", "未归入主题", "no topic")
EXAMPLES = 3
COLUMNS = [
    "by", "group", "topic", "zh", "en", "documents", "share", "words", "examples",
]  # fmt: skip


class Topic(Strict):
    """What people may write about.

    Parameters
    ----------
    zh, en
        Labels.
    words
        Words and phrases that tell of it.
    """

    zh: str
    en: str
    words: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_words(self) -> "Topic":
        if blank := [word for word in self.words if len(plain(word)) < 2]:
            raise ValueError(f"words of two characters or more (there is {blank[0]!r})")
        return self


class Topics(Strict):
    """A lexicon of topics, as its YAML file states it.

    Parameters
    ----------
    topics
        By id. A word may tell of several.
    """

    topics: Annotated[dict[Name, Topic], Field(min_length=1)]

    @model_validator(mode="after")
    def _not_reserved(self) -> "Topics":
        if NO_TOPIC[0] in self.topics:
            raise ValueError(f"ids other than the reserved {NO_TOPIC[0]}")
        return self

    @cached_property
    def words(self) -> dict[str, tuple[int, ...]]:
        """The places of the topics that each `plain` word tells of."""
        told: dict[str, tuple[int, ...]] = {}
        for place, topic in enumerate(self.topics.values()):
            for word in dict.fromkeys(plain(word) for word in topic.words):
                told[word] = (*told.get(word, ()), place)
        return told


def read_topics(path: Path | None = None) -> Topics:
    """Read a lexicon; that of hotlines by default.

    Raises
    ------
    InputError
        With every wrong key at once.
    """
    return read_yaml(path or TOPICS, Topics)


@dataclass(frozen=True)
class Mentions:
    """Which documents mention which topic.

    Parameters
    ----------
    documents
        As from `analysis.texts.documents.documents_of`, D rows.
    topics
        The lexicon, T topics.
    said
        Whether a document mentions a topic. Bool, shape (D, T).
    words
        The words found in each document, length D.
    """

    documents: pd.DataFrame
    topics: Topics
    said: np.ndarray
    words: tuple[frozenset[str], ...]


def find_mentions(documents: pd.DataFrame, topics: Topics, segmenter: Segmenter) -> Mentions:
    """Find the words of a lexicon in every document.

    Parameters
    ----------
    documents
        As from `analysis.texts.documents.documents_of`.
    topics, segmenter
        The lexicon, and what cuts texts into words; best one that knows the lexicon's words.

    Notes
    -----
    Texts are searched from left to right for the longest word that fits (so that 不满意 is not
    taken for 满意). What starts inside one word and ends inside another, as 接通 in 直接通知, is
    chance and does not count. A mention says what a text is about, not whether it is praise.
    """
    longest_first = sorted(topics.words, key=lambda word: (-len(word), word))
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    words = tuple(frozenset(_found(text, pattern, segmenter)) for text in documents["text"])
    said = np.zeros((len(documents), len(topics.topics)), dtype=bool)
    for place, of in enumerate(words):
        for word in of:
            said[place, list(topics.words[word])] = True
    return Mentions(documents, topics, said, words)


def _found(text: str, pattern: re.Pattern[str], segmenter: Segmenter) -> list[str]:
    found, place, edges = [], 0, frozenset[int]()
    while match := pattern.search(text, place):
        edges = edges or segmenter.edges(text)
        start, end = match.span()
        by_chance = (
            start not in edges
            and end not in edges
            and any(between in edges for between in range(start + 1, end))
        )
        place = start + 1 if by_chance else end
        if not by_chance:
            found.append(match[0])
    return found


def topic_table(
    mentions: Mentions, by: Sequence[str] = (), *, least: int = LEAST
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Count the documents that mention each topic, over all and by group.

    Parameters
    ----------
    mentions
        As from `find_mentions`.
    by
        Columns of the documents that make groups.
    least
        Groups of fewer documents are left out, and counts from 1 to below it blanked.

    Returns
    -------
    topics
        Columns by, group, topic, zh, en, documents, share (of the group's documents), words (of
        the lexicon that at least `least` documents hold, with their number), examples (ids of
        the first records). First all documents, with an empty group; in each group topics in the
        order of the lexicon and, last, the documents that mention none.
    findings
        Documents without a topic, blanked counts, and groups left out as too small.
    """
    documents = mentions.documents
    parts, found = [("", "", np.ones(len(documents), dtype=bool))], []
    for column in by:
        sizes = documents[column].value_counts()
        parts += [
            (column, str(group), (documents[column] == group).to_numpy(dtype=bool, na_value=False))
            for group in sorted(sizes[sizes >= least].index, key=str)
        ]
        if small := int((sizes < least).sum()):
            found.append(
                Finding(
                    "small-text-groups", Severity.NOTE, column=column,
                    expected="groups with enough texts to be published",
                    got=f"{small} with fewer", hint="not listed by themselves", count=small,
                )
            )  # fmt: skip
    rows = [row for part in parts for row in _rows(mentions, part, least)]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"documents": "Int64", "share": float})
    silent = int((~mentions.said.any(axis=1)).sum())
    if silent:
        found.append(
            Finding(
                "texts-without-topic", Severity.NOTE, expected="a topic for every text",
                got=f"{silent} of {len(documents)} without",
                hint="read some of them; the lexicon may lack words", count=silent,
            )
        )  # fmt: skip
    if blanked := int(table["documents"].isna().sum()):
        found.append(
            Finding(
                "blanked-topics", Severity.NOTE, expected=f"counts of {least} or more, or 0",
                got=f"{blanked} smaller", hint="blanked", count=blanked,
            )
        )  # fmt: skip
    return table, tuple(found)


def _rows(mentions: Mentions, part: tuple[str, str, np.ndarray], least: int) -> list[list[object]]:
    by, group, chosen = part
    said = np.column_stack([mentions.said, ~mentions.said.any(axis=1)]) & chosen[:, None]
    lexicon = [(name, t.zh, t.en) for name, t in mentions.topics.topics.items()]
    told: dict[str, int] = {}
    for of in np.flatnonzero(chosen):
        for word in mentions.words[of]:
            told[word] = told.get(word, 0) + 1
    rows: list[list[object]] = []
    for place, (name, zh, en) in enumerate([*lexicon, NO_TOPIC]):
        n = int(said[:, place].sum())
        hidden = 0 < n < least
        words = [
            f"{word} {count}"
            for word, count in sorted(told.items(), key=lambda each: (-each[1], each[0]))
            if count >= least and place in mentions.topics.words[word]
        ]
        ids = mentions.documents["record"][said[:, place]].head(EXAMPLES).astype(str)
        rows.append(
            [
                by, group, name, zh, en, pd.NA if hidden else n,
                np.nan if hidden else n / max(int(chosen.sum()), 1),
                "" if hidden else "; ".join(words), "" if hidden else "; ".join(ids),
            ]
        )  # fmt: skip
    return rows
