"""What the results were made from, as the manifest beside them tells it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from report.prose.wording import cell, count, paragraph, table
from report.results import Results

MANIFEST = "manifest.json"
SHOWN = 16
"""Signs of a fingerprint that are printed; the manifest holds all 64."""


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return the manifest in a folder of results, or nothing where there is none."""
    path = folder / MANIFEST
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def provenance(results: Results, manifest: Mapping[str, Any]) -> str:
    """Say from what, with what settings, and by what program the results were made.

    Parameters
    ----------
    results
        The results.
    manifest
        Their parsed manifest; an empty one is said to be missing.
    """
    if not manifest:
        return paragraph(
            results.say(
                "结果目录中没有清单文件，来源无从核对。",
                "There is no manifest with the results, so their sources cannot be checked.",
            )
        )
    inputs, outputs = manifest.get("inputs", {}), manifest.get("outputs", {})
    files = results.say(
        f"结果由{count(len(inputs))}个输入文件算出，写成{count(len(outputs))}个文件；"
        "清单文件记有每个文件的校验值（SHA-256）、全部配置和软件版本。",
        f"The results were computed from {count(len(inputs))} input files and written as "
        f"{count(len(outputs))} files; the manifest holds the checksum (SHA-256) of each, all settings "
        "and the versions of the software.",
    )
    again = results.say(
        "同样的输入、配置、种子和程序，得到逐字节相同的结果；各项都没有变时，再次运行直接沿用已有结果，不重新计算。",
        "The same inputs, settings, seed and program give the same results, byte for byte; if none of "
        "them has changed, a new run reuses the results without computing them again.",
    )
    return paragraph(files, again, _simulated(results, manifest))


def _simulated(results: Results, manifest: Mapping[str, Any]) -> str:
    if not manifest.get("simulated"):
        return ""
    return results.say(
        "输入的记录由程序模拟生成，不是真实数据。",
        "The input records are simulated; they are not real data.",
    )


def inputs_table(results: Results, manifest: Mapping[str, Any]) -> str:
    """Write the input files with the beginning of their fingerprints."""
    rows = [(name, f"{digest[:SHOWN]}…") for name, digest in manifest.get("inputs", {}).items()]
    header = results.say("输入文件|校验值（开头）", "Input file|Checksum (beginning)").split("|")
    return table(header, rows, "ll", (55, 45)) if rows else ""


def settings_table(results: Results, manifest: Mapping[str, Any]) -> str:
    """Write the settings that decide the results, and the versions of the software."""
    if not manifest:
        return ""
    config, system = manifest.get("configuration", {}), manifest.get("system", {})
    uncertainty = config.get("uncertainty") or {}
    title = system.get("title", {}).get(results.lang, "")
    settings = [
        (results.say("指标体系", "Indicator system"), f"{title} ({system.get('id', '—')})"),
        (results.say("随机种子", "Seed"), manifest.get("seed", "—")),
        (results.say("重抽样次数", "Resamples"), results.meta.get("replicates") or "—"),
        (results.say("区间水平", "Level of intervals"), uncertainty.get("level", "—")),
        (
            results.say("程序校验值（开头）", "Checksum of the program (beginning)"),
            _short(manifest.get("code")),
        ),
    ]
    versions = [(name, version) for name, version in sorted(manifest.get("versions", {}).items())]
    header = results.say("项目|取值", "Setting|Value").split("|")
    return table(header, settings + versions, "ll", (40, 60))


def sources(results: Results) -> str:
    """List the sources of the data."""
    return "".join(f"- {cell(source[results.lang])}\n" for source in results.meta["sources"]) + "\n"


def _short(digest: str | None) -> str:
    return f"{digest[:SHOWN]}…" if digest else "—"
