"""Innovation cases are scored as the index scores them."""

import numpy as np
import pandas as pd
import pytest

from hotline_index.edition import open_edition
from hotline_index.progress import Quiet
from hotline_index.reading import plain_scores
from hotline_index.tables import case_table

KINDS = {"content": "innovation_content", "method": "innovation_method"}


def cases_of(folder, frame: pd.DataFrame | None = None):
    if frame is not None:
        frame.to_csv(folder / "data/cases.csv", index=False)
    scores, _ = plain_scores(open_edition(folder), Quiet())
    return scores, case_table(scores)


def written(*rows: tuple[object, ...]) -> pd.DataFrame:
    columns = ["case_id", "unit", "kind", "title", "text", "reviewer", "novelty", "effect"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("kind", KINDS)
def test_the_cases_of_a_city_average_to_its_indicator(edition, kind):
    scores, table = cases_of(edition)
    means = table[table["kind"] == kind].groupby("unit")["score"].mean()
    assert len(means)
    np.testing.assert_allclose(means, scores.of(KINDS[kind]).reindex(means.index))


def test_a_case_is_one_row_with_the_mean_of_its_reviews(edition):
    _, table = cases_of(
        edition,
        written(
            ("k1", "长沙", "content", "甲", "文", "v1", 8, 6),
            ("k1", "长沙", "content", "甲", "文", "v2", 4, 2),
            ("k2", "北京", "method", "乙", "文", "v1", 9, 8),
        ),
    )
    assert table["case_id"].tolist() == ["k2", "k1"]
    assert table["score"].tolist() == [8.5, 5.0]
    assert table["reviewers"].tolist() == [1, 2]


def test_a_blank_answer_is_left_to_the_other_and_a_blank_review_has_no_score(edition):
    _, table = cases_of(
        edition,
        written(
            ("k1", "长沙", "content", "甲", "文", "v1", 8, None),
            ("k2", "北京", "method", "乙", "文", None, None, None),
        ),
    )
    assert table["case_id"].tolist() == ["k1", "k2"]
    assert table["score"].iloc[0] == 8.0
    assert pd.isna(table["score"].iloc[1])
    assert table["reviewers"].tolist() == [1, 0]


def test_private_things_are_masked_and_other_cities_left_out(edition):
    _, table = cases_of(
        edition,
        written(
            ("k1", "长沙", "content", "甲", "联系13800138000办理", "v1", 8, 8),
            ("k2", "拉萨", "method", "乙", "文", "v1", 9, 9),
        ),
    )
    assert table["unit"].tolist() == ["长沙"]
    assert "13800138000" not in table["text"].iloc[0]
