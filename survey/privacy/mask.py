"""Masking: numbers and names that lead to a person, before anything else reads a text."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.privacy.names import MAY_NAME, NAMES

_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PLATE_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SAYS_PHONE = r"(?:电话|座机|致电|联系方式|联系号码|[Tt][Ee][Ll])"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SPACES, _DASHES = "\u3000\u00a0\u2002\u2003\u2009", "\u2010\u2011\u2012\u2013\u2014\u2212"
_TO_ASCII = (
    {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, _SPACES), " ")
    | dict.fromkeys(map(ord, _DASHES), "-")
)
_OTHER_NUMBER = re.compile(r"(?:单号|编号|流水号|订单|工单|文号|凭证号)[:为是 ]{0,2}$")
_CONTEXT = 6
NAME = "［姓名］"


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
    """A kind of private thing: what stands for it, how it looks, what else must hold.

    `numbered` tells whether a number said to be an order's or a ticket's stays.
    """

    marker: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool
    numbered: bool = False


_NUMBERS = (
    _Private(
        "［身份证］",
        re.compile(
            rf"(?<!\d){_PROVINCE}\d{{4}}[ -]?(?:18|19|20)\d\d{_MONTH_DAY}[ -]?\d{{3}}[\dXx](?!\d)"
        ),
        _is_id_card,
    ),
    _Private(
        "［身份证］",
        re.compile(rf"(?<!\d){_PROVINCE}\d{{6}}{_MONTH_DAY}\d{{3}}(?!\d)"),
        numbered=True,
    ),
    _Private(
        "［证件］",
        re.compile(
            r"(?:护照|通行证|军官证|居留证|台胞证)(?:号码?)?[:为是 ]{0,2}"
            r"(?P<number>[A-Za-z]{1,2}\d{7,10}|\d{8})(?![0-9A-Za-z])"
        ),
    ),
    _Private(
        "［银行卡］",
        re.compile(r"(?<!\d)[3-69]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"),
        _is_luhn,
        numbered=True,
    ),
    _Private(
        "［电话］",
        re.compile(
            r"(?<!\d)(?<!\d\.)(?:\(?(?:\+|00)?86\)?[ -]?)?1(?:[3-9]\d[ .-]?\d{4}[ .-]?\d{4}"
            r"|[3-9]\d{2}[ -]\d{4}[ -]\d{3}|[3-9]\d[ -]\d{3}[ -]\d{5})(?!\d)(?!\.\d|万?元)"
        ),
    ),
    _Private(
        "［电话］",
        re.compile(
            r"(?<!\d)(?:(?:\+|00)86[ -]?)?\(?0(?:10|2\d|[3-9]\d\d)\)?[ -]?[2-8]\d{3}[ -]?\d{3,4}"
            r"(?!\d)(?: ?(?:转|-) ?\d{1,6}(?!\d))?"
        ),
    ),
    _Private("［电话］", re.compile(rf"{_SAYS_PHONE}\D{{0,4}}(?P<number>[2-8]\d{{6,7}})(?!\d)")),
)
_PLATES = (
    _Private(
        "［车牌］",
        re.compile(
            rf"[{_PLATE_PROVINCE}][A-Za-z][ ·•.-]?(?=[A-Za-z]{{0,5}}\d)"
            r"[0-9A-Za-z]{4,5}[0-9A-Za-z挂学警港澳](?![0-9A-Za-z])"
        ),
    ),
)
_ACCOUNTS = (
    _Private("［邮箱］", re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    _Private(
        "［账号］",
        re.compile(
            r"(?:微信(?:账?号)?|[Ww]e[Cc]hat(?: ID)?|VX|[vV]信|QQ号?)[:为是 ]{1,3}"
            r"(?P<number>[A-Za-z][-_A-Za-z0-9]{5,19}|\d{5,11})(?![-_A-Za-z0-9])"
        ),
    ),
)
_NAMES = tuple(_Private(NAME, pattern) for pattern in NAMES)
_GAP = rf"[ .()\-－（）{_SPACES}{_DASHES}]{{0,2}}"
_KINDS = (
    (re.compile(rf"(?:[0-9０-９]{_GAP}){{7}}"), _NUMBERS),
    (re.compile(rf"[{_PLATE_PROVINCE}][A-Za-zＡ-Ｚａ-ｚ]"), _PLATES),
    (re.compile(r"[@＠]|微信|[Ww]e[Cc]hat|[VＶvｖ][XＸ信]|QQ|ＱＱ"), _ACCOUNTS),
    (re.compile(MAY_NAME), _NAMES),
)
"""What a text holds at least for a group of private things to be looked for in it."""
_MAY_BE_PRIVATE = "|".join(suspicion.pattern for suspicion, _ in _KINDS)


def mask(texts: pd.Series) -> tuple[pd.Series, int]:
    """Replace what leads to a person with markers such as ［电话］.

    Masked are Chinese mobile and landline numbers, resident identity numbers (18 digits with a
    right check digit, or 15), passports and permits said to be such, bank cards (16 to 19 digits
    with a right check digit), number plates, e-mail and chat accounts, and names after words that
    announce them (姓名：, 联系人：, 市民…先生, Name:). Numbers of services stay: 12345 and other
    short codes, 400 and 800 numbers.

    Parameters
    ----------
    texts
        Strings, shape (records,); missing ones stay missing.

    Returns
    -------
    The masked texts, with the same index, and how many things were masked.
    """
    suspects = texts.str.contains(_MAY_BE_PRIVATE, regex=True, na=False).to_numpy(dtype=bool)
    if not suspects.any():
        return texts, 0
    codes, distinct = pd.factorize(texts[suspects])
    masked = [mask_text(text) for text in distinct]
    counts = np.array([n for _, n in masked])[codes]
    result = texts.copy()
    result.iloc[np.flatnonzero(suspects)] = np.array([t for t, _ in masked], dtype=object)[codes]
    return result, int(counts.sum())


def mask_text(text: str) -> tuple[str, int]:
    """Mask one text; see `mask`."""
    masked = 0
    for suspicion, kinds in _KINDS:
        if suspicion.search(text):
            for private in kinds:
                text, found = _masked(text, private)
                masked += found
    return text, masked


def _masked(text: str, private: _Private) -> tuple[str, int]:
    parts, end = [], 0
    plain = text.translate(_TO_ASCII)
    for match in private.pattern.finditer(plain):
        group = match.lastgroup or 0
        start, stop = match.span(group)
        if private.numbered and _OTHER_NUMBER.search(plain, max(0, start - _CONTEXT), start):
            continue
        if private.holds(match[group]):
            parts += [text[end:start], private.marker]
            end = stop
    return "".join([*parts, text[end:]]), len(parts) // 2
