"""Words kept in YAML beside the chapters: advice, facts with their sources, what checks say."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from report.results import Results

Name = Literal["advice", "checks", "facts"]


@cache
def library(name: Name) -> dict[str, dict[str, str]]:
    """Return the entries of ``report/<name>.yaml`` by their keys."""
    path = Path(__file__).parent.parent / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def fact(results: Results, key: str) -> str:
    """Return one fact as text in the language of the results."""
    return library("facts")[key][results.lang]
