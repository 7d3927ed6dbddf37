"""Krippendorff's alpha against the worked examples of its author.

Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania, prints
three decimals. More of them stand in the tests of other programs on the same data: nltk's AnnotationTask
(nominal, 0.743421052632) and the package krippendorff (three coders).
"""

import numpy as np
import pytest

from survey.shoppers.alpha import krippendorff_alpha

NAN = np.nan
BINARY = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float).T
"""Section A: two observers, binary data."""
FOUR = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
).T
"""Sections C and D: four observers, twelve units, missing data."""
THREE = np.array(
    [
        [NAN, NAN, NAN, NAN, NAN, 3, 4, 1, 2, 1, 1, 3, 3, NAN, 3],
        [1, NAN, 2, 1, 3, 3, 4, 3, NAN, NAN, NAN, NAN, NAN, NAN, NAN],
        [NAN, NAN, 2, 1, 3, 4, 4, NAN, 2, 1, 1, 3, 3, NAN, 4],
    ]
).T
"""The computational example of Wikipedia's article: three coders, fifteen units."""


def test_two_observers_with_binary_data():
    assert krippendorff_alpha(BINARY) == pytest.approx(0.095, abs=5e-4)
    assert krippendorff_alpha(BINARY) == pytest.approx(0.09523809523809523)


@pytest.mark.parametrize(
    ("measurement", "printed", "exact"),
    [
        ("nominal", 0.743, 0.743421052631579),
        ("ordinal", 0.815, 0.8153875037548814),
        ("interval", 0.849, 0.8491071428571428),
        ("ratio", 0.797, 0.7974027747116121),
    ],
)
def test_four_observers_with_missing_data(measurement, printed, exact):
    alpha = krippendorff_alpha(FOUR, measurement)
    assert alpha == pytest.approx(printed, abs=5e-4)
    assert alpha == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize(("measurement", "exact"), [("nominal", 0.691358), ("interval", 0.810845)])
def test_three_coders(measurement, exact):
    assert krippendorff_alpha(THREE, measurement) == pytest.approx(exact, abs=5e-7)
