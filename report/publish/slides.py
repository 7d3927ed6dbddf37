"""The findings as slides: one HTML file that asks for nothing elsewhere."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from report.brand import brand, css_variables
from report.language import Lang
from report.publish import pandoc
from report.publish.blocks import image_alt, keep_visible, take_callouts
from report.publish.execute import Executed
from report.publish.kept import NONE, Kept
from report.publish.meta import BookMeta
from report.publish.pandoc import Element
from report.publish.source import Chapter, read_chapter
from report.publish.webpage import Around, html_blocks
from survey.findings import Finding, InputError, Severity

THEME = Path(__file__).parents[1] / "theme"
SLIDES_NAME = "slides.html"
FOLDER = "slides"
SOURCES: Mapping[Lang, str] = {"zh": "slides.qmd", "en": "slides-en.qmd"}
READER = "markdown+east_asian_line_breaks"
WRITER = "html5-task_lists"
CLI_KEYS = frozenset({"lang", "subtitle"})
"""Front matter that the embedded publisher takes from elsewhere."""
MIME = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "lang": "zh-Hans", "slides": "幻灯片", "controls": "翻页", "previous": "上一页",
        "next": "下一页", "full": "全屏", "skip": "跳到幻灯片", "report": "阅读报告全文",
        "figure": "图",
        "keys": "方向键翻页，Home 与 End 到首尾，F 全屏",
    },
    "en": {
        "lang": "en", "slides": "slide", "controls": "Turn the slides", "previous": "Previous",
        "next": "Next", "full": "Full screen", "skip": "Skip to the slides",
        "report": "Read the whole report", "figure": "Figure",
        "keys": "Arrow keys turn the slides; Home and End: first and last; F: full screen",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide as HTML.

    Parameters
    ----------
    title
        Its heading.
    said
        Its text.
    shown
        Its figures; empty where there are none.
    """

    title: str
    said: str
    shown: str


def find_slides(report_dir: Path, lang: Lang) -> Chapter | None:
    """Read the source of the slides that belong to a book, or return None where it has none.

    It is ``slides/slides.qmd``, or ``slides/slides-en.qmd``, in the folder of the book or in the
    one above. It can be run after the chapters of the book, in the same kernel.

    Parameters
    ----------
    report_dir
        The folder of the book.
    lang
        Language of the slides.
    """
    for folder in (report_dir, report_dir.resolve().parent):
        path = folder / FOLDER / SOURCES[lang]
        if path.is_file():
            return read_chapter(path, passed_over=CLI_KEYS)
    return None


def write_slides(
    executed: Executed,
    meta: BookMeta,
    images: Mapping[str, bytes],
    path: Path,
    lang: Lang = "zh",
    kept: Kept = NONE,
) -> None:
    """Write the slides as one HTML file; the same slides give the same bytes.

    A heading of level two starts a slide; what stands before the first one goes on the cover.

    Parameters
    ----------
    executed
        The source of the slides after its cells ran.
    meta
        What stands on the cover, and the notice that every slide carries.
    images
        The images that the slides name, by path; they are put into the file.
    path
        Where to write, beside the pages of the site.
    lang
        Language of the slides.
    kept
        Slides written before.

    Raises
    ------
    InputError
        Where a slide refers to a figure or table of the book, or shows an image that is not there.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(THEME),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cover, *slides = slides_of(executed, images, lang, kept)
    look = brand()
    html = environment.get_template("slides.html").render(
        w=WORDS[lang],
        meta=meta,
        title=executed.chapter.title or meta.title,
        cover=cover,
        slides=slides,
        total=len(slides) + 1,
        brand=look.name,
        logo=_data_uri(look.logo.name, look.logo.read_bytes()) if look.logo else "",
        style=css_variables(look) + (THEME / "slides.css").read_text(encoding="utf-8"),
        script=(THEME / "slides.js").read_text(encoding="utf-8"),
    )
    path.write_text(html, encoding="utf-8", newline="\n")


def slides_of(
    executed: Executed, images: Mapping[str, bytes], lang: Lang, kept: Kept = NONE
) -> list[Slide]:
    """Return the slides as HTML, first what the source says before its first slide.

    Raises
    ------
    InputError
        As `write_slides` does.
    """
    read = take_callouts(pandoc.read_markdown(executed.markdown, READER, kept), lang)
    blocks = keep_visible(read, "html")
    _check(executed, blocks, images)
    parts: list[tuple[list[Element], list[Element]]] = [([], [])]
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] <= 2:
            parts.append((block["c"][2], []))
        else:
            parts[-1][1].append(block)
    write = partial(_html, lang=lang, kept=kept)
    return [_slide(title, content, images, write) for title, content in parts]


def _slide(
    title: list[Element],
    content: list[Element],
    images: Mapping[str, bytes],
    write: Callable[[Sequence[Element]], str],
) -> Slide:
    pictures = [block for block in content if _is_picture(block)]
    said = [block for block in content if not _is_picture(block)]
    heading = write([pandoc.plain(title)]) if title else ""
    shown = [pandoc.plain([_inlined(each, images)]) for p in pictures for each in _images(p)]
    return Slide(heading, write(said), write(shown))


def _html(blocks: Sequence[Element], lang: Lang, kept: Kept) -> str:
    if not blocks:
        return ""
    page = html_blocks(blocks, Around(lang))
    args = ["--mathml", "--syntax-highlighting=none"]
    return pandoc.write_blocks(page, WRITER, args=args, kept=kept).strip()


def _images(block: Element) -> list[Element]:
    return [each for each in pandoc.elements(block) if each["t"] == "Image"]


def _is_picture(block: Element) -> bool:
    if block["t"] == "Figure":
        return True
    return block["t"] == "Para" and [each["t"] for each in block["c"]] == ["Image"]


def _inlined(image: Element, images: Mapping[str, bytes]) -> Element:
    target = image["c"][2][0]
    alt = [pandoc.text(image_alt(image))]
    return {"t": "Image", "c": [["", [], []], alt, [_data_uri(target, images[target]), ""]]}


def _data_uri(path: str, data: bytes) -> str:
    return f"data:{MIME[Path(path).suffix]};base64,{base64.b64encode(data).decode()}"


def _check(executed: Executed, blocks: list[Element], images: Mapping[str, bytes]) -> None:
    wrong: list[Finding] = []

    def find(check: str, expected: str, got: str) -> None:
        file = executed.chapter.file
        wrong.append(Finding(check, Severity.ERROR, file, None, "", expected, got))

    for each in pandoc.elements(blocks):
        if each["t"] == "Cite":
            key = each["c"][0][0]["citationId"]
            find("reference-on-slide", "a slide that stands for itself", f"@{key}")
        if each["t"] == "Image" and each["c"][2][0] not in images:
            find("no-such-image", "a figure of a cell", each["c"][2][0])
    if wrong:
        raise InputError(wrong)
