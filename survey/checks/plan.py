"""What the records of an edition were meant to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.checks.settings import CheckSettings
from survey.contracts import CONTRACTS, AnswerColumn

Condition = Mapping[str, tuple[str, ...]]
"""Column to the values it must have; an empty one always holds."""


@dataclass(frozen=True)
class CheckPlan:
    """What the records of an edition were meant to be.

    Parameters
    ----------
    answers
        The columns that the indicator system asks of each table.
    units
        The units of the sample, by canonical name.
    audiences, scenarios, slots
        The values that every unit was to have calls of; without slots, coverage is judged
        without them.
    minimum_records
        Least records of a unit in each table of calls and responses.
    slot_hours
        Start and end hour of each slot whose hours are known.
    asked
        By table and column, the conditions under which an answer is asked: one of them must
        hold. A column that is not named is asked of every record.
    open_answers
        By table, the columns of `answers` that hold open answers in people's own words.
    settings
        Thresholds and contradictions.
    """

    answers: Mapping[str, tuple[AnswerColumn, ...]]
    units: tuple[str, ...]
    audiences: tuple[str, ...] = ("citizen", "enterprise")
    scenarios: tuple[str, ...] = ("information", "complaint")
    slots: tuple[str, ...] = ()
    minimum_records: int = 1
    slot_hours: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, tuple[Condition, ...]]] = field(default_factory=dict)
    open_answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: CheckSettings = field(default_factory=CheckSettings)

    def items(self, table: str) -> tuple[AnswerColumn, ...]:
        """Return the answers asked of a table that its contract does not know by itself."""
        own = CONTRACTS[table].names
        return tuple(answer for answer in self.answers.get(table, ()) if answer.name not in own)

    def closed_items(self, table: str) -> tuple[AnswerColumn, ...]:
        """Return the items of a table but those with open answers."""
        free = self.open_answers.get(table, ())
        return tuple(answer for answer in self.items(table) if answer.name not in free)
