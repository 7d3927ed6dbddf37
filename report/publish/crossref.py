"""Numbers of chapters, sections, figures and tables, and the references to them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from report.publish import pandoc
from report.publish.blocks import take_callouts
from report.publish.execute import Executed
from report.publish.floats import drop_equal_widths, float_of
from report.publish.pandoc import Element
from survey.findings import Finding, InputError, Severity

NBSP = "\u00a0"
FLOAT_WORDS = {"fig": "图", "tbl": "表"}
DIGITS = "零一二三四五六七八九"


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
    chapters: int = 0
    appendices: int = 0
    outside: dict[str, int] = field(default_factory=lambda: {"fig": 0, "tbl": 0})
    targets: dict[str, Target] = field(default_factory=dict)


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


def number_book(
    executed: Sequence[Executed], read_as: str, numbered: bool
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

    Raises
    ------
    InputError
        With a finding for each reference that leads nowhere and each label used twice.
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        parsed = list(pool.map(lambda e: pandoc.read_markdown(e.markdown, read_as), executed))
    counter = _Counter()
    wrong: list[Finding] = []
    chapters = [
        _number_chapter(each, blocks, counter, numbered, wrong)
        for each, blocks in zip(executed, parsed, strict=True)
    ]
    resolved = tuple(_resolve(chapter, counter.targets, wrong) for chapter in chapters)
    if wrong:
        raise InputError(wrong)
    return resolved


def _number_chapter(
    executed: Executed,
    blocks: list[Element],
    counter: _Counter,
    numbered: bool,
    wrong: list[Finding],
) -> NumberedChapter:
    chapter = executed.chapter
    attr, title, blocks = _title(executed, take_callouts(drop_equal_widths(blocks)))
    counted = numbered and "unnumbered" not in attr[1]
    prefix, shown, spoken = _chapter_number(chapter.kind, counter, counted)
    stem = chapter.stem
    label = attr[0] if attr[0].startswith("sec-") else f"chapter-{stem}"
    said = spoken or f"“{pandoc.plain_text(title)}”"

    def add(key: str, text: str, number: str) -> None:
        if key in counter.targets:
            got = f"{key} in {counter.targets[key].stem} and {stem}"
            wrong.append(_finding("duplicate-label", executed, key, got))
        counter.targets[key] = Target(key, stem, text, number)

    add(label, said, prefix)
    headings = [Heading(1, label, shown, tuple(title))]
    sections = _Sections(stem, spoken, headings, add)
    floats = {"fig": 0, "tbl": 0} if prefix else counter.outside

    def number(element: Element) -> list[Element] | None:
        if element["t"] == "Header" and element["c"][0] > 1:
            return [sections.number(element)]
        found = float_of(element)
        if found is None:
            return None
        floats[found.kind] += 1
        value = f"{prefix}-{floats[found.kind]}" if prefix else str(floats[found.kind])
        add(found.label, f"{FLOAT_WORDS[found.kind]}{NBSP}{value}", value)
        return [found.element(f"{FLOAT_WORDS[found.kind]}{NBSP}{value}")]

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


def _chapter_number(kind: str, counter: _Counter, counted: bool) -> tuple[str, str, str]:
    """Return the number in front of floats, the one shown, and the one references speak of."""
    if not counted:
        return "", "", ""
    if kind == "appendix":
        counter.appendices += 1
        letter = chr(ord("A") + counter.appendices - 1)
        return letter, f"附录{letter}", f"附录{letter}"
    counter.chapters += 1
    spoken = f"第{chinese_number(counter.chapters)}章"
    return str(counter.chapters), spoken, spoken


@dataclass
class _Sections:
    """Numbers the sections of a chapter and keeps their headings."""

    stem: str
    chapter: str
    headings: list[Heading]
    add: Callable[[str, str, str], None]
    levels: list[int] = field(default_factory=lambda: [0, 0, 0])

    def number(self, header: Element) -> Element:
        """Return a heading of level 2 or deeper with its label, and its number where it has one."""
        level, (key, classes, others), inlines = header["c"]
        number = said = ""
        if self.chapter and "unnumbered" not in classes and level <= 4:
            at = level - 2
            self.levels[at] += 1
            self.levels[at + 1 :] = [0] * (2 - at)
            number = section_number(level, self.levels[at])
            said = self.chapter + _spoken_section(self.levels[: at + 1])
        label = key if key.startswith("sec-") else f"{self.stem}-{len(self.headings)}"
        self.add(label, said or f"“{pandoc.plain_text(inlines)}”", number.rstrip("、."))
        self.headings.append(Heading(level, label, number, tuple(inlines)))
        shown = [pandoc.span([pandoc.text(number)], ["number"]), *inlines] if number else inlines
        return {"t": "Header", "c": [level, [label, classes, others], shown]}


def section_number(level: int, value: int) -> str:
    """Return what stands before a heading of level 2, 3 or 4: ``一、``, ``（一）``, ``1.``."""
    if level == 2:
        return f"{chinese_number(value)}、"
    return f"（{chinese_number(value)}）" if level == 3 else f"{value}."


def _spoken_section(levels: Sequence[int]) -> str:
    forms = (lambda n: f"第{chinese_number(n)}节", lambda n: f"（{chinese_number(n)}）", str)
    return "".join(form(n) for form, n in zip(forms, levels, strict=False) if n)


def _resolve(
    chapter: NumberedChapter, targets: Mapping[str, Target], wrong: list[Finding]
) -> NumberedChapter:
    def resolve(element: Element) -> list[Element] | None:
        if element["t"] != "Cite":
            return None
        return _reference(element, chapter, targets, wrong)

    blocks = pandoc.walk(_close_up(chapter.blocks), resolve)
    return NumberedChapter(chapter.executed, blocks, chapter.headings)


def _reference(
    element: Element,
    chapter: NumberedChapter,
    targets: Mapping[str, Target],
    wrong: list[Finding],
) -> list[Element]:
    inlines: list[Element] = []
    for citation in element["c"][0]:
        key = citation["citationId"]
        target = targets.get(key[:1].lower() + key[1:])
        if target is None:
            hint = "no such label, or its cell shows nothing here: make the sentence depend on it"
            wrong.append(_finding("unknown-reference", chapter.executed, f"@{key}", "none", hint))
            continue
        own = citation["citationMode"]["t"] == "SuppressAuthor" or citation["citationPrefix"]
        shown = pandoc.text(target.number if own else target.text)
        inlines += [pandoc.text("、")] if inlines else []
        page = "" if target.stem == chapter.stem else f"{target.stem}.qmd"
        prefix = citation["citationPrefix"]
        content = [*prefix, pandoc.text(NBSP), shown] if prefix else [shown]
        inlines.append(pandoc.link(content, f"{page}#{target.label}", ["quarto-xref"]))
    return inlines


def _close_up(blocks: list[Element]) -> list[Element]:
    """Take out the space that a reference needs on each side, where Chinese text stands there."""

    def change(element: Element) -> list[Element] | None:
        if element["t"] not in ("Para", "Plain"):
            return None
        kept: list[Element] = []
        inlines = element["c"]
        for at, inline in enumerate(inlines):
            near = (inlines[at - 1] if at else None, *inlines[at + 1 : at + 2])
            if inline["t"] == "Space" and _needless(near):
                continue
            kept.append(inline)
        return [{**element, "c": kept}]

    return pandoc.walk(blocks, change)


def _needless(near: Iterable[Element | None]) -> bool:
    left, right = (*near, None)[:2]
    if left is None or right is None:
        return False
    if left["t"] == "Cite":
        return right["t"] == "Str" and ord(right["c"][0]) > 0x2E80
    return right["t"] == "Cite" and left["t"] == "Str" and ord(left["c"][-1]) > 0x2E80


def _finding(check: str, executed: Executed, key: str, got: str, hint: str = "") -> Finding:
    lines = executed.chapter.path.read_text(encoding="utf-8").splitlines()
    row = next((number for number, line in enumerate(lines, 1) if key in line), None)
    expected = f"one label for {key}"
    return Finding(check, Severity.ERROR, executed.chapter.file, row, "", expected, got, hint)
