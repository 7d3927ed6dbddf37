"""Zip archives, such as .docx, of which the same content has the same bytes."""

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip archive can name."""


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return an archive of some files, without the time of its making.

    Parameters
    ----------
    members
        Contents by name, in the order in which they are to stand.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name, sorted, the list of content types first.

    The Open Packaging Conventions, on which .docx rests, name that list ``[Content_Types].xml``.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(archive.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        return {name: archive.read(name) for name in names}
