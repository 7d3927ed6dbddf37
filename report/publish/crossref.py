"""Numbers of chapters, sections, figures and tables, and the references to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from report.language import Lang
from report.publish import pandoc
from report.publish.blocks import take_callouts
from report.publish.execute import Executed
from report.publish.floats import drop_equal_widths, float_of
from report.publish.kept import NONE, Kept
from report.publish.numbering import NBSP, NOT_NUMBERED, Number, Numbering, numbering
from report.publish.pandoc import Element
from survey.findings import Finding, InputError, Severity

CLOSING = ".,;:!?)”’"


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference leads to.

    Parameters
    ----------
    label
        Its identifier in the page and in the PDF.
    stem
        The chapter it stands in.
    text
        What a reference says: ``图 3-2``, ``第三章``, ``附录A``.
    number
        The number alone: ``3-2``.
    """

    label: str
    stem: str
    text: str
    number: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the navigation shows it; level 1 is the chapter."""

    level: int
    label: str
    number: str
    inlines: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class NumberedChapter:
    """A chapter whose headings and floats carry their numbers.

    Parameters
    ----------
    executed
        Where it came from.
    blocks
        The body without the title; floats are divs of class ``float``.
    headings
        Title and sections, in order.
    """

    executed: Executed
    blocks: list[Element]
    headings: tuple[Heading, ...]

    @property
    def stem(self) -> str:
        """The name of the page, without its ending."""
        return self.executed.chapter.stem

    @property
    def title(self) -> Heading:
        """The title."""
        return self.headings[0]


@dataclass
class _Counter:
    lang: Lang
    numbering: Numbering
    numbered: bool
    wrong: list[Finding] = field(default_factory=list)
    chapters: int = 0
    appendices: int = 0
    outside: dict[str, int] = field(default_factory=lambda: {"fig": 0, "tbl": 0})
    targets: dict[str, Target] = field(default_factory=dict)


def number_book(
    executed: Sequence[Executed],
    read_as: str,
    numbered: bool,
    lang: Lang = "zh",
    kept: Kept = NONE,
) -> tuple[NumberedChapter, ...]:
    """Parse and number every chapter, then resolve the references between them.

    Parameters
    ----------
    executed
        The chapters in order, the appendices last.
    read_as
        Name of pandoc's reader.
    numbered
        ``number-sections`` of the book.
    lang
        Language of the numbers: 图 1-2 or Figure 1.2.
    kept
        What was parsed before.

    Raises
    ------
    InputError
        With a finding for each reference that leads nowhere and each label used twice.
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        parsed = list(pool.map(lambda e: pandoc.read_markdown(e.markdown, read_as, kept), executed))
    counter = _Counter(lang, numbering(lang), numbered)
    chapters = [
        _number_chapter(each, blocks, counter)
        for each, blocks in zip(executed, parsed, strict=True)
    ]
    resolved = tuple(_resolve(chapter, counter) for chapter in chapters)
    if counter.wrong:
        raise InputError(counter.wrong)
    return resolved


def _number_chapter(
    executed: Executed, blocks: list[Element], counter: _Counter
) -> NumberedChapter:
    chapter = executed.chapter
    called = take_callouts(drop_equal_widths(blocks), counter.lang)
    attr, title, blocks = _title(executed, called)
    own = _chapter_number(chapter.kind, counter, "unnumbered" not in attr[1])
    stem = chapter.stem
    label = attr[0] if attr[0].startswith("sec-") else f"chapter-{stem}"

    def add(key: str, text: str, number: str) -> None:
        if key in counter.targets:
            got = f"{key} in {counter.targets[key].stem} and {stem}"
            counter.wrong.append(_finding("duplicate-label", executed, key, got))
        counter.targets[key] = Target(key, stem, text, number)

    add(label, own.spoken or f"“{pandoc.plain_text(title)}”", own.prefix)
    headings = [Heading(1, label, own.shown, tuple(title))]
    sections = _Sections(stem, own, counter.numbering, headings, add)

    def skip(level: int, title: str) -> None:
        expected = f"a heading of level {level - 1} before it"
        found = _finding("skipped-level", executed, title, title)
        counter.wrong.append(replace(found, expected=expected))

    floats = {"fig": 0, "tbl": 0} if own.prefix else counter.outside

    def number(element: Element) -> list[Element] | None:
        if element["t"] == "Header" and element["c"][0] > 1:
            if element["c"][0] > headings[-1].level + 1:
                skip(element["c"][0], pandoc.plain_text(element["c"][2]))
            return [sections.number(element)]
        found = float_of(element)
        if found is None:
            return None
        floats[found.kind] += 1
        value = counter.numbering.float(found.kind, own.prefix, floats[found.kind])
        add(found.label, value.spoken, value.alone)
        return [found.element(value.shown)]

    return NumberedChapter(executed, pandoc.walk(blocks, number), tuple(headings))


def _title(executed: Executed, blocks: list[Element]) -> tuple[list, list[Element], list[Element]]:
    """Return the title's attributes, its inlines and the blocks without it."""
    if title := executed.chapter.title:
        (paragraph,) = pandoc.read_markdown(f"# {title}")[:1]
        return paragraph["c"][1], paragraph["c"][2], blocks
    at = next((i for i, b in enumerate(blocks) if b["t"] == "Header" and b["c"][0] == 1), None)
    if at is None:
        raise InputError(
            [
                Finding(
                    "no-title",
                    Severity.ERROR,
                    executed.chapter.file,
                    1,
                    "",
                    "a title in the front matter or a first heading",
                    "neither",
                    "add # …",
                )
            ]
        )
    header = blocks[at]
    return header["c"][1], header["c"][2], blocks[:at] + blocks[at + 1 :]


def _chapter_number(kind: str, counter: _Counter, counted: bool) -> Number:
    if not (counted and counter.numbered):
        return NOT_NUMBERED
    if kind == "appendix":
        counter.appendices += 1
        return counter.numbering.appendix(chr(ord("A") + counter.appendices - 1))
    counter.chapters += 1
    return counter.numbering.chapter(counter.chapters)


@dataclass
class _Sections:
    """Numbers the sections of a chapter and keeps their headings."""

    stem: str
    chapter: Number
    numbering: Numbering
    headings: list[Heading]
    add: Callable[[str, str, str], None]
    levels: list[int] = field(default_factory=lambda: [0, 0, 0])

    def number(self, header: Element) -> Element:
        """Return a heading of level 2 or deeper with its label, and its number where it has one."""
        level, (key, classes, others), inlines = header["c"]
        own = NOT_NUMBERED
        if self.chapter.prefix and "unnumbered" not in classes and level <= 4:
            at = level - 2
            self.levels[at] += 1
            self.levels[at + 1 :] = [0] * (2 - at)
            own = self.numbering.section(self.chapter, self.levels[: at + 1])
        label = key if key.startswith("sec-") else f"{self.stem}-{len(self.headings)}"
        self.add(label, own.spoken or f"“{pandoc.plain_text(inlines)}”", own.alone)
        self.headings.append(Heading(level, label, own.shown, tuple(inlines)))
        number = [pandoc.span([pandoc.text(own.shown)], ["number"])] if own.shown else []
        return {"t": "Header", "c": [level, [label, classes, others], [*number, *inlines]]}


def _resolve(chapter: NumberedChapter, counter: _Counter) -> NumberedChapter:
    def resolve(element: Element) -> list[Element] | None:
        return _reference(element, chapter, counter) if element["t"] == "Cite" else None

    blocks = pandoc.walk(_close_up(chapter.blocks), resolve)
    return NumberedChapter(chapter.executed, blocks, chapter.headings)


def _reference(element: Element, chapter: NumberedChapter, counter: _Counter) -> list[Element]:
    inlines: list[Element] = []
    for citation in element["c"][0]:
        key = citation["citationId"]
        target = counter.targets.get(key[:1].lower() + key[1:])
        if target is None:
            hint = "no such label, or its cell shows nothing here: make the sentence depend on it"
            found = _finding("unknown-reference", chapter.executed, f"@{key}", "none", hint)
            counter.wrong.append(found)
            continue
        own = citation["citationMode"]["t"] == "SuppressAuthor" or citation["citationPrefix"]
        shown = pandoc.text(target.number if own else target.text)
        inlines += [pandoc.text(counter.numbering.between)] if inlines else []
        page = "" if target.stem == chapter.stem else f"{target.stem}.qmd"
        prefix = citation["citationPrefix"]
        content = [*prefix, pandoc.text(NBSP), shown] if prefix else [shown]
        inlines.append(pandoc.link(content, f"{page}#{target.label}", ["quarto-xref"]))
    return inlines


def _close_up(blocks: list[Element]) -> list[Element]:
    """Take out the space that a reference is written with, where the text has none there.

    Quarto's syntax asks for it; Chinese text has none around a reference, and no text has one
    before a full stop or comma.
    """

    def change(element: Element) -> list[Element] | None:
        if element["t"] not in ("Para", "Plain"):
            return None
        inlines = element["c"]
        kept = [
            inline
            for at, inline in enumerate(inlines)
            if not (inline["t"] == "Space" and _needless(inlines[at - 1 : at + 2 : 2]))
        ]
        return [{**element, "c": kept}]

    return pandoc.walk(blocks, change)


def _needless(around: list[Element]) -> bool:
    if len(around) < 2:
        return False
    left, right = around
    if left["t"] == "Cite":
        return right["t"] == "Str" and (_is_chinese(right["c"][0]) or right["c"][0] in CLOSING)
    return right["t"] == "Cite" and left["t"] == "Str" and _is_chinese(left["c"][-1])


def _is_chinese(sign: str) -> bool:
    return ord(sign) > 0x2E80


def _finding(check: str, executed: Executed, key: str, got: str, hint: str = "") -> Finding:
    lines = executed.chapter.path.read_text(encoding="utf-8").splitlines()
    row = next((number for number, line in enumerate(lines, 1) if key in line), None)
    expected = f"one label for {key}"
    return Finding(check, Severity.ERROR, executed.chapter.file, row, "", expected, got, hint)
