"""Keywords: which words many documents hold, and which set a group apart from the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.texts.segment import Segmenter
from survey.findings import Finding, Severity

LEAST = 5
"""Words and groups of fewer documents are not published."""
PRIOR = 500.0
"""Mentions that the prior of `log_odds` is worth."""
COLUMNS = [
    "by", "group", "rank", "term", "documents", "share", "frequency", "tf_idf", "log_odds", "z",
]  # fmt: skip


@dataclass(frozen=True)
class TermCounts:
    """How often each document holds each word.

    Parameters
    ----------
    documents
        As from `analysis.texts.documents.documents_of`, D rows.
    terms
        Words in alphabetical order, length T.
    document, term, count
        Place of the document, place of the term, and how often; one entry a pair that occurs.
    """

    documents: pd.DataFrame
    terms: tuple[str, ...]
    document: np.ndarray
    term: np.ndarray
    count: np.ndarray

    def mentions(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return in how many of some documents each word stands, and how often; shape (T,)."""
        own = chosen[self.document]
        size = len(self.terms)
        return (
            np.bincount(self.term[own], minlength=size),
            np.bincount(self.term[own], self.count[own], size).astype(int),
        )


def count_terms(documents: pd.DataFrame, segmenter: Segmenter) -> TermCounts:
    """Count the telling words of every document."""
    counted = [Counter(segmenter.words(text)) for text in documents["text"]]
    terms = sorted(set().union(*counted))
    place = {term: at for at, term in enumerate(terms)}
    pairs = [
        (at, place[term], times)
        for at, counts in enumerate(counted)
        for term, times in counts.items()
    ]
    document, term, count = np.array(pairs, dtype=int).reshape(-1, 3).T
    return TermCounts(documents, tuple(terms), document, term, count)


def keyword_table(
    counts: TermCounts, by: Sequence[str] = (), *, most: int = 50, least: int = LEAST
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """List the words that most documents hold, and those that set groups apart.

    Parameters
    ----------
    counts
        As from `count_terms`.
    by
        Columns of the documents that make groups.
    most
        Words listed of all documents, and of each group.
    least
        Words in fewer documents, and groups of fewer, are left out.

    Returns
    -------
    keywords
        Columns by, group, rank, term, documents (that hold the word), share (of the group's),
        frequency, tf_idf, log_odds, z. First all documents, with an empty group and without
        log_odds, by documents; then of each group the words that stand out in it, by z.
    findings
        Words and groups left out as too small, and documents without a group.

    Notes
    -----
    ``tf_idf`` is frequency times the logarithm of all documents over those that hold the word
    (Sparck Jones 1972, Journal of Documentation 28:11-21). Groups are set against all other
    documents that have one, by `log_odds` of the numbers of documents that hold each word: a word
    counts once a document, as people repeat themselves.
    """
    every = np.ones(len(counts.documents), dtype=bool)
    held = counts.mentions(every)[0]
    table, found = [_listed(counts, ("", ""), every, (held >= least, held), most)], []
    if rare := int((held < least).sum()):
        found.append(
            Finding(
                "rare-terms", Severity.NOTE, expected=f"words in {least} documents or more",
                got=f"{rare} of {len(held)} in fewer", hint="not listed", count=rare,
            )
        )  # fmt: skip
    for column in by:
        groups = counts.documents[column]
        grouped = groups.notna().to_numpy(dtype=bool)
        sizes = groups.value_counts()
        found += _left_out(column, int((~grouped).sum()), sizes[sizes < least])
        for group in sorted(sizes[sizes >= least].index, key=str):
            own = (groups == group).to_numpy(dtype=bool, na_value=False)
            inside = counts.mentions(own)[0]
            outside = counts.mentions(grouped & ~own)[0]
            if not outside.sum():
                continue
            odds, z = log_odds(inside, outside, PRIOR * held / held.sum())
            part = _listed(
                counts, (column, str(group)), own, ((inside >= least) & (z > 0), z), most
            )
            place = {term: at for at, term in enumerate(counts.terms)}
            at = [place[term] for term in part["term"]]
            table.append(part.assign(log_odds=odds[at], z=z[at]))
    listed = pd.concat(table, ignore_index=True)
    idf = np.log(len(counts.documents) / np.maximum(held, 1))
    weight = dict(zip(counts.terms, idf, strict=True))
    listed["tf_idf"] = listed["frequency"] * listed["term"].map(weight).astype(float)
    return listed[COLUMNS], tuple(found)


def log_odds(own: np.ndarray, rest: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compare how much two groups use each word, shrunk towards what all use.

    Parameters
    ----------
    own, rest
        Mentions of each word in the group and in the others, shape (T,).
    prior
        Mentions that each word is given beforehand, above 0; as shares of the whole times the
        weight of the prior they are informative.

    Returns
    -------
    log_odds
        Difference of the logarithms of the odds, shape (T,).
    z
        That over its standard deviation.

    Notes
    -----
    Monroe, Colaresi and Quinn (2008), Political Analysis 16:372-403: the log-odds-ratio with an
    informative Dirichlet prior, and its z-score.
    """
    first, second, total = own + prior, rest + prior, prior.sum()
    odds = np.log(first / (own.sum() + total - first)) - np.log(
        second / (rest.sum() + total - second)
    )
    return odds, odds / np.sqrt(1 / first + 1 / second)


def _listed(
    counts: TermCounts,
    group: tuple[str, str],
    chosen: np.ndarray,
    ranking: tuple[np.ndarray, np.ndarray],
    most: int,
) -> pd.DataFrame:
    """List the terms of a group that may be told, by a figure from the highest."""
    told, figure = ranking
    held, often = counts.mentions(chosen)
    order = np.lexsort((np.arange(len(figure)), -held, -figure))
    at = order[told[order]][:most]
    return pd.DataFrame(
        {
            "by": group[0], "group": group[1], "rank": np.arange(len(at)) + 1,
            "term": [counts.terms[place] for place in at], "documents": held[at],
            "share": held[at] / max(int(chosen.sum()), 1), "frequency": often[at],
            "log_odds": np.nan, "z": np.nan,
        }
    )  # fmt: skip


def _left_out(column: str, ungrouped: int, small: pd.Series) -> list[Finding]:
    found = []
    if ungrouped:
        found.append(
            Finding(
                "ungrouped-texts", Severity.NOTE, column=column, expected="a group for every text",
                got=f"{ungrouped} without", hint="left out of the comparison", count=ungrouped,
            )
        )  # fmt: skip
    if len(small):
        found.append(
            Finding(
                "small-text-groups", Severity.NOTE, column=column,
                expected="groups with enough texts to be published",
                got=f"{len(small)} with fewer", hint="not listed by themselves", count=len(small),
            )
        )  # fmt: skip
    return found
