"""Run before `quarto render`: make the results of the edition where absent, and Word's styles."""

import subprocess
import sys
from pathlib import Path

from report.book import edition_folder
from report.labels import word
from report.language import Lang
from report.publish.reference import write_reference
from report.results import EDITION_FILE, read_results

THEME = Path(__file__).resolve().parent / "theme"
REFERENCES: dict[Lang, str] = {"zh": "reference.docx", "en": "reference-en.docx"}

folder = edition_folder()
if not (folder / "results" / EDITION_FILE).is_file():
    command = [sys.executable, "-m", "hotline_index", "run", str(folder), "--no-publish"]
    if "simulation:" in (folder / "edition.yaml").read_text(encoding="utf-8"):
        simulate = [sys.executable, "-m", "hotline_index", "simulate", str(folder), "--if-absent"]
        subprocess.run(simulate, check=True)
    subprocess.run(command, check=True)
meta = read_results(folder / "results").meta
for lang, name in REFERENCES.items():
    notice = word("simulated", lang) if meta["simulated"] else None
    write_reference(THEME / name, lang, meta["title"][lang], notice)
