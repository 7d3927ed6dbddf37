"""Run before `quarto render`: make the results of the edition where they are absent."""

import subprocess
import sys

from report.book import edition_folder

folder = edition_folder()
if not (folder / "results" / "edition.json").is_file():
    command = [sys.executable, "-m", "hotline_index", "run", str(folder), "--no-publish"]
    if "simulation:" in (folder / "edition.yaml").read_text(encoding="utf-8"):
        simulate = [sys.executable, "-m", "hotline_index", "simulate", str(folder), "--if-absent"]
        subprocess.run(simulate, check=True)
    subprocess.run(command, check=True)
