"""SVG as PNG, drawn by the ``typst`` wheel: Word and older readers of .docx show no SVG."""

import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from report.fonts import font_files
from report.publish.kept import NONE, Kept
from survey.findings import Finding, InputError, Severity

DPI = 200
IMAGE = "image.svg"
PAGE = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{IMAGE}")'
WORKERS = 2
"""Images drawn at once; Typst lets other threads run meanwhile."""


def as_png(images: Mapping[str, bytes], dpi: int = DPI, kept: Kept = NONE) -> dict[str, bytes]:
    """Return every image as PNG; the same image gives the same bytes.

    Parameters
    ----------
    images
        SVG by any name.
    dpi
        Dots an inch.
    kept
        What was drawn before.

    Raises
    ------
    InputError
        With Typst's message, where an image is no SVG that it can draw.
    """
    import typst

    if not images:
        return {}
    fonts = typst.Fonts(False, False, font_paths=[str(font_files()[0].parent)])

    def drawn(name: str) -> bytes:
        made_from = (b"png", str(dpi).encode(), images[name])
        return kept.get(made_from, lambda: _drawn(name, images[name], dpi, fonts))

    with ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(images, pool.map(drawn, images), strict=True))


def _drawn(name: str, data: bytes, dpi: int, fonts: Any) -> bytes:
    import typst

    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_text(PAGE, encoding="utf-8")
        (Path(folder) / IMAGE).write_bytes(data)
        try:
            png = typst.Compiler(str(main), font_paths=fonts).compile(format="png", ppi=dpi)
        except typst.TypstError as error:
            finding = Finding("image", Severity.ERROR, name, got=error.message)
            raise InputError([finding]) from None
    if not isinstance(png, bytes):
        raise TypeError("Typst gave no single picture")
    return png
