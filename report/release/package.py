"""The data package: a machine-readable description of the csv files, after Frictionless Data."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from report.release.about import WARNING, ReleaseAbout
from report.release.codebook import TableWords, table_words
from report.release.fields import FieldWords, fields_of
from report.release.files import DATA
from report.release.tidy import guarded_name, holds_key, refers_truly
from report.results import Results

PROFILE = "tabular-data-package"
MIME = "text/csv"


def package_name(results: Results) -> str:
    """Return the name of the data package: letters, digits and hyphens."""
    named = re.sub(r"[^a-z0-9]+", "-", str(results.meta["edition"]).lower()).strip("-")
    return f"hotline-index-{named or results.meta['year']}"


def data_package(
    results: Results, tables: Mapping[str, pd.DataFrame], folder: Path, about: ReleaseAbout
) -> dict[str, Any]:
    """Describe the csv files of a release.

    Parameters
    ----------
    results
        The results.
    tables
        As from `report.release.tidy.tidy`.
    folder
        The release, whose csv files are written.
    about
        What is said of the release.

    Returns
    -------
    A descriptor of Data Package 1.0 (https://specs.frictionlessdata.io/data-package/). A key of a
    table and a reference to another stand in it only where the data hold them.
    """
    simulated = {"simulated": True, "notice": WARNING.model_dump()}
    package: dict[str, Any] = {
        "profile": PROFILE,
        "name": package_name(results),
        "title": about.title.zh,
        "description": f"{about.title.en}. {about.dated.en}.",
        "version": about.version,
        "year": results.meta["year"],
        **({"created": f"{about.released.isoformat()}T00:00:00Z"} if about.released else {}),
        **({"homepage": about.homepage} if about.homepage else {}),
        **({"id": about.doi} if about.doi else {}),
        **(simulated if results.meta["simulated"] else {}),
        "keywords": ["12345", "government hotline", "composite index", "政务热线"],
        "licenses": [
            {
                "name": about.licence,
                "title": about.licence_title,
                "path": about.licence_address,
            }
        ],
        "sources": [{"title": f"{source.zh} / {source.en}"} for source in about.sources],
        "contributors": [
            {"title": name, "role": "publisher"}
            for name in dict.fromkeys((about.publisher.zh, about.publisher.en))
            if name
        ],
    }
    by_table: dict[str, list[FieldWords]] = {}
    for field in fields_of(tables):
        by_table.setdefault(field.table.name, []).append(field)
    keys = {
        name: table_words(name).key
        for name, table in tables.items()
        if holds_key(table, table_words(name).key)
    }
    package["resources"] = [
        _resource(table_words(name), fields, tables, keys, folder)
        for name, fields in by_table.items()
    ]
    return {key: value for key, value in package.items() if value != []}


def package_text(package: Mapping[str, Any]) -> str:
    """Return a descriptor as the text of ``datapackage.json``."""
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(
    words: TableWords,
    fields: list[FieldWords],
    tables: Mapping[str, pd.DataFrame],
    keys: Mapping[str, tuple[str, ...]],
    folder: Path,
) -> dict[str, Any]:
    path = f"{DATA}/{words.name}.csv"
    content = (folder / path).read_bytes()
    key = keys.get(words.name, ())
    schema: dict[str, Any] = {
        "fields": [_field(field, tables[words.name], key) for field in fields],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = [guarded_name(name) for name in key]
    if foreign := _foreign_keys(words, fields, tables, keys):
        schema["foreignKeys"] = foreign
    return {
        "profile": "tabular-data-resource",
        "name": words.name,
        "title": words.words.zh,
        "description": f"{words.describe.zh} / {words.describe.en}",
        "path": path,
        "format": "csv",
        "mediatype": MIME,
        "encoding": "utf-8-sig",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "header": True},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _field(field: FieldWords, table: pd.DataFrame, key: tuple[str, ...]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "type": field.type,
        "title": f"{field.column.words.zh} / {field.column.words.en}",
    }
    notes = [f"{field.note(lang)}" for lang in ("zh", "en") if field.note(lang)]
    if notes:
        described["description"] = " / ".join(notes)
    constraints = _constraints(field, table, key)
    return described | ({"constraints": constraints} if constraints else {})


def _constraints(field: FieldWords, table: pd.DataFrame, key: tuple[str, ...]) -> dict[str, Any]:
    """Return what holds of every value of a column by its kind, or by the key of its table."""
    found: dict[str, Any] = {}
    name, kind = field.column.name, field.column.kind
    if name in key and table[name].notna().all() and not table[name].isin([""]).any():
        found["required"] = True
    if key == (name,):
        found["unique"] = True
    if field.type in ("integer", "number") and kind in ("p", "count", "rank"):
        found["minimum"] = 1 if kind == "rank" else 0
        if kind == "p":
            found["maximum"] = 1
    codes = [code for code in field.column.codes if code]
    if codes and not field.column.open:
        found["enum"] = codes
    return found


def _foreign_keys(
    words: TableWords,
    fields: list[FieldWords],
    tables: Mapping[str, pd.DataFrame],
    keys: Mapping[str, tuple[str, ...]],
) -> list[dict[str, Any]]:
    found = []
    for field in fields:
        target = field.column.refers
        if target is None or target[0] == words.name or keys.get(target[0]) != (target[1],):
            continue
        if refers_truly(tables, tables[words.name][field.column.name], target):
            found.append(
                {
                    "fields": [field.name],
                    "reference": {"resource": target[0], "fields": [target[1]]},
                }
            )
    return found
