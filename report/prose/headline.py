"""A finding of the year: the unit of the summary and of the slides."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Headline:
    """A finding as a title that says it, and what stands behind it.

    Parameters
    ----------
    title
        A full sentence that says the finding, in the language of the results, without a full stop.
    text
        Markdown, in the language of the results.
    figure
        The function of `report.figures` that shows it; empty for none.
    """

    title: str
    text: str
    figure: str = ""
