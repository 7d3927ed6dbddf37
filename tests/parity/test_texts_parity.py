"""Words that set groups apart beside figures from elsewhere."""

import numpy as np
import pytest

from analysis.texts.keywords import log_odds


def test_z_scores_of_the_readme_of_fightin_words():
    # fightin_words (Python, after Jack Hessel's script), README: weighted_log_odds_dirichlet(
    #   ["the quick brown fox jumps over the lazy pig"],
    #   ["the lazy purple pig jumps over the lazier donkey"], prior=.05, cv=CountVectorizer())
    # its z-scores are those of the first document against the second.
    terms = ["brown", "donkey", "fox", "jumps", "lazier", "lazy", "over", "pig", "purple", "quick",
             "the"]  # fmt: skip
    first = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "pig"]
    second = ["the", "lazy", "purple", "pig", "jumps", "over", "the", "lazier", "donkey"]
    own, rest = (np.array([text.count(term) for term in terms], float) for text in (first, second))
    _, z = log_odds(own, rest, np.full(len(terms), 0.05))
    expected = dict.fromkeys(terms, 0.0)
    expected |= dict.fromkeys(["donkey", "lazier", "purple"], -0.6894227886807968)
    expected |= dict.fromkeys(["brown", "fox", "quick"], 0.6894227886807968)
    assert dict(zip(terms, z, strict=True)) == pytest.approx(expected, abs=1e-12)
