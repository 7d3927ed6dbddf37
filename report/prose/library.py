"""Words kept in YAML beside the chapters: advice, facts with their sources, what checks say."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Name = Literal["advice", "checks", "facts"]


@cache
def library(name: Name) -> dict[str, dict[str, str]]:
    """Return the entries of ``report/<name>.yaml`` by their keys."""
    path = Path(__file__).parent.parent / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))
