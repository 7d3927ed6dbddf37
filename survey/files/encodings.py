"""Encodings: the bytes of a text file as UTF-8, or where they stop to make sense."""

import codecs
import re
from functools import cache

from survey.files.grid import Found, noted, refusal
from survey.findings import InputError

_BOM = b"\xef\xbb\xbf"
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF8_BY_THEN = 10
"""Chinese characters before the first wrong byte that show a file to be damaged UTF-8: text in
GB18030 hardly ever decodes as so many."""
_UTF8_CHINESE = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LEAST_COMMON = 0.8
"""Least share of characters of GB 2312 in Chinese text; Big5 and Latin-1 taken for GB18030 show
about 40 percent."""
_SAMPLE = 200_000
_PIECE = 2**24
_SAVE = "open it in a spreadsheet and save it as CSV UTF-8"


def as_utf8(data: bytes) -> tuple[bytes, Found]:
    """Turn text in UTF-8, UTF-16 or GB18030 (GBK with the euro sign of Windows, too) into UTF-8.

    Returns
    -------
    The text without byte order mark, and a note where it was not UTF-8.

    Raises
    ------
    InputError
        Where it is in another encoding, in two, or damaged.
    """
    if data[:2] in _UTF16 or _is_bare_utf16(data):
        return _from_utf16(data)
    data = data.removeprefix(_BOM)
    if (place := data.find(b"\0")) >= 0:
        got = f"{data.count(0)} NUL bytes"
        hint = "it is no text, or was damaged while it was written: export it again"
        raise refusal("nul-bytes", "text", got, hint, _row_of(data, place))
    wrong = _first_wrong(data)
    if wrong is None:
        return data, ()
    _refuse_two_encodings(data, wrong)
    if len(_CHINESE.findall(data[:wrong].decode("utf-8"))) < _UTF8_BY_THEN:
        return _from_gb18030(data, wrong)
    raise _fits_neither(data, wrong)


def _first_wrong(data: bytes) -> int | None:
    """Return the position of the first byte that is not UTF-8, reading piece by piece."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _PIECE):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _PIECE], final=start + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            return start - held + error.start
    return None


def _row_of(data: bytes, place: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:place])) + 1


def _fits_neither(data: bytes, wrong: int) -> InputError:
    got = f"the byte 0x{data[wrong]:02x}, which fits neither"
    return refusal("encoding", "text in UTF-8 or GB18030", got, _SAVE, _row_of(data, wrong))


def _is_bare_utf16(data: bytes) -> bool:
    return bool(_bare_utf16(data[:_SAMPLE]))


def _bare_utf16(data: bytes) -> str:
    """Name the kind of UTF-16 without a mark: its ASCII has a NUL in every pair, on one side."""
    if data.count(0) < 2:
        return ""
    sides = data[1::2].count(0), data[::2].count(0)
    if min(sides) or max(sides) < 0.05 * len(data):
        return ""
    return "utf-16-le" if sides[0] else "utf-16-be"


def _from_utf16(data: bytes) -> tuple[bytes, Found]:
    named = _UTF16.get(data[:2]) or _bare_utf16(data[:_SAMPLE])
    try:
        text = data.decode(named).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        got = f"text in UTF-16 that breaks off at byte {error.start}"
        raise refusal("encoding", "whole text in UTF-16", got, "export it again") from None
    if "\0" in text:
        return as_utf8(text.encode("utf-8"))
    hint = "read as UTF-16; CSV UTF-8 is safer"
    return text.encode("utf-8"), (noted("encoding", "UTF-8", "UTF-16", hint),)


def _euro(error: UnicodeError) -> tuple[str, int]:
    """Decode the euro sign of Windows, the byte 0x80, which begins no character of GB18030."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error("windows-euro", _euro)


def _from_gb18030(data: bytes, wrong: int) -> tuple[bytes, Found]:
    try:
        text = data.decode("gb18030", errors="windows-euro")
    except UnicodeDecodeError as error:
        if other := _other_encoding(data):
            raise refusal("encoding", "text in UTF-8 or GB18030", other, _SAVE) from None
        raise _fits_neither(data, max(wrong, error.start)) from None
    if not _is_chinese(text):
        other = _other_encoding(data) or "text in neither"
        raise refusal("encoding", "text in UTF-8 or GB18030", other, _SAVE, _row_of(data, wrong))
    note = noted("encoding", "UTF-8", "GB18030", "read as GB18030; CSV UTF-8 is safer")
    return text.encode("utf-8"), (note,)


def _is_chinese(text: str) -> bool:
    """Tell whether text beyond ASCII is mostly of the hanzi and marks of GB 2312."""
    beyond = _BEYOND_ASCII.findall(text[: 20 * _SAMPLE])[:_SAMPLE]
    common = sum(map(_is_common, beyond))
    rare = len(beyond) - common
    return common >= _LEAST_COMMON * len(beyond) or (rare == 1 and common > 1)


@cache
def _is_common(character: str) -> bool:
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return character == "€"
    return lead >= 0xB0 or lead in (0xA1, 0xA2, 0xA3)


def _other_encoding(data: bytes) -> str:
    """Name an encoding that files from elsewhere are likely to be in."""
    sample = data[: 20 * _SAMPLE]
    try:
        beyond = _BEYOND_ASCII.findall(sample.decode("cp950"))
    except UnicodeDecodeError:
        beyond = []
    frequent = sum(0xA4 <= each.encode("cp950")[0] <= 0xC6 for each in beyond)
    if len(beyond) > 1 and frequent >= 0.9 * len(beyond):
        return "text in Big5 (traditional Chinese)"
    high = sum(byte > 0x7F for byte in sample)
    return "text in Latin-1 (Western European)" if high < 0.1 * len(sample) else ""


def _refuse_two_encodings(data: bytes, wrong: int) -> None:
    """Locate the line from which a file is in another encoding, as two files pasted together."""
    if first := _UTF8_CHINESE.search(data[:wrong]):
        start, stop = _line_around(data, wrong)
        try:
            odd = data[start:stop].decode("gb18030")
        except UnicodeDecodeError:
            return
        if len(_BEYOND_ASCII.findall(odd)) < 2 or not _is_chinese(odd):
            return
        raise _two_encodings("UTF-8", "GB18030", _row_of(data, max(start, first.start())))
    for match in _UTF8_CHINESE.finditer(data, wrong):
        start, stop = _line_around(data, match.start())
        if _first_wrong(data[start:stop]) is None:
            raise _two_encodings("GB18030", "UTF-8", _row_of(data, start))


def _line_around(data: bytes, place: int) -> tuple[int, int]:
    start = max(data.rfind(b"\n", 0, place), data.rfind(b"\r", 0, place)) + 1
    ends = [end for end in (data.find(b"\n", place), data.find(b"\r", place)) if end >= 0]
    return start, min(ends, default=len(data))


def _two_encodings(before: str, after: str, row: int) -> InputError:
    got = f"{before}, and {after} from this row on"
    hint = "files were pasted together: save each as CSV UTF-8 first"
    return refusal("encoding", "one encoding throughout", got, hint, row)
