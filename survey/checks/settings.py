"""Settings of the checks: the key ``checks:`` of an edition."""

from typing import Annotated

from pydantic import Field, field_validator

from survey.hours import parse_hours
from survey.yaml_source import Strict

Positive = Annotated[float, Field(gt=0)]
Words = tuple[str, ...]


class Contradiction(Strict):
    """Answers that one record cannot hold together.

    Parameters
    ----------
    table
        Table of records.
    together
        Column to values; a record that has one of the values in each column contradicts itself.
    why
        Said in the finding.
    """

    table: str
    together: Annotated[dict[str, Words], Field(min_length=2)]
    why: str = ""

    @field_validator("together", mode="before")
    @classmethod
    def _as_words(cls, given: object) -> object:
        """Take numbers for the words they are written as."""
        if not isinstance(given, dict):
            return given
        return {
            name: tuple(map(str, values)) if isinstance(values, list | tuple) else values
            for name, values in given.items()
        }


class CheckSettings(Strict):
    """Thresholds of the checks; the defaults serve most campaigns.

    Parameters
    ----------
    chance
        Family-wise chance of a false alarm of each check on a whole table of sound records.
    outlier
        Robust z (median and scaled median absolute deviation) of log seconds beyond which a
        length is an outlier.
    speeding_share
        Share of the median seconds per answer, within a mode, below which a questionnaire is
        called hurried (Greszki, Meyer & Schoen 2015 compare 30, 40 and 50 % of the median).
    burst_minutes
        Width of the window in which the questionnaires of a unit are counted.
    near_minutes
        Two records that start within so many minutes of each other are close in time.
    text_length
        Least characters, without spaces and punctuation, of an open answer that is compared.
    text_copies
        Least records that share an open answer for it to count as repeated; two suffice for
        answers of four times `text_length`.
    text_likeness
        Least likeness in percent (rapidfuzz ratio) of nearly the same text.
    stock_phrases
        Further open answers that anybody may give.
    working_hours
        Hours of calls such as ``08:00–20:00``; by default from the first slot to the last.
    workdays_only
        Whether calls belong on workdays alone (China's official calendar).
    slot_minutes
        Minutes by which a call may start outside its slot.
    minimum_records
        Least records of a unit in each table of calls and responses.
    contradictions
        Answers that exclude each other.
    """

    chance: Annotated[float, Field(gt=0, le=0.5)] = 0.05
    outlier: Annotated[float, Field(ge=3)] = 4.5
    speeding_share: Annotated[float, Field(gt=0, lt=1)] = 1 / 3
    burst_minutes: Positive = 10
    near_minutes: Positive = 10
    text_length: Annotated[int, Field(ge=4)] = 8
    text_copies: Annotated[int, Field(ge=2)] = 3
    text_likeness: Annotated[float, Field(ge=70, le=100)] = 90
    stock_phrases: Words = ()
    working_hours: str | None = None
    workdays_only: bool = False
    slot_minutes: Annotated[float, Field(ge=0)] = 0
    minimum_records: Annotated[int, Field(ge=1)] = 1
    contradictions: tuple[Contradiction, ...] = ()

    @field_validator("working_hours")
    @classmethod
    def _tells_hours(cls, label: str | None) -> str | None:
        if label is not None and parse_hours(label) is None:
            raise ValueError("hours such as 08:00–20:00")
        return label
