"""Pages as PDF: Typst sets them all from the same template, on two processors where it can."""

import json
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from report.brand import brand
from report.fonts import font_files
from report.profiles.page import Page
from survey.findings import Finding, InputError, Severity

TEMPLATE = Path(__file__).parent / "page.typ"
WORKERS = 2
"""Compilers at work at once; Typst lets other threads run meanwhile."""


def write_pdfs(pages: Iterable[tuple[str, Page]], out: Path, done: Callable[[int], None]) -> None:
    """Write each page as ``<stem>.pdf``; the same page gives the same bytes.

    Parameters
    ----------
    pages
        File names without ending, and pages.
    out
        An existing folder.
    done
        Told 1 after each.

    Raises
    ------
    InputError
        With Typst's message, where a page cannot be set.
    """
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_files()[0].parent)])
    look = brand()
    dressed = json.dumps({"colors": dict(look.colors), "serif": look.serif, "sans": look.sans})
    held = threading.local()
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "page.typ"
        main.write_bytes(TEMPLATE.read_bytes())

        def start() -> None:
            held.compiler = typst.Compiler(str(main), root=folder, font_paths=fonts)

        def write(stem: str, page: Page) -> None:
            (out / f"{stem}.pdf").write_bytes(_compiled(held.compiler, page, dressed, stem))

        with ThreadPoolExecutor(WORKERS, initializer=start) as workers:
            for written in [workers.submit(write, stem, page) for stem, page in pages]:
                written.result()
                done(1)


def _compiled(compiler: Any, page: Page, look: str, stem: str) -> bytes:
    import typst

    try:
        return compiler.compile(
            format="pdf", timestamp=0, sys_inputs={"page": page.as_json(), "look": look},
            pdf_standards="ua-1",
        )  # fmt: skip
    except typst.TypstError as error:
        finding = Finding(
            "typst", Severity.ERROR, f"{stem}.pdf", got=error.message, hint=" ".join(error.hints)
        )
        raise InputError([finding]) from None
