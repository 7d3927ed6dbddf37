"""Schemes: how scores become grades, as a configuration names them."""

from abc import abstractmethod
from typing import Annotated, ClassVar

import numpy as np
from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from analysis.grades.breaks import kmeans, natural_breaks
from analysis.grades.cuts import Cuts, Scheme, best_first, grade_codes, least_scores
from analysis.grades.supported import supported_grades
from analysis.ranks.shrinkage import shrink
from analysis.uncertainty.bootstrap import Draws
from indicators.rules.normalise import tag_of
from survey.yaml_source import Strict

GRADES = ("A+", "A", "B+", "B", "C+", "C", "D+", "D", "E+", "E")
"""From the best to the worst, as the 2021 report names them."""

SLACK = 1e-9
"""What rounding may take from a number of units."""


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("each grade once")
    return names


Names = Annotated[tuple[str, ...], Field(min_length=2), AfterValidator(_once)]
"""Names of grades from the best to the worst."""


class _Scheme(Strict):
    """What every scheme has; its first key names the grades, from the best to the worst."""

    in_words: ClassVar[dict[str, str]]

    @property
    def grades(self) -> tuple[str, ...]:
        """The G grades from the best to the worst."""
        return tuple(getattr(self, next(iter(type(self).model_fields))))

    def words(self, lang: str = "zh") -> str:
        """Say how grades are given, in ``zh`` or ``en``."""
        return self.in_words[lang]


class _OfScores(_Scheme):
    """A scheme whose cuts follow from the scores alone."""

    @abstractmethod
    def cuts(self, scores: np.ndarray) -> np.ndarray:
        """Return the least score of each grade, falling. Shape (..., U) to (..., G)."""

    def classify(self, scores: np.ndarray) -> np.ndarray:
        """Return the position of each unit's grade, -1 without a score. Shape (..., U)."""
        return grade_codes(scores, self.cuts(scores))

    def settled(self, scores: np.ndarray, draws: Draws) -> Scheme:
        """Return the scheme itself: it needs the scores only."""
        return self


class SharesScheme(_OfScores):
    """Grades by rank: each takes its share of the units, from the best down.

    Parameters
    ----------
    shares
        Grade to share or number of units, from the best to the worst; only their proportions
        count.
    """

    in_words: ClassVar[dict[str, str]] = {
        "zh": "各城市按总分排序，依次按规定的比例划入各等级，得分相同的城市等级相同",
        "en": "Units take the grades in fixed shares in the order of their totals; "
        "equal totals share a grade",
    }
    shares: Annotated[dict[str, Annotated[float, Field(gt=0)]], Field(min_length=2)]

    def cuts(self, scores: np.ndarray) -> np.ndarray:
        """Return the score of the last unit within each grade's share. Shape (..., G)."""
        ordered, n = best_first(scores)
        shares = np.cumsum(list(self.shares.values()))
        upto = np.floor(n * (shares / shares[-1]) + 0.5 + SLACK).astype(int)
        return least_scores(ordered, n, upto)


class ThresholdsScheme(_OfScores):
    """Grades by score: the least score of each grade.

    Parameters
    ----------
    thresholds
        Grade to its least score, falling from the best grade to the worst, whose own is 0.
    """

    in_words: ClassVar[dict[str, str]] = {
        "zh": "各城市按总分是否达到各等级的分数线定级",
        "en": "A unit gets the best grade whose least score its total reaches",
    }
    thresholds: Annotated[
        dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]], Field(min_length=2)
    ]

    @model_validator(mode="after")
    def _falls(self) -> "ThresholdsScheme":
        bounds = np.array(list(self.thresholds.values()))
        if (np.diff(bounds) >= 0).any() or bounds[-1] != 0:
            raise ValueError("scores that fall from grade to grade and end at 0")
        return self

    def cuts(self, scores: np.ndarray) -> np.ndarray:
        """Return the thresholds, whatever the scores. Shape (..., G)."""
        bounds = np.array(list(self.thresholds.values()))
        return np.broadcast_to(bounds, (*scores.shape[:-1], len(bounds)))


class DeviationsScheme(_OfScores):
    """Grades by how many standard deviations a score lies above or below the mean.

    Parameters
    ----------
    deviations
        Grade to its least standard score ``(score - mean) / sd`` (sd with n - 1), falling from
        the best grade to the worst, which has none. Where all scores are equal, each stands at 0.
    """

    in_words: ClassVar[dict[str, str]] = {
        "zh": "各城市按总分高于或低于全体均值多少个标准差定级",
        "en": "A unit is graded by how many standard deviations its total lies above or "
        "below the mean",
    }
    deviations: Annotated[
        dict[str, Annotated[float, Field(allow_inf_nan=False)] | None], Field(min_length=2)
    ]

    @model_validator(mode="after")
    def _falls(self) -> "DeviationsScheme":
        *given, last = self.deviations.values()
        bounds = [np.nan if bound is None else bound for bound in given]
        if last is not None or np.isnan(bounds).any() or (np.diff(bounds) >= 0).any():
            raise ValueError("deviations that fall from grade to grade, and none for the last")
        return self

    def cuts(self, scores: np.ndarray) -> np.ndarray:
        """Return the scores so many standard deviations from the mean. Shape (..., G)."""
        ordered, n = best_first(scores)
        bounds = np.array([-np.inf if z is None else z for z in self.deviations.values()])
        mean = np.nansum(ordered, axis=-1, keepdims=True) / np.maximum(n, 1)
        squares = np.nansum((ordered - mean) ** 2, axis=-1, keepdims=True)
        sd = np.sqrt(squares / np.maximum(n - 1, 1))
        worst = np.take_along_axis(ordered, np.maximum(n - 1, 0), axis=-1)
        alike = np.where(bounds > 0, np.inf, -np.inf)
        with np.errstate(invalid="ignore"):
            return np.where(ordered[..., :1] > worst, mean + bounds * sd, alike)


class _Classes(_OfScores):
    """Grades that are classes found from the scores."""

    def cuts(self, scores: np.ndarray) -> np.ndarray:
        """Return the least score within each class. Shape (..., G)."""
        ordered, n = best_first(scores)
        return least_scores(ordered, n, self._upto(scores))

    @abstractmethod
    def _upto(self, scores: np.ndarray) -> np.ndarray:
        """Return how many units have each grade or a better one. Shape (..., G)."""


class NaturalBreaksScheme(_Classes):
    """Grades that differ as little as can be within: Fisher's exact natural breaks.

    Parameters
    ----------
    natural_breaks
        Grades from the best to the worst. With fewer distinct scores the worst stay empty.
    """

    in_words: ClassVar[dict[str, str]] = {
        "zh": "等级由总分的自然断点划分，使同一等级内总分的差异最小",
        "en": "Grades are natural breaks of the totals: classes that differ least within",
    }
    natural_breaks: Names

    def _upto(self, scores: np.ndarray) -> np.ndarray:
        return natural_breaks(scores, len(self.natural_breaks))


class KMeansScheme(_Classes):
    """Grades that are clusters of scores, by k-means.

    Parameters
    ----------
    kmeans
        Grades from the best to the worst. Natural breaks are the best that k-means can find.
    """

    in_words: ClassVar[dict[str, str]] = {
        "zh": "等级由总分的K均值聚类划分，每个城市归入均值最接近其总分的等级",
        "en": "Grades are clusters of the totals by k-means: each total is nearest to the "
        "mean of its own grade",
    }
    kmeans: Names

    def _upto(self, scores: np.ndarray) -> np.ndarray:
        return kmeans(scores, len(self.kmeans))


class SupportedScheme(_Scheme):
    """Grades that the data can tell apart: few pairs of units stand in the wrong order.

    Parameters
    ----------
    supported
        Grades from the best to the worst: the most there may be. Where the data support fewer,
        those in the middle are given: nobody is the best if nothing tells units apart.
    error
        Largest expected share of wrong orders among the pairs of units with different grades.

    Notes
    -----
    See `analysis.grades.supported.supported_grades`. The grades follow the order of the totals,
    so that no unit stands below one with a lower total, and have published cuts as in every
    other scheme.
    """

    supported: Names
    error: Annotated[float, Field(gt=0, lt=0.5)] = 0.05

    def settled(self, scores: np.ndarray, draws: Draws) -> Scheme:
        """Return the cuts that scores and their uncertainty support.

        Parameters
        ----------
        scores
            Overall totals, shape (U,).
        draws
            Bootstrap draws of the same units.
        """
        shrunk, _ = shrink(scores, draws.se[:, -1, 0])
        return self.cuts_by(scores, shrunk.better)

    def cuts_by(self, scores: np.ndarray, better: np.ndarray) -> Cuts:
        """Return the cuts that probabilities of being better support.

        Parameters
        ----------
        scores
            Overall totals, shape (U,).
        better
            Probability that the row's unit is better than the column's; NaN where nothing is
            known. Shape (U, U).
        """
        order = np.argsort(-scores, kind="stable")[: int((~np.isnan(scores)).sum())]
        upto = np.full(len(self.supported), len(order))
        if order.size:
            ordered = scores[order]
            code = supported_grades(
                np.nan_to_num(better[np.ix_(order, order)], nan=0.5),
                most=len(self.supported),
                error=self.error,
                order=np.arange(len(order)),
                tied=np.append(False, ordered[1:] == ordered[:-1]),
            )
            spare = len(self.supported) - 1 - code[-1]
            upto = np.searchsorted(code + spare // 2, np.arange(len(upto)), side="right")
        return Cuts(self.supported, least_scores(*best_first(scores), upto))

    def words(self, lang: str = "zh") -> str:
        """Say how grades are given, in ``zh`` or ``en``."""
        most = len(self.supported)
        return {
            "zh": f"等级数与分数线由数据的把握程度决定，至多{most}级："
            f"在等级不同的城市对中，预计高低颠倒的不超过{100 * self.error:g}%",
            "en": f"As many grades as the data support, at most {most}: of all pairs of units "
            f"with different grades, at most {100 * self.error:g} % are expected to stand in the "
            "wrong order",
        }[lang]


_SCHEMES = {
    "shares": SharesScheme,
    "thresholds": ThresholdsScheme,
    "deviations": DeviationsScheme,
    "natural_breaks": NaturalBreaksScheme,
    "kmeans": KMeansScheme,
    "supported": SupportedScheme,
}


AnyScheme = Annotated[
    Annotated[SharesScheme, Tag("shares")]
    | Annotated[ThresholdsScheme, Tag("thresholds")]
    | Annotated[DeviationsScheme, Tag("deviations")]
    | Annotated[NaturalBreaksScheme, Tag("natural_breaks")]
    | Annotated[KMeansScheme, Tag("kmeans")]
    | Annotated[SupportedScheme, Tag("supported")],
    Discriminator(
        lambda scheme: tag_of(scheme, _SCHEMES),
        custom_error_type="unknown_scheme",
        custom_error_message=f"one of the schemes {', '.join(_SCHEMES)}",
    ),
]
"""A scheme as a key of a configuration names it."""

PUBLISHED_2021 = SharesScheme(
    shares=dict(zip(GRADES, (10, 33, 30, 60, 34, 72, 18, 35, 17, 26), strict=True))
)
"""The numbers of cities in each grade of the 2021 report (its table 2): the default scheme."""
