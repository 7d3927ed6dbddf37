"""What the pages of an edition have in common."""

from dataclasses import dataclass

from report.profiles.gather import grade_order, scale
from report.profiles.notation import indicator_names
from report.results import Results


@dataclass(frozen=True)
class Context:
    """What every page of an edition needs to know.

    Parameters
    ----------
    results
        In the language of the pages.
    names
        Of indicators.
    ticks
        Of the scale of scores.
    grades
        From best to worst.
    provinces
        File name of each province's report; empty where there are none beside the profiles.
    beside
        Whether report, benchmark page and reports of provinces lie beside the profiles.
    pdf
        Whether each page has a PDF.
    """

    results: Results
    names: dict[str, str]
    ticks: tuple[float, ...]
    grades: tuple[str, ...]
    provinces: dict[str, str]
    beside: bool
    pdf: bool

    @classmethod
    def of(
        cls, results: Results, provinces: dict[str, str], *, beside: bool, pdf: bool
    ) -> "Context":
        """Return the context of an edition."""
        return cls(
            results, indicator_names(results), scale(results), tuple(grade_order(results)),
            provinces, beside, pdf,
        )  # fmt: skip

    @property
    def level(self) -> str:
        """Level of the intervals, in words."""
        return f"{self.results.meta['level'] * 100:.0f}%"
