"""SVG as PNG, drawn by the ``typst`` wheel: Word and older readers of .docx show no SVG."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from report.fonts import font_files
from survey.findings import Finding, InputError, Severity

DPI = 200
PAGE = "#set page(width: auto, height: auto, margin: 0pt)\n"


def as_png(images: Mapping[str, bytes], dpi: int = DPI) -> dict[str, bytes]:
    """Return every image as PNG, in one run for all; the same image gives the same bytes.

    Parameters
    ----------
    images
        SVG by any name.
    dpi
        Dots an inch.

    Raises
    ------
    InputError
        With Typst's message, where an image is no SVG that it can draw.
    """
    import typst

    if not images:
        return {}
    fonts = typst.Fonts(False, False, font_paths=[str(font_files()[0].parent)])
    with tempfile.TemporaryDirectory() as folder:
        for at, data in enumerate(images.values()):
            (Path(folder) / f"{at}.svg").write_bytes(data)
        pages = "\n#pagebreak()\n".join(f'#image("{at}.svg")' for at in range(len(images)))
        main = Path(folder) / "main.typ"
        main.write_text(PAGE + pages, encoding="utf-8")
        try:
            drawn = typst.Compiler(str(main), font_paths=fonts).compile(format="png", ppi=dpi)
        except typst.TypstError as error:
            where = ", ".join(images)
            finding = Finding("image", Severity.ERROR, where, got=error.message)
            raise InputError([finding]) from None
    pngs = drawn if isinstance(drawn, list) else [drawn]
    return dict(zip(images, (png for png in pngs if png is not None), strict=True))
