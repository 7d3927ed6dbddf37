"""Privacy: numbers that lead to a person are masked before anything else reads a text."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PLATE_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SAYS_PHONE = r"(?:电话|座机|致电|联系方式|联系号码|[Tt][Ee][Ll])"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_TO_ASCII = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def _is_id_card(number: str) -> bool:
    """Check digit of GB 11643-1999 (ISO 7064 MOD 11-2)."""
    digits = re.sub(r"[ -]", "", number).upper()
    total = sum(int(d) * w for d, w in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


def _is_luhn(number: str) -> bool:
    """Check digit of ISO/IEC 7812-1."""
    digits = [int(d) for d in re.sub(r"\D", "", number)][::-1]
    doubled = [d * 2 - 9 * (d > 4) for d in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


@dataclass(frozen=True, slots=True)
class _Private:
    marker: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool


_PRIVATE = (
    _Private(
        "［身份证］",
        re.compile(
            rf"(?<!\d){_PROVINCE}\d{{4}}[ -]?(?:18|19|20)\d\d{_MONTH_DAY}[ -]?\d{{3}}[\dXx](?!\d)"
        ),
        _is_id_card,
    ),
    _Private("［身份证］", re.compile(rf"(?<!\d){_PROVINCE}\d{{6}}{_MONTH_DAY}\d{{3}}(?!\d)")),
    _Private(
        "［银行卡］",
        re.compile(r"(?<!\d)[3-69]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"),
        _is_luhn,
    ),
    _Private(
        "［电话］",
        re.compile(r"(?<!\d)(?<!\d\.)(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    ),
    _Private(
        "［电话］",
        re.compile(
            r"(?<!\d)(?:(?:\+|00)86[ -]?)?\(?0(?:10|2\d|[3-9]\d\d)\)?[ -]?[2-8]\d{3}[ -]?\d{3,4}"
            r"(?!\d)(?: ?(?:转|-) ?\d{1,6}(?!\d))?"
        ),
    ),
    _Private("［电话］", re.compile(rf"{_SAYS_PHONE}\D{{0,4}}(?P<number>[2-8]\d{{6,7}})(?!\d)")),
    _Private(
        "［车牌］",
        re.compile(
            rf"[{_PLATE_PROVINCE}][A-Za-z][ ·•.-]?(?=[A-Za-z]{{0,5}}\d)"
            r"[0-9A-Za-z]{4,5}[0-9A-Za-z挂学警港澳](?![0-9A-Za-z])"
        ),
    ),
)
_MAY_BE_PRIVATE = r"(?:[0-9０-９][ \-－()（）]{0,2}){7}|[" + _PLATE_PROVINCE + "][A-Za-zＡ-Ｚａ-ｚ]"


def mask(texts: pd.Series) -> tuple[pd.Series, int]:
    """Replace numbers that lead to a person with markers such as ［电话］.

    Masked are Chinese mobile and landline numbers, resident identity numbers (18 digits with a
    right check digit, or 15), bank cards (16 to 19 digits with a right check digit) and number
    plates. Numbers of services stay: 12345 and other short codes, 400 and 800 numbers.

    Parameters
    ----------
    texts
        Strings, shape (records,); missing ones stay missing.

    Returns
    -------
    The masked texts, with the same index, and how many numbers were masked.
    """
    suspects = texts.str.contains(_MAY_BE_PRIVATE, regex=True, na=False).to_numpy(dtype=bool)
    if not suspects.any():
        return texts, 0
    masked = [mask_text(text) for text in texts[suspects]]
    result = texts.copy()
    result.iloc[np.flatnonzero(suspects)] = [text for text, _ in masked]
    return result, sum(n for _, n in masked)


def mask_text(text: str) -> tuple[str, int]:
    """Mask one text; see `mask`."""
    masked = 0
    for private in _PRIVATE:
        parts, end = [], 0
        for match in private.pattern.finditer(text.translate(_TO_ASCII)):
            start, stop = match.span(match.lastgroup or 0)
            if private.holds(match[match.lastgroup or 0]):
                parts += [text[end:start], private.marker]
                end = stop
                masked += 1
        text = "".join([*parts, text[end:]])
    return text, masked
