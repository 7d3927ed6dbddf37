"""Kinds: what a file is by its first bytes, where they belie its name."""

from survey.files.grid import SAVE_AS
from survey.sources import statistical

_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "an xlsx workbook or another zip archive",
    b"PAR1": "a parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a rar archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"$FL2": "an SPSS file",
    b"<stata_dta>": "a Stata file",
}
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OWN_MAGIC: dict[str, bytes | tuple[bytes, ...]] = {
    ".xlsx": b"PK\x03\x04",
    ".xlsm": b"PK\x03\x04",
    ".parquet": b"PAR1",
    **statistical.MAGIC,
}
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<table", b"<?xml", b"<meta", b"<body")
_BOM = b"\xef\xbb\xbf"


def other_kind(data: bytes, suffix: str) -> tuple[str, str] | None:
    """Tell a file of another kind than its suffix says.

    Returns
    -------
    What it is and what to do, or None where its first bytes fit the suffix.
    """
    own = _OWN_MAGIC.get(suffix)
    open_it = f"open it and {SAVE_AS}"
    if own and data.startswith(own):
        return None
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            return "a workbook with a password", "open it, take the password off and save it"
        return "an old xls workbook", open_it
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind, open_it
    if data[:2000].removeprefix(_BOM).lstrip().lower().startswith(_MARKUP):
        return "a web page or XML", open_it
    if own and b"\0" not in data:
        return "plain text, perhaps a csv", f"name it .csv, or {open_it}"
    return ("a file of another kind", open_it) if own else None
