"""YAML read into frozen pydantic models; every wrong key becomes a finding with its line."""

import re
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from survey.findings import Finding, InputError, Severity, did_you_mean, display_path

Key = tuple[str | int, ...]


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


M = TypeVar("M", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key written twice, and reads only true and false as booleans.

    YAML 1.1 would read ``yes``, ``no``, ``on`` and ``off`` as booleans too; here they are answers.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_yaml(path: Path, model: type[M]) -> M:
    """Read a YAML file into a model.

    Parameters
    ----------
    path
        A UTF-8 YAML file.
    model
        A pydantic model, best a `Strict` one.

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
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(
            [_finding(detail, file, root, model) for detail in error.errors()]
        ) from None


def _parse(path: Path, file: str) -> tuple[Any, yaml.Node | None]:
    def refuse(
        check: str, expected: str, got: str, hint: str, row: int | None = None
    ) -> InputError:
        finding = Finding(check, Severity.ERROR, file, row, "", expected, got, hint)
        return InputError([finding])

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise refuse("no-such-file", "a YAML file", "nothing", "check the path") from None
    except UnicodeDecodeError as error:
        raise refuse(
            "encoding", "UTF-8 text", str(error.reason), "save the file as UTF-8"
        ) from None
    try:
        root = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        row = mark.line + 1 if mark else None
        hint = "check indentation, quotes and colons on this line"
        raise refuse("yaml", "valid YAML", error.problem or "", hint, row) from None
    except yaml.YAMLError as error:
        raise refuse("yaml", "valid YAML", str(error), "check the file's characters") from None
    if data is None:
        raise refuse("empty-file", "a mapping of keys", "an empty file", "see docs for its keys")
    return data, root


def _finding(
    detail: ErrorDetails, file: str, root: yaml.Node | None, model: type[BaseModel]
) -> Finding:
    key = tuple(detail["loc"])
    written = _existing(key, root)
    column = ".".join(str(part) for part in written)
    if detail["type"] == "missing":
        column = f"{column}.{key[-1]}".lstrip(".")
    row = _line(written, root)
    if detail["type"] == "extra_forbidden":
        names = sorted(_fields_at(model, key[:-1]))
        return Finding(
            "unknown-key",
            Severity.ERROR,
            file,
            row,
            column,
            "a known key",
            repr(str(key[-1])),
            did_you_mean(str(key[-1]), names),
        )
    expected, got = (
        detail["msg"],
        "nothing" if detail["type"] == "missing" else repr(detail["input"]),
    )
    hint = ""
    if literals := detail.get("ctx", {}).get("expected"):
        expected = f"one of {literals}"
        hint = did_you_mean(str(detail["input"]), re.findall(r"'([^']+)'", str(literals)))
    if detail["type"] == "missing":
        expected = f"the key {key[-1]!r}"
        hint = "add the key"
    if detail["type"] == "value_error":
        expected = str(detail.get("ctx", {}).get("error", detail["msg"]))
    return Finding("wrong-value", Severity.ERROR, file, row, column, expected, _short(got), hint)


def _short(text: str, most: int = 120) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _existing(key: Key, root: yaml.Node | None) -> Key:
    """Drop the parts of a pydantic location that the file does not hold (union tags)."""
    return tuple(part for part, _ in _walk(key, root))


def _line(key: Key, root: yaml.Node | None) -> int | None:
    line = root.start_mark.line + 1 if root else None
    for _, mark in _walk(key, root):
        line = mark + 1
    return line


def _walk(key: Key, root: yaml.Node | None) -> Iterator[tuple[str | int, int]]:
    node = root
    for part in key:
        if isinstance(node, yaml.MappingNode):
            for key_node, value in node.value:
                if str(key_node.value) == str(part):
                    yield part, key_node.start_mark.line
                    node = value
                    break
        elif (
            isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value)
        ):
            node = node.value[part]
            yield part, node.start_mark.line


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
