"""Indicators as a flat table: one row an indicator, with its parent, as COINr's metadata has it.

Columns, by their own name or COINr's: ``id`` (iCode), ``parent`` (Parent), ``weight`` (Weight),
``zh``, ``en`` (iName), ``direction`` (Direction: higher, lower, 1, -1), ``type`` (Type),
``denominator`` (Denominator), ``source``, ``unit`` (Unit), ``definition``. Rows without a child are
figures; the others are indicators above them. A row without parent is the total, or stands
directly below it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from indicators.hierarchy import ROOT
from indicators.system import System
from survey.findings import Finding, InputError, Severity, did_you_mean, display_path, raise_errors
from survey.tables import RawTable, read_table
from survey.yaml_source import validated

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "iCode", "code", "指标"),
    "parent": ("parent", "Parent", "上级"),
    "weight": ("weight", "Weight", "权重"),
    "zh": ("zh", "中文名"),
    "en": ("en", "iName", "name"),
    "direction": ("direction", "Direction", "方向"),
    "type": ("type", "Type"),
    "denominator": ("denominator", "Denominator"),
    "clause": ("clause", "source", "Source"),
    "definition": ("definition", "Definition", "含义"),
}
_DIRECTIONS = {
    "higher": "higher", "lower": "lower", "1": "higher", "-1": "lower",
    "1.0": "higher", "-1.0": "lower", "正向": "higher", "逆向": "lower",
}  # fmt: skip
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*\Z")
_AS_WRITTEN = "weight, as written"
_NOT_MEASURED = ("Group", "Denominator", "Other")
"""Types of COINr's rows that are no part of the tree."""


def children_from_table(data: Any, path: Path) -> Any:
    """Replace the key ``tree: FILE`` of a system's YAML by the children that the file lists."""
    if not isinstance(data, dict) or "tree" not in data:
        return data
    if "children" in data:
        finding = Finding(
            "two-trees", Severity.ERROR, str(path), None, "tree", "either tree or children",
            "both", "remove one of the two",
        )  # fmt: skip
        raise InputError([finding])
    rest = {key: value for key, value in data.items() if key != "tree"}
    return rest | {"children": tree_from_table(path.parent / str(data["tree"]))}


def system_from_table(path: Path) -> System:
    """Make a system of a table of indicators: min-max to 0 to 10, weighted arithmetic means."""
    words = {"zh": path.stem, "en": path.stem}
    data = {
        "id": path.stem,
        "title": words,
        "source": {"zh": f"指标表 {path.name}", "en": f"table of indicators {path.name}"},
        "unit": {"zh": "评估对象", "en": "unit"},
        "children": tree_from_table(path),
    }
    return validated(data, System, display_path(path))


def tree_from_table(path: Path) -> list[dict[str, Any]]:
    """Read the children of the total from a table of indicators.

    Raises
    ------
    InputError
        For a missing column, no indicator at all, an id that stands twice or is none, a parent
        that does not exist, a circle, a weight that is no number, or an unknown direction; all of
        them at once.
    """
    raw = read_table(path)
    raise_errors(raw.findings)
    table = _renamed(raw)
    if "type" in table:
        table = table[~table["type"].isin(_NOT_MEASURED)]
    raise_errors([*_faults(table, raw.file)])
    table = table[table["id"] != ROOT]
    parents = table["parent"].fillna(ROOT)
    tops = table.index[parents == ROOT]
    root = ROOT
    if len(tops) == 1 and (parents == table.loc[tops[0], "id"]).any():
        root = str(table.loc[tops[0], "id"])
    below = {name: rows.index for name, rows in table.groupby(parents, sort=False)}

    cells = dict(zip(table.index, table.to_dict("records"), strict=True))

    def node(row: int) -> dict[str, Any]:
        own = cells[row]
        name = str(own["id"])
        return {"id": name, **_words(own, name), "weight": own["weight"], **parts(name, own)}

    def parts(name: str, own: Mapping[Any, Any]) -> dict[str, Any]:
        rows = below.get(name)
        if rows is None:
            return {"items": [_item(own, 1.0)]}
        if any(cells[at]["id"] in below for at in rows):
            return {"children": [node(at) for at in rows]}
        return {"items": [_item(cells[at], cells[at]["weight"]) for at in rows]}

    return [node(at) for at in below[root]]


def _words(row: Mapping[Any, Any], name: str) -> dict[str, str]:
    en, zh = row.get("en"), row.get("zh")
    en = en if isinstance(en, str) else name
    return {"zh": zh if isinstance(zh, str) else en, "en": en}


def _item(row: Mapping[Any, Any], weight: float) -> dict[str, Any]:
    name = str(row["id"])
    item = {"id": name, **_words(row, name), "table": "figures", "weight": weight}
    direction = row.get("direction")
    if isinstance(direction, str):
        item["direction"] = _DIRECTIONS[direction]
    for key in ("denominator", "clause"):
        if isinstance(row.get(key), str):
            item[key] = row[key]
    return item


def _renamed(raw: RawTable) -> pd.DataFrame:
    held = list(raw.cells.columns)
    names = {}
    for name, spellings in NAMES.items():
        found = next((spelling for spelling in spellings if spelling in held), None)
        if found:
            names[found] = name
    table = raw.cells.rename(columns=names)
    missing = [name for name in ("id", "parent") if name not in table]
    raise_errors(
        Finding("missing-column", Severity.ERROR, raw.file, 1, name,
                f"a column {' or '.join(NAMES[name])}", f"none among {len(held)}",
                did_you_mean(name, held))
        for name in missing
    )  # fmt: skip
    written = table.get("weight", pd.Series("1", index=table.index)).fillna("1")
    table[_AS_WRITTEN] = written
    table["weight"] = pd.to_numeric(written, errors="coerce")
    return table


def _faults(table: pd.DataFrame, file: str) -> list[Finding]:
    def fault(row: int, column: str, expected: str, got: str, hint: str = "") -> Finding:
        return Finding(f"wrong-{column}", Severity.ERROR, file, row, column, expected, got, hint)

    ids = table["id"]
    if table.empty:
        return [fault(1, "id", "a row for each indicator", "none")]
    found = [fault(at, "id", "an id", "an empty cell") for at in table.index[ids.isna()]]
    for at, name in ids.dropna().items():
        if not _ID.match(name):
            expected = "a letter, then letters, digits, '_', '.' or '-'"
            found.append(fault(int(str(at)), "id", expected, repr(name), "names go to zh and en"))
    for at in table.index[ids.duplicated()]:
        found.append(fault(at, "id", "each id once", repr(ids[at])))
    known = set(ids.dropna()) | {ROOT}
    for at, parent in table["parent"].dropna().items():
        if parent not in known:
            hint = did_you_mean(parent, sorted(known))
            found.append(fault(int(str(at)), "parent", "the id of a row", repr(parent), hint))
    for at, weight, written in zip(table.index, table["weight"], table[_AS_WRITTEN], strict=True):
        if not 0 <= weight < float("inf"):
            found.append(fault(at, "weight", "a number of 0 or more", repr(written)))
    for at, direction in table.get("direction", pd.Series(dtype="str")).dropna().items():
        if direction not in _DIRECTIONS:
            listed = ", ".join(_DIRECTIONS)
            found.append(fault(int(str(at)), "direction", f"one of {listed}", repr(direction)))
    return found or _circles(table, fault)


def _circles(table: pd.DataFrame, fault: Any) -> list[Finding]:
    above = dict(zip(table["id"], table["parent"], strict=True))
    rows = dict(zip(table["id"], table.index, strict=True))
    found: list[Finding] = []
    for name in above:
        way = [name]
        while isinstance(above.get(way[-1]), str) and above[way[-1]] not in way:
            way.append(above[way[-1]])
        if above.get(way[-1]) == name:
            got = " → ".join([*way, name])
            found.append(fault(rows[name], "parent", "a tree", got, "a circle"))
    return found
