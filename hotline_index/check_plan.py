"""What the records of an edition were meant to be, from its system and configuration."""

from collections.abc import Iterable, Iterator, Mapping

from hotline_index.edition import Edition
from indicators.nodes import BY_UNIT
from indicators.system import System
from survey.checks.plan import CheckPlan, Condition
from survey.contracts import CONTRACTS, AnswerColumn
from survey.findings import Finding, Severity, did_you_mean, raise_errors
from survey.hours import parse_hours


def check_plan(
    edition: Edition, answers: Mapping[str, tuple[AnswerColumn, ...]], units: tuple[str, ...]
) -> CheckPlan:
    """Return what the records of an edition were meant to be.

    Parameters
    ----------
    edition
        An opened edition.
    answers
        The columns asked of each table, open answers among them.
    units
        The units of the sample.

    Raises
    ------
    InputError
        Where a contradiction names a table or column that there is not.
    """
    system, config = edition.system, edition.config
    raise_errors(_unknown_columns(edition, answers))
    scenario = system.columns.get("calls", {}).get("scenario")
    hours = {slot: parse_hours(label) for slot, label in config.slots.items()}
    texts = config.texts.columns if config.texts else {}
    return CheckPlan(
        answers,
        units,
        tuple(system.audiences),
        tuple(scenario.values) if scenario else CONTRACTS["calls"]["scenario"].allowed,
        slots=tuple(config.slots),
        slot_hours={slot: bounds for slot, bounds in hours.items() if bounds},
        asked=asked_where(system),
        open_answers={table: tuple(columns) for table, columns in texts.items()},
        settings=config.checks,
    )


def asked_where(system: System) -> dict[str, dict[str, tuple[Condition, ...]]]:
    """Return by table and column the conditions under which an answer is asked.

    A column that some item asks of every record, that a condition reads, or that the contract of
    its table holds is not named.
    """
    asked: dict[str, dict[str, list[Condition]]] = {}
    for _, item in system.leaf_items():
        if item.table not in BY_UNIT:
            for answer in item.answers():
                named = asked.setdefault(item.table, {})
                named.setdefault(answer.name, []).append(item.where)
    read = {(str(table), name) for table, name in system.condition_values()}
    return {
        table: {
            name: tuple(conditions)
            for name, conditions in columns.items()
            if all(conditions) and name not in CONTRACTS[table].names and (table, name) not in read
        }
        for table, columns in asked.items()
    }


def _unknown_columns(
    edition: Edition, answers: Mapping[str, tuple[AnswerColumn, ...]]
) -> Iterator[Finding]:
    for place, rule in enumerate(edition.config.checks.contradictions):
        key = f"checks.contradictions.{place}"
        if rule.table not in CONTRACTS:
            yield _unknown(edition, f"{key}.table", rule.table, CONTRACTS)
            continue
        known = [*CONTRACTS[rule.table].names, *(a.name for a in answers.get(rule.table, ()))]
        for name in rule.together:
            if name not in known:
                yield _unknown(edition, f"{key}.together", name, known)


def _unknown(edition: Edition, key: str, got: str, known: Iterable[str]) -> Finding:
    what = "a known table" if key.endswith("table") else "a column of the table"
    hint = did_you_mean(got, known)
    return Finding("unknown-column", Severity.ERROR, edition.file, None, key, what, repr(got), hint)
