"""The year's findings, one source for the summary and the slides.

Which of several titles a finding takes is decided by verdicts and intervals of the results.
"""

from collections.abc import Callable, Mapping

from report.prose import headlines_groups, headlines_scores
from report.prose.headline import Headline
from report.results import Results

__all__ = ["KEYS", "Headline", "findings", "headline", "slide"]

_TOLD: Mapping[str, Callable[[Results], Headline | None]] = {
    "grades": headlines_scores.grades,
    "indicators": headlines_scores.indicators,
    "audiences": headlines_scores.audiences,
    "groups": headlines_groups.groups,
    "calls": headlines_groups.calls,
    "problems": headlines_scores.problems,
    "drivers": headlines_scores.drivers,
    "changes": headlines_groups.changes,
    "certainty": headlines_groups.certainty,
}

KEYS = tuple(_TOLD)
"""The findings in the order in which they are told."""


def headline(results: Results, key: str) -> Headline | None:
    """Return a finding, or None where the edition has no tables for it.

    Parameters
    ----------
    results
        The edition, in the language in which it is told.
    key
        One of `KEYS`.
    """
    return _TOLD[key](results)


def slide(results: Results, key: str) -> str:
    """Write a finding as a slide of Markdown: a heading and its text; nothing without tables."""
    told = headline(results, key)
    return f"## {told.title}\n\n{told.text}\n" if told else ""


def findings(results: Results) -> str:
    """List all findings of the edition, each with its title in strong letters."""
    stop = results.say("。", ".")
    told = [each for key in KEYS if (each := headline(results, key))]
    return "".join(
        f"{number}. **{each.title}{stop}** {each.text.strip()}\n"
        for number, each in enumerate(told, start=1)
    )
