"""YAML read into frozen pydantic models; every wrong key becomes a finding with its line."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from survey.findings import (
    Finding,
    InputError,
    Severity,
    did_you_mean,
    display_path,
    nearest,
    raise_errors,
)

Key = tuple[str | int, ...]
Steps = tuple[tuple[str | int, int], ...]


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


M = TypeVar("M", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """SafeLoader that reads only true and false as booleans.

    YAML 1.1 would read ``yes``, ``no``, ``on`` and ``off`` as booleans too; here they are answers.
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    """Read a day; one that no calendar has stays a text, for the model to refuse."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_yaml(path: Path, model: type[M], prepare: Callable[[Any], Any] | None = None) -> M:
    """Read a YAML file into a model.

    Parameters
    ----------
    path
        A UTF-8 YAML file.
    model
        A pydantic model, best a `Strict` one.
    prepare
        Changes what the file holds before the model sees it.

    Returns
    -------
    An instance of `model`.

    Raises
    ------
    InputError
        With one finding for each wrong key or value, naming file, line, key, expected, got and
        the nearest right key.
    """
    file = display_path(path)
    data, root = _parse(path, file)
    try:
        return model.model_validate(prepare(data) if prepare else data)
    except ValidationError as error:
        findings = [_finding(detail, file, root, model) for detail in error.errors()]
        raise InputError(sorted(findings, key=lambda finding: finding.row or 0)) from None


def validated(data: Any, model: type[M], name: str) -> M:
    """Make a model of data that is in no file.

    Parameters
    ----------
    data
        What a YAML file would hold.
    model
        A pydantic model, best a `Strict` one.
    name
        What findings call the data.

    Raises
    ------
    InputError
        With one finding for each wrong key or value.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        text = yaml.safe_dump(json.loads(json.dumps(data, default=list)), allow_unicode=True)
        root = yaml.compose(text, Loader=_Loader)
        assert root is not None
        found = [_finding(detail, name, root, model) for detail in error.errors()]
        raise InputError([replace(finding, row=None) for finding in found]) from None


def _parse(path: Path, file: str) -> tuple[Any, yaml.Node]:
    def refuse(
        check: str, expected: str, got: str, hint: str, row: int | None = None
    ) -> InputError:
        finding = Finding(check, Severity.ERROR, file, row, "", expected, got, hint)
        return InputError([finding])

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise refuse("no-such-file", "a YAML file", "nothing", "check the path") from None
    except OSError as error:
        reason = error.strerror or "an error"
        raise refuse("unreadable-file", "a YAML file", reason, "check the path") from None
    except UnicodeDecodeError as error:
        raise refuse(
            "encoding", "UTF-8 text", str(error.reason), "save the file as UTF-8"
        ) from None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is not None:
            raise_errors(_repeated_keys(root, file))
            data = loader.construct_document(root)
            if data is not None:
                return data, root
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        row = mark.line + 1 if mark else None
        raise refuse(
            "yaml", "valid YAML", error.problem or "", _line_hint(text, row), row
        ) from None
    except yaml.YAMLError as error:
        got = str(error).replace("\n", " ")
        raise refuse("yaml", "valid YAML", got, "check the file's characters") from None
    raise refuse("empty-file", "a mapping of keys", "an empty file", "see docs for its keys", 1)


def _line_hint(text: str, row: int | None) -> str:
    """Say what may be wrong with a line, or with the one before it."""
    near = "".join(text.splitlines()[max((row or 1) - 2, 0) : row])
    wide = "".join(sign for sign in "：，｛｝［］" if sign in near)
    if wide:
        return f"full-width {wide} here or in the line before: type : , {{ }} [ ] in half width"
    return "check indentation, quotes and colons on this line"


def _repeated_keys(root: yaml.Node, file: str) -> list[Finding]:
    """Return an error for each key that stands twice in a mapping; YAML would keep the last."""
    findings, open_nodes, seen_nodes = [], [root], set()
    while open_nodes:
        node = open_nodes.pop()
        if id(node) in seen_nodes:
            continue
        seen_nodes.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            open_nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            open_nodes += [value for _, value in node.value]
            first: dict[tuple[str, str], int] = {}
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    continue
                row, name = key.start_mark.line + 1, (key.tag, key.value)
                if name not in first:
                    first[name] = row
                else:
                    findings.append(
                        Finding(
                            "repeated-key",
                            Severity.ERROR,
                            file,
                            row,
                            key.value,
                            "each key once",
                            f"{key.value!r} again, first in line {first[name]}",
                            "remove one of the two",
                        )
                    )
    return sorted(findings, key=lambda finding: finding.row or 0)


def _finding(detail: ErrorDetails, file: str, root: yaml.Node, model: type[BaseModel]) -> Finding:
    key, missing = tuple(detail["loc"]), detail["type"] == "missing"
    steps = _missing_from(key, detail["input"], root) if missing else _found_at(key, root)
    row = (steps[-1][1] if steps else root.start_mark.line) + 1
    column = ".".join(str(part) for part in [*(part for part, _ in steps), *key[-1:] * missing])
    got = "nothing" if missing else _written(detail["input"])
    at = partial(Finding, severity=Severity.ERROR, file=file, row=row, column=column)
    if detail["type"] == "extra_forbidden":
        hint = did_you_mean(str(key[-1]), sorted(_fields_at(model, key[:-1])))
        if detail["input"] is None:
            hint = "a key without a value: put a text with a comma in quotes"
        return at("unknown-key", expected="a known key", got=repr(str(key[-1])), hint=hint)
    if missing and isinstance(key[-1], int):
        expected = f"{key[-1] + 1} values or more"
        got = f"{key[-1]}"
        return at("wrong-value", expected=expected, got=got, hint="add what is missing")
    if missing:
        return at("missing-key", expected=f"the key {key[-1]!r}", got=got, hint="add the key")
    context, hint = detail.get("ctx", {}), ""
    expected = detail["msg"].removeprefix("Input should be ")
    if detail["type"] == "value_error":
        expected = str(context.get("error", expected))
    elif detail["type"] in ("model_type", "dict_type"):
        expected = "a mapping of keys"
    elif detail["type"].startswith("date_"):
        expected = "a day such as 2026-09-07"
    elif detail["type"].startswith("unknown_") and isinstance(detail["input"], dict):
        known = expected.removeprefix("one of the ").partition(" ")[2].split(", ")
        near = [nearest(str(key), known, 70) for key in detail["input"]]
        hint = next((f"did you mean {name!r}?" for name in near if name), "")
    elif literals := context.get("expected"):
        expected = f"one of {literals}"
        hint = did_you_mean(str(detail["input"]), re.findall(r"'([^']+)'", str(literals)))
    return at("wrong-value", expected=expected, got=got, hint=hint)


def _written(value: Any, most: int = 120) -> str:
    if value is None:
        return "nothing"
    text = f"the keys {', '.join(map(str, value))}" if isinstance(value, dict) else repr(value)
    text = re.sub(r"(://[^/@:\s]*:)[^@\s]*@", r"\1***@", text)
    return text if len(text) <= most else text[: most - 1] + "…"


def _found_at(key: Key, root: yaml.Node) -> Steps:
    """Follow a pydantic location as far as the file holds it."""
    return max(
        (steps for steps, _ in _traces(key, root)),
        key=lambda steps: (bool(steps) and steps[-1][0] == key[-1], len(steps)),
    )


def _missing_from(key: Key, mapping: Any, root: yaml.Node) -> Steps:
    """Follow a pydantic location to the mapping (or sequence) that lacks its last key."""
    keys = set(map(str, mapping)) if isinstance(mapping, dict) else None

    def likely(trace: tuple[Steps, yaml.Node]) -> tuple[bool, int]:
        steps, node = trace
        held = {k.value for k, _ in node.value} if isinstance(node, yaml.MappingNode) else None
        return held == keys, len(steps)

    return max(_traces(key[:-1], root), key=likely)[0]


def _traces(key: Key, node: yaml.Node) -> Iterator[tuple[Steps, yaml.Node]]:
    """Yield every way through a file that a location may mean, with the node it leads to.

    A location names the tags of unions beside the keys of the file, so any name may be skipped.
    """
    if not key:
        yield (), node
        return
    part, rest = key[0], key[1:]
    child = _child(node, part)
    if child:
        line, value = child
        yield from ((((part, line), *steps), end) for steps, end in _traces(rest, value))
    if not child or isinstance(part, str):
        yield from _traces(rest, node)


def _child(node: yaml.Node, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line, node.value[part]
    return None


def _fields_at(model: type[BaseModel], key: Key) -> set[str]:
    """Return the keys that may stand where `key` leads, over every model a union allows there."""
    models: set[type[BaseModel]] = {model}
    for part in key:
        if isinstance(part, int):
            continue
        deeper: set[type[BaseModel]] = set()
        for each in models:
            for name, field in each.model_fields.items():
                if part in (name, field.alias):
                    deeper |= _models_in(field.annotation)
            if part == each.__name__:
                deeper.add(each)
        models = deeper or models
    return {field.alias or name for each in models for name, field in each.model_fields.items()}


def _models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {found for inner in get_args(annotation) for found in _models_in(inner)}
