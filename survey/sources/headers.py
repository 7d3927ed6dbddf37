"""Headers of files from elsewhere, found by what people remember of them."""

import re
from collections.abc import Iterable, Mapping

from survey.files.layout import clean_header
from survey.sources.statistical import Variable

_NUMBERED = re.compile(r"(?:第\s*(\d+)\s*题|[Qq]?(\d+)\s*[、.:])\s*")
_NUMBER = re.compile(r"(?:第\s*|[Qq])?(\d+)(?:\s*题|[、.:])?")
_END = re.compile(r"(?:\s|\*|[?:。]|[\[(【][^\[(【]*题[\])】])+$")


def headers_of(wanted: str, held: Iterable[str], variables: Mapping[str, Variable]) -> list[str]:
    """Return the headers that a text means; the first way that finds any decides.

    Parameters
    ----------
    wanted
        A header, the label of a variable, the number of a question (``1、``), the text of a
        question, or the name of a question without its groups.
    held
        The headers of the file.
    variables
        What a statistical file says of its columns.
    """
    held, wanted = list(held), clean_header(wanted)
    if wanted in held:
        return [wanted]
    number, text = _NUMBER.fullmatch(wanted), _bare(wanted)
    ways = (
        lambda header: header in variables and clean_header(variables[header].label) == wanted,
        lambda header: bool(number) and _number(header) == number[1],
        lambda header: bool(text) and _bare(header) == text,
        lambda header: re.split(r"[/.]", header)[-1] == wanted,
    )
    for fits in ways:
        if found := [header for header in held if fits(header)]:
            return found
    return []


def _number(header: str) -> str:
    found = _NUMBERED.match(header)
    return (found[1] or found[2]) if found else ""


def _bare(header: str) -> str:
    """Return the text of a question without its number, marks and type."""
    return _END.sub("", _NUMBERED.sub("", header, count=1)).casefold()
