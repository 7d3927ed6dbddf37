"""The pictures of a book: what its cells drew, and the files its chapters name."""

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from report.publish import pandoc
from report.publish.crossref import NumberedChapter
from report.publish.execute import Executed
from report.publish.outputs import ASSETS
from report.publish.pandoc import Element
from survey.findings import Finding, InputError, Severity

FOREIGN = re.compile(r"^([a-z][a-z0-9+.-]*:|//|#)", re.IGNORECASE)


def collect_images(
    chapters: Iterable[NumberedChapter], report_dir: Path
) -> tuple[tuple[NumberedChapter, ...], dict[str, bytes]]:
    """Bring together the figures of the cells and the image files that chapters name.

    Parameters
    ----------
    chapters
        Numbered chapters.
    report_dir
        The folder that image paths are relative to.

    Returns
    -------
    The chapters with the paths images have in the publication, and the images by that path.

    Raises
    ------
    InputError
        With a finding for each image that is not there, or lies elsewhere than in `report_dir`.
    """
    images: dict[str, bytes] = {}
    wrong: list[Finding] = []
    folder = report_dir.resolve()

    def move(element: Element, executed: Executed) -> list[Element] | None:
        if element["t"] != "Image" or element["c"][2][0] in executed.files:
            return None
        attr, inlines, (source, title) = element["c"]
        path = (folder / unquote(source)).resolve()
        if FOREIGN.match(source) or not path.is_relative_to(folder) or not path.is_file():
            wrong.append(_no_image(executed, source))
            return None
        target = f"{ASSETS}/{'-'.join(path.relative_to(folder).parts)}"
        images[target] = path.read_bytes()
        return [{"t": "Image", "c": [attr, inlines, [target, title]]}]

    moved: list[NumberedChapter] = []
    for chapter in chapters:
        executed = chapter.executed
        images.update(executed.files)
        blocks = pandoc.walk(chapter.blocks, partial(move, executed=executed))
        moved.append(NumberedChapter(executed, blocks, chapter.headings))
    if wrong:
        raise InputError(wrong)
    return tuple(moved), images


def _no_image(executed: Executed, source: str) -> Finding:
    lines = executed.chapter.path.read_text(encoding="utf-8").splitlines()
    row = next((number for number, line in enumerate(lines, 1) if source in line), None)
    return Finding(
        "no-such-image",
        Severity.ERROR,
        executed.chapter.file,
        row,
        "",
        "a file in the folder of the book",
        source,
        "check the path; the site loads nothing else",
    )
