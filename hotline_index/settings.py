"""Changes given on the command line: ``ID.KEY=VALUE``, with the value as YAML has it."""

from collections.abc import Sequence
from typing import Any

import yaml

from survey.findings import Finding, Severity, raise_errors


def read_settings(settings: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the changes by id and key.

    Parameters
    ----------
    settings
        Texts such as ``goal.weight=2``.

    Raises
    ------
    InputError
        For every text that is no such change.
    """
    changes: dict[str, dict[str, Any]] = {}
    findings = []
    for setting in settings:
        target, equals, text = setting.partition("=")
        name, dot, key = target.strip().rpartition(".")
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError:
            value = None
        if not (equals and dot and name and key) or value is None:
            findings.append(
                Finding(
                    "wrong-setting",
                    Severity.ERROR,
                    "--set",
                    expected="ID.KEY=VALUE such as goal.weight=2",
                    got=repr(setting),
                    hint="the value as the system's YAML would have it",
                )
            )
            continue
        changes.setdefault(name, {})[key] = value
    raise_errors(findings)
    return changes
