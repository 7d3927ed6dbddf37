"""How chapters, sections, figures and tables are counted and spoken of in each language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from report.language import Lang

NBSP = "\u00a0"
DIGITS = "零一二三四五六七八九"
FloatKind = Literal["fig", "tbl"]


@dataclass(frozen=True, slots=True)
class Number:
    """The number of a chapter or a section.

    Parameters
    ----------
    prefix
        What stands in front of the numbers below it: ``3``, ``A``.
    shown
        What its heading shows: ``第三章``, ``（一）``, ``3.1``.
    spoken
        What a reference says: ``第三章第一节``, ``Section 3.1``.
    alone
        What a reference without words says: ``一``, ``3.1``.
    """

    prefix: str
    shown: str
    spoken: str
    alone: str


NOT_NUMBERED = Number("", "", "", "")


class Numbering(Protocol):
    """The numbers of a book in one language."""

    @property
    def between(self) -> str:
        """What stands between two references."""
        ...

    def chapter(self, value: int) -> Number:
        """Return the number of a chapter."""
        ...

    def appendix(self, letter: str) -> Number:
        """Return the number of an appendix."""
        ...

    def section(self, chapter: Number, levels: Sequence[int]) -> Number:
        """Return the number of a section from the counts of levels 2, 3 and 4 down to it."""
        ...

    def float(self, kind: FloatKind, prefix: str, value: int) -> Number:
        """Return the number of a figure or table."""
        ...


def numbering(lang: Lang) -> Numbering:
    """Return the numbers of a language."""
    return NUMBERINGS[lang]


class _Chinese:
    """第三章, 一、, （一）, 1., 图 3-2 and 附录A, as Chinese reports count."""

    between = "、"
    words: Mapping[FloatKind, str] = {"fig": "图", "tbl": "表"}

    def chapter(self, value: int) -> Number:
        spoken = f"第{chinese_number(value)}章"
        return Number(str(value), spoken, spoken, str(value))

    def appendix(self, letter: str) -> Number:
        return Number(letter, f"附录{letter}", f"附录{letter}", letter)

    def section(self, chapter: Number, levels: Sequence[int]) -> Number:
        forms = (lambda n: f"第{chinese_number(n)}节", lambda n: f"（{chinese_number(n)}）", str)
        said = "".join(form(n) for form, n in zip(forms, levels, strict=False) if n)
        shown = self._heading(len(levels), levels[-1])
        return Number(chapter.prefix, shown, chapter.spoken + said, shown.rstrip("、."))

    @staticmethod
    def _heading(depth: int, value: int) -> str:
        if depth == 1:
            return f"{chinese_number(value)}、"
        return f"（{chinese_number(value)}）" if depth == 2 else f"{value}."

    def float(self, kind: FloatKind, prefix: str, value: int) -> Number:
        alone = f"{prefix}-{value}" if prefix else str(value)
        spoken = f"{self.words[kind]}{NBSP}{alone}"
        return Number(prefix, spoken, spoken, alone)


class _English:
    """Chapter 3, 3.1, 3.1.1, Figure 3.2 and Appendix A, as Quarto counts in English books."""

    between = ", "
    words: Mapping[FloatKind, str] = {"fig": "Figure", "tbl": "Table"}

    def chapter(self, value: int) -> Number:
        return Number(str(value), f"Chapter{NBSP}{value}", f"Chapter{NBSP}{value}", str(value))

    def appendix(self, letter: str) -> Number:
        spoken = f"Appendix{NBSP}{letter}"
        return Number(letter, spoken, spoken, letter)

    def section(self, chapter: Number, levels: Sequence[int]) -> Number:
        alone = ".".join([chapter.prefix, *(str(n) for n in levels)])
        return Number(chapter.prefix, alone, f"Section{NBSP}{alone}", alone)

    def float(self, kind: FloatKind, prefix: str, value: int) -> Number:
        alone = f"{prefix}.{value}" if prefix else str(value)
        spoken = f"{self.words[kind]}{NBSP}{alone}"
        return Number(prefix, spoken, spoken, alone)


NUMBERINGS: Mapping[Lang, Numbering] = {"zh": _Chinese(), "en": _English()}


def chinese_number(number: int) -> str:
    """Return a whole number from 0 to 99 in Chinese: 一, 十, 十二, 二十.

    Raises
    ------
    ValueError
        Outside 0 to 99.
    """
    if not 0 <= number <= 99:
        raise ValueError(f"expected a number from 0 to 99, got {number}")
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")
