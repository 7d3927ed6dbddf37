"""The free texts of an edition, counted, as tables of its results."""

from pathlib import Path

import pandas as pd

from analysis.texts.documents import documents_of
from analysis.texts.keywords import count_terms, keyword_table
from analysis.texts.segment import Segmenter
from analysis.texts.topics import find_mentions, read_topics, topic_table
from hotline_index.comparing import Compared, Tables, joined
from hotline_index.edition import Edition
from indicators.scores import Scores


def count_texts(
    edition: Edition, scores: Scores, grades: pd.DataFrame, units: pd.DataFrame
) -> Compared:
    """Count the words and topics of the texts that an edition names.

    Parameters
    ----------
    edition
        The edition; without ``texts`` nothing is counted.
    scores
        Scores with their records.
    grades
        Columns unit, grade.
    units
        The units with what the register knows of them.

    Returns
    -------
    The tables ``keywords`` and ``topics``, with a column ``table`` in front.
    """
    settings = edition.config.texts
    if settings is None:
        return {}, ()
    known = units.merge(grades[["unit", "grade"]], on="unit", how="left").set_index("unit")
    names = pd.unique(
        units[["unit", *({"name", "short", "province"} & {*units})]].to_numpy().ravel()
    )
    topics = read_topics(_beside(edition, settings.topics))
    segmenter = Segmenter.of(
        _beside(edition, settings.terms),
        _beside(edition, settings.stop_words),
        more=topics.words,
        silent=[str(name) for name in names],
    )
    parts: list[Compared] = []
    for table, columns in settings.columns.items():
        documents, found = documents_of(scores.records, table, columns, known)
        by = [column for column in settings.by if column in documents]
        words, more = keyword_table(count_terms(documents, segmenter), by, most=settings.most)
        told, others = topic_table(find_mentions(documents, topics, segmenter), by)
        counted: Tables = {
            "keywords": words.assign(table=table),
            "topics": told.assign(table=table),
        }
        parts.append((counted, (*found, *more, *others)))
    return joined(*parts)


def _beside(edition: Edition, path: Path | None) -> Path | None:
    return None if path is None else edition.folder / path
