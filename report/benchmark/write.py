"""Writing the benchmark page: a folder that works from a file, without server or request."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from report.benchmark.data import Href, page_data
from report.brand import brand, css_variables
from report.results import Results

HERE = Path(__file__).parent / "page"
SCRIPTS = (
    "base.js", "stats.js", "model.js", "address.js", "combobox.js", "chart.js", "grades.js",
    "table.js", "export.js", "controls.js", "main.js",
)  # fmt: skip
"""Parts of the script, in the order in which they need each other."""
ALONE = "window.BENCHMARK"


def write_benchmark(results: Results, out: Path, href: Href | None = None) -> None:
    """Write the benchmark page of an edition.

    Parameters
    ----------
    results
        The results, told in their language; without ``scores`` the page shows grades and peers.
    out
        A folder, made where it is not there: gets ``index.html``, ``data.js``, ``benchmark.js``
        and ``benchmark.css``. It lies beside the report's pages, whose ``index.html`` it links to.
    href
        Where the profile of a unit lies, seen from the page, None where it has none; without it,
        no profile is linked.
    """
    data = page_data(results, href)
    page = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    ).get_template("index.html")
    parts = "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    style = (HERE / "benchmark.css").read_text(encoding="utf-8")
    files = {
        "index.html": page.render(
            words=data["words"],
            lang="zh-Hans" if results.lang == "zh" else "en",
            title=data["title"],
            simulated=data["simulated"],
            scored=bool(data["columns"]),
            scheme=data["scheme"],
        ),
        "data.js": f"{ALONE} = {script_json(data)};\n",
        "benchmark.js": f'(function () {{\n"use strict";\n{parts}}})();\n',
        "benchmark.css": css_variables(brand()) + style,
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")


def profile_hrefs(results: Results) -> Href:
    """Return where the profile of each unit lies when profiles are published beside the page."""
    from report.profiles.files import profile_stems

    stems = profile_stems(results)
    return lambda unit: f"../profiles/{stems[unit]}.html" if unit in stems else None


def script_json(value: Any) -> str:
    """Return JSON that stays a value wherever a script stands, whatever its texts say."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
