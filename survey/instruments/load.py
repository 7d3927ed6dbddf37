"""Loading an instrument: its file and the files it includes become one checked whole."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from survey.findings import (
    Finding,
    InputError,
    Severity,
    did_you_mean,
    display_path,
    raise_errors,
)
from survey.instruments.model import (
    CHOSEN,
    Head,
    Instrument,
    InstrumentFile,
    Question,
    Section,
    SharedFile,
    When,
)
from survey.yaml_source import read_yaml

FOLDER = Path(__file__).parent
SUFFIXES = (".yaml", ".yml")


def instruments() -> tuple[str, ...]:
    """Return the names of the instruments that come with the package."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load_instrument(name: str | Path) -> Instrument:
    """Load an instrument.

    Parameters
    ----------
    name
        The name of one that comes with the package (``"caller-citizen"``), or a path to a YAML
        file. What it includes is looked for beside the file, then in the package.

    Raises
    ------
    InputError
        With every wrong key, value, name and condition at once.
    """
    path = Path(name)
    if path.suffix not in SUFFIXES:
        path = _shipped(str(name))
    written = read_yaml(path, InstrumentFile)
    shared = [read_yaml(_included(path, file), SharedFile) for file in written.include]
    options = dict(chain.from_iterable(each.options.items() for each in shared)) | written.options
    sections = {section.id: section for each in shared for section in each.sections}
    file = display_path(path)
    raise_errors(_unknown_sections(written, sections, file))
    whole = Instrument(
        **{key: getattr(written, key) for key in Head.model_fields},
        options=options,
        sections=tuple(sections[s] if isinstance(s, str) else s for s in written.sections),
    )
    raise_errors(_faults(whole, file))
    return whole


def _shipped(name: str) -> Path:
    known = instruments()
    if name not in known:
        raise InputError(
            [
                Finding(
                    "unknown-instrument",
                    Severity.ERROR,
                    expected="an instrument or a .yaml file",
                    got=repr(name),
                    hint=did_you_mean(name, known),
                )
            ]
        )
    return FOLDER / f"{name}.yaml"


def _included(path: Path, file: str) -> Path:
    beside = path.parent / file
    return beside if beside.is_file() else FOLDER / file


def _unknown_sections(
    written: InstrumentFile, known: Mapping[str, Section], file: str
) -> Iterator[Finding]:
    for position, section in enumerate(written.sections):
        if isinstance(section, str) and section not in known:
            yield Finding(
                "unknown-section",
                Severity.ERROR,
                file,
                None,
                f"sections.{position}",
                "a section of an included file",
                repr(section),
                did_you_mean(section, known),
            )


def _faults(instrument: Instrument, file: str) -> Iterator[Finding]:
    """Check what no single question can tell: names, lists, and conditions on earlier answers."""

    def fault(check: str, column: str, expected: str, got: str, hint: str = "") -> Finding:
        return Finding(check, Severity.ERROR, file, None, column, expected, got, hint)

    seen: set[str] = set()
    earlier: dict[str, Question] = {}
    for section in instrument.sections:
        yield from _conditions(instrument, section.when, section.id, earlier, fault)
        for name in (section.id, *(question.name for question in section.questions)):
            if name in seen:
                got = f"{name!r} again"
                yield fault("repeated-name", name, "each section and question once", got)
            seen.add(name)
        for question in section.questions:
            yield from _conditions(instrument, question.when, question.name, earlier, fault)
            yield from _list_faults(instrument, question, fault)
            earlier[question.name] = question


def _list_faults(instrument: Instrument, question: Question, fault) -> Iterator[Finding]:
    listed, at = question.options, question.name
    if question.kind in CHOSEN and question.kind != "yes_no":
        if listed is None:
            yield fault("no-options", at, f"options: for a {question.kind}", "none")
        elif listed not in instrument.options:
            hint = did_you_mean(listed, instrument.options)
            yield fault("unknown-options", at, "a list under options:", repr(listed), hint)
        elif question.kind == "likert":
            keys = list(instrument.options[listed])
            if not all(key.isdigit() for key in keys) or len(keys) < 2:
                yield fault("wrong-scale", at, "whole numbers as answers", ", ".join(keys))
    elif listed is not None:
        yield fault("needless-options", at, f"no options: for a {question.kind}", repr(listed))
    low, high = question.minimum, question.maximum
    if (low, high) != (None, None) and question.kind not in ("integer", "decimal"):
        yield fault("needless-range", at, f"no range for a {question.kind}", f"{low} to {high}")
    if low is not None and high is not None and low > high:
        yield fault("wrong-range", at, "minimum below maximum", f"{low:g} to {high:g}")


def _conditions(
    instrument: Instrument, when: When, at: str, earlier: Mapping[str, Question], fault
) -> Iterator[Finding]:
    for column, values in when.items():
        asked = earlier.get(column)
        if asked is None:
            hint = did_you_mean(column, earlier)
            yield fault("unknown-condition", at, "a question asked before", repr(column), hint)
            continue
        listed = asked.kind == "yes_no" or asked.options in instrument.options
        answers = instrument.answers(asked) if listed else {}
        for value in values:
            if value not in answers:
                expected, hint = f"an answer to {column!r}", did_you_mean(value, answers)
                yield fault("unknown-condition", at, expected, repr(value), hint)
