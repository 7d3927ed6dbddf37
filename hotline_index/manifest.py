"""What results were made from: fingerprints of inputs, configuration, program and outputs."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hotline_index.edition import CONFIGURATION, Edition, open_edition
from hotline_index.folders import named, sha256
from hotline_index.tables import findings_of, software
from indicators.system_file import SYSTEM_FILES
from report.results import Results, read_results
from survey.findings import Finding, InputError
from survey.privacy.pseudonyms import key_mark, read_key
from survey.sources.database import DatabaseTable
from survey.sources.parts import files_of

MANIFEST = "manifest.json"
HOME = Path(__file__).resolve().parent.parent
MAKERS = (
    "survey", "indicators", "analysis", "hotline_index", "report/results.py", "report/workbook.py",
)  # fmt: skip
"""Packages and modules whose code decides what the results are."""
CODE = frozenset({".py", ".yaml", ".yml", ".csv", ".html", ".css", ".js", ".typ"})


def fingerprint(edition: Edition) -> dict[str, Any]:
    """Return everything that decides the results of an edition; what is equal gives equal results.

    Returns
    -------
    ``inputs``, with those of the editions before (SHA-256 by path), ``configuration``,
    ``pseudonyms`` (a mark of their key), ``system``, ``code`` (SHA-256 of the program) and
    ``versions``, as they stand in the manifest. A file that is not there is left to the reading,
    which tells of it. The key ``plan`` decides no result, and names the shoppers: it is left out.
    """
    made = {
        "inputs": {
            named(path, edition.folder): sha256(path)
            for path in input_files(edition)
            if path.is_file()
        }
        | databases(edition),
        "configuration": edition.config.model_dump(mode="json", exclude={"plan"}),
        "pseudonyms": pseudonym_key(edition),
        "system": edition.system.model_dump(mode="json"),
        "code": code_hash(MAKERS),
        "versions": software(),
    }
    return json.loads(json.dumps(made))


def pseudonym_key(edition: Edition) -> str | None:
    """Return what tells the key of an edition's pseudonyms from another; None without any."""
    if edition.config.pseudonyms is None:
        return None
    try:
        return key_mark(read_key(edition.key))
    except InputError:
        return None


def input_files(edition: Edition) -> list[Path]:
    """Return every file that an edition and those before it are read from, each once."""
    files: dict[Path, Path] = {}
    for each in _with_those_before(edition):
        files |= {path.resolve(): path for path in _own_files(each)}
    return list(files.values())


def databases(edition: Edition) -> dict[str, str]:
    """Return the SHA-256 of what an edition and those before it read from databases, by name."""
    read: dict[str, str] = {}
    for each in _with_those_before(edition):
        for source in each.sources.values():
            if isinstance(source, DatabaseTable):
                with suppress(InputError):
                    read[source.name] = source.sha256
    return read


def _with_those_before(edition: Edition) -> Iterator[Edition]:
    """Yield an edition and those that it and they name as the one before, each once."""
    seen: set[Path] = set()
    while (home := edition.folder.resolve()) not in seen:
        seen.add(home)
        yield edition
        if edition.config.previous is not None:
            edition = open_edition(edition.folder / edition.config.previous)


def _own_files(edition: Edition) -> list[Path]:
    config, folder = edition.config, edition.folder
    files = [folder / CONFIGURATION]
    files += [file for path in edition.files.values() for file in files_of(path)]
    if edition.published is not None:
        files += sorted(path for path in edition.published.iterdir() if path.is_file())
    if config.units.register_ != "china":
        files.append(folder / config.units.register_)
    if Path(config.system).suffix in SYSTEM_FILES:
        files.append(folder / config.system)
    if config.units.sample is not None:
        files.append(folder / config.units.sample)
    if config.map is not None:
        files.append(folder / config.map.boundaries)
    if config.margins is not None:
        files.append(folder / config.margins.file)
    return files


def code_hash(makers: Iterable[str]) -> str:
    """Return the SHA-256 of program files, names and contents.

    Parameters
    ----------
    makers
        Packages and modules, from the folder above the packages.
    """
    digest = hashlib.sha256()
    for maker in makers:
        home = HOME / maker
        for path in [home] if home.is_file() else sorted(home.rglob("*")):
            if path.suffix in CODE and path.is_file():
                digest.update(f"{path.relative_to(HOME).as_posix()}\0{sha256(path)}\0".encode())
    return digest.hexdigest()


def write_manifest(made_from: Mapping[str, Any], edition: Edition, folder: Path) -> None:
    """Write the manifest of the results in a folder, with the fingerprints of all its files.

    Parameters
    ----------
    made_from
        The `fingerprint` taken before the results were made.
    edition
        The edition.
    folder
        Where its results were written.
    """
    manifest = {
        "edition": edition.config.edition,
        "simulated": edition.config.simulated,
        **made_from,
        "seed": edition.config.uncertainty.seed,
        "outputs": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def kept_results(
    edition: Edition, made_from: Mapping[str, Any]
) -> tuple[Results, tuple[Finding, ...]] | None:
    """Return the results of an earlier run that would come out the same, and their findings.

    Parameters
    ----------
    edition
        The edition.
    made_from
        Its `fingerprint` now.

    Returns
    -------
    None where anything that decides them has changed since, or a file of them has.
    """
    path = edition.results / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        outputs = manifest["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if any(manifest.get(key) != value for key, value in made_from.items()):
        return None
    there = {p.name for p in edition.results.iterdir()} - {MANIFEST}
    if there != set(outputs) or any(sha256(edition.results / n) != outputs[n] for n in there):
        return None
    results = read_results(edition.results)
    return results, findings_of(results["findings"], edition.folder)
