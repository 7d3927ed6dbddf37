"""Tables of texts of persons without counts that tell the words of few of them."""

import pandas as pd

from hotline_index.suppression.scores import PERSONS
from survey.privacy.suppression import MINIMUM

_BLANKED = ("documents", "share", "words")


def suppressed_topics(topics: pd.DataFrame, minimum: int = MINIMUM) -> pd.DataFrame:
    """Blank the smallest other group where the blanked ones of a topic are told by its total.

    Parameters
    ----------
    topics
        As `analysis.texts.topics.topic_table` makes it, with a column ``table``; counts from 1 to
        below `minimum` are blank. Of questionnaires, examples are left out, too.
    minimum
        Least number of persons.

    Notes
    -----
    K blank counts are told where K is 1, or where what the total leaves for them is K or
    ``K * (minimum - 1)``; so are fewer than `minimum` texts of groups that are not listed.
    """
    own = (topics["table"] == PERSONS).to_numpy()
    if not own.any():
        return topics
    topics = topics.reset_index(drop=True)
    whole = topics["by"].isna() | (topics["by"] == "")
    totals = topics[own & whole].set_index("topic")["documents"]
    also = []
    for (_, topic), group in topics[own & ~whole].groupby(["by", "topic"], sort=False):
        blank = group["documents"].isna()
        rest = group.loc[~blank & (group["documents"] > 0), "documents"]
        left = totals.get(topic, pd.NA)
        left = None if pd.isna(left) else int(left) - int(rest.sum())
        if len(rest) and _told(int(blank.sum()), left, minimum):
            also.append(rest.idxmin())
    blanked = {
        name: topics[name].mask(topics.index.isin(also), "" if name == "words" else None)
        for name in _BLANKED
        if name in topics
    }
    if "examples" in topics:
        blanked["examples"] = topics["examples"].mask(own, "")
    return topics.assign(**blanked)


def _told(blank: int, left: int | None, minimum: int) -> bool:
    """Tell whether blank counts can be found from what their total leaves for them."""
    if blank == 1:
        return True
    if left is None:
        return False
    if not blank:
        return 0 < left < minimum
    return left in (blank, blank * (minimum - 1))


def suppressed_keywords(keywords: pd.DataFrame, minimum: int = MINIMUM) -> pd.DataFrame:
    """Leave out the smallest group of a word whose total tells of few texts in groups not listed.

    Parameters
    ----------
    keywords
        As `analysis.texts.keywords.keyword_table` makes it, with a column ``table``; words of
        fewer than `minimum` texts of a group are not in it.
    minimum
        Least number of persons.
    """
    own = (keywords["table"] == PERSONS).to_numpy()
    if not own.any():
        return keywords
    whole = (keywords["by"].isna() | (keywords["by"] == "")).to_numpy()
    totals = keywords[own & whole].set_index("term")["documents"]
    groups = keywords[own & ~whole]
    sums = groups.groupby(["by", "term"], sort=False)["documents"].agg(["sum", "idxmin"])
    left = totals.reindex(sums.index.get_level_values("term")).to_numpy() - sums["sum"]
    small = (left > 0) & (left < minimum)
    return keywords.drop(index=sums["idxmin"][small].tolist()).reset_index(drop=True)
