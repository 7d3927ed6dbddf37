"""The fonts of figures and PDF, from a wheel: Noto Serif SC and Noto Sans SC, no Bold."""

from functools import cache
from importlib.resources import files
from pathlib import Path

SERIF = "Noto Serif SC"
SANS = "Noto Sans SC"
CONTROL = frozenset("\t\n\r\u00ad\u200b\u2060\ufeff")


def font_files() -> tuple[Path, Path]:
    """Return the font files of `SERIF` and `SANS`, which lie in one folder."""
    folder = Path(str(files("pylopdf_fonts_zh_cn")))
    return folder / "NotoSerifSC-Regular.otf", folder / "NotoSansSC-Regular.otf"


def missing_glyphs(text: str) -> str:
    """Return the characters of a text that one of the fonts cannot draw, sorted, each once.

    Parameters
    ----------
    text
        Any text; control and zero-width characters do not count.
    """
    return "".join(sorted(set(text) - CONTROL - _drawable()))


@cache
def _drawable() -> frozenset[str]:
    from fontTools.ttLib import TTFont

    maps = []
    for path in font_files():
        with TTFont(path, lazy=True) as font:
            maps.append({chr(code) for code in font.getBestCmap() or {}})
    return frozenset.intersection(*map(frozenset, maps))
