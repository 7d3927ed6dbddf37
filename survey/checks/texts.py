"""Open answers that several people are said to have given in the same words."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survey.checks.sheet import Found, Sheet, marked, warning
from survey.contracts import CONTRACTS

_PHRASES = """
    非常满意 没有意见 没有建议 暂无意见 暂无建议 没有意见和建议 没有什么意见 没有什么建议
    没有其他意见 没有其他建议 暂时没有意见和建议 没有任何意见和建议 希望越来越好
    希望热线越来越好 继续努力 继续保持 对热线服务很满意 对热线服务非常满意
    nothing nocomment nocomments noopinion nosuggestions satisfied verysatisfied
"""
STOCK = frozenset(_PHRASES.split())
"""Open answers that anybody gives, without spaces and punctuation."""
_LONG = 4
_NEIGHBOURS = 2


def repeated_texts(sheet: Sheet) -> Found:
    """Find open answers that several records share, or nearly share, by column.

    Notes
    -----
    Texts are compared without spaces and punctuation. Nearly the same texts are found among
    neighbours in the order of the alphabet, read forwards and backwards (the sorted
    neighbourhood of Hernández & Stolfo 1995), by rapidfuzz's ratio.
    """
    for name in _columns(sheet):
        group = _groups(sheet, name)
        cells, length = group["place"].to_numpy(), group["length"].to_numpy()
        size = group.groupby("group")["group"].transform("size").to_numpy()
        settings = sheet.plan.settings
        least = np.where(length >= _LONG * settings.text_length, 2, settings.text_copies)
        wrong = np.zeros(len(sheet.frame), dtype=bool)
        wrong[cells[size >= least]] = True
        several = group["group"].to_numpy()[size >= least]
        finding = warning(
            "repeated-text",
            name,
            "open answers in people's own words",
            f"{len(np.unique(several))} texts that several records share",
            "read them; the same words from several people were written by one",
        )
        yield from marked(sheet, finding, wrong)


def _columns(sheet: Sheet) -> list[str]:
    """Return the columns of open answers: those that are named, and texts of the contract."""
    own = [column.name for column in CONTRACTS[sheet.table].columns if column.kind == "text"]
    named = [*sheet.plan.open_answers.get(sheet.table, ()), *own]
    return [name for name in dict.fromkeys(named) if name in sheet.frame]


def _groups(sheet: Sheet, name: str) -> pd.DataFrame:
    """Return place, group of like texts and length of each text that is compared."""
    settings = sheet.plan.settings
    code, texts = pd.factorize(sheet.frame[name])
    plain = pd.Series(texts, dtype="str").str.replace(r"[\W_]+", "", regex=True).str.casefold()
    stock = STOCK | {
        "".join(filter(str.isalnum, text)).casefold() for text in settings.stock_phrases
    }
    told = (plain.str.len() >= settings.text_length) & ~plain.isin(stock)
    same, distinct = pd.factorize(plain.where(told))
    like = _like(list(distinct), settings.text_likeness)
    group = np.append(np.where(same >= 0, np.append(like, -1)[same], -1), -1)[code]
    length = np.append(plain.str.len().to_numpy(), 0)[code]
    place = np.flatnonzero(group >= 0)
    return pd.DataFrame({"place": place, "group": group[place], "length": length[place]})


def _like(texts: Sequence[str], least: float) -> np.ndarray:
    """Return a number for each distinct text, the same for texts that are nearly the same."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cpdist
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(texts)
    if size < 2:
        return np.arange(size)
    words = np.array(texts, dtype=object)
    pairs: list[np.ndarray] = []
    for key in (words, np.array([text[::-1] for text in texts], dtype=object)):
        order = np.argsort(key, kind="stable")
        for step in range(1, min(_NEIGHBOURS + 1, size)):
            left, right = order[:-step], order[step:]
            likeness = cpdist(words[left], words[right], scorer=ratio, score_cutoff=least)
            pairs.append(np.stack([left, right])[:, likeness >= least])
    left, right = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(size, size))
    return connected_components(graph, directed=False)[1]
