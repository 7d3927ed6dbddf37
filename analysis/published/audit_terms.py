"""Terms of the audit: the outline it is given, its rows, and how they name figures."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from typing import Literal

import pandas as pd

from analysis.published.figures import Interval, PublishedFigures, printed_interval
from indicators.hierarchy import ALL, ROOT

Verdict = Literal["contradiction", "consistent", "not-checkable"]
Words = tuple[str, str]
"""A text in Chinese and in English."""
Key = tuple[str, str]
"""Audience and indicator of a mean."""

COLUMNS = (
    "rule", "where", "subject", "printed", "recomputed", "gap", "verdict", "zh", "en",
)  # fmt: skip


@dataclass(frozen=True)
class Outline:
    """What the audit has to know of an indicator system.

    Parameters
    ----------
    children
        Each parent, ``total`` the topmost, to its indicators in order.
    labels
        Label in Chinese and English of each indicator.
    audiences
        Id to label in Chinese and English, without ``all``.
    bonus
        Indicators that add to their parent and take no part in its weighted mean.
    """

    children: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Words]
    audiences: Mapping[str, Words]
    bonus: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, indicators: pd.DataFrame, audiences: Mapping[str, Words]) -> "Outline":
        """Make an outline of a table of indicators.

        Parameters
        ----------
        indicators
            Columns indicator, parent, role, zh, en, in the order of the hierarchy; an indicator
            whose parent is no indicator of the table is below ``total``.
        audiences
            Id to label in Chinese and English.
        """
        ids = set(indicators["indicator"])
        children: dict[str, tuple[str, ...]] = {}
        for indicator, parent in zip(indicators["indicator"], indicators["parent"], strict=True):
            if indicator != ROOT:
                above = parent if parent in ids else ROOT
                children[above] = (*children.get(above, ()), indicator)
        named = zip(indicators["indicator"], indicators["zh"], indicators["en"], strict=True)
        labels = {ROOT: ("总分", "Total")} | {name: (zh, en) for name, zh, en in named}
        bonus = indicators.loc[indicators["role"] == "innovation", "indicator"]
        return cls(children, labels, dict(audiences), frozenset(bonus))

    def below(self, indicator: str) -> Iterator[str]:
        """Yield every indicator below one, parents before children."""
        for child in self.children.get(indicator, ()):
            yield child
            yield from self.below(child)

    def parent(self, indicator: str) -> str:
        """Return the indicator above one other than ``total``."""
        return next(above for above, below in self.children.items() if indicator in below)

    def core(self, indicator: str) -> tuple[str, ...]:
        """Return the children whose weighted mean an indicator is."""
        return tuple(c for c in self.children.get(indicator, ()) if c not in self.bonus)

    def audience(self, audience: str) -> Words:
        """Return what an audience is called."""
        return ("总体", "overall") if audience == ALL else self.audiences[audience]

    def label(self, indicator: str) -> Words:
        """Return an indicator's label in quotation marks."""
        zh, en = self.labels[indicator]
        return f"“{zh}”", f'"{en}"'

    def mean(self, key: Key) -> Words:
        """Return what a mean is called: ``“过程体验”总体均值``."""
        (whose, whose_en), (what, what_en) = self.audience(key[0]), self.label(key[1])
        return f"{what}{whose}均值", f"the mean of {what_en} ({whose_en})"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing the audit has to say.

    Parameters
    ----------
    rule, where, subject
        Name of the rule; place in the report; what it is about (an indicator, grades, a
        statement).
    printed, recomputed
        As printed, and what the other figures make it.
    gap
        Printed less recomputed in their unit, or missing.
    verdict
        ``contradiction``: the figures cannot all be right. ``consistent``: they can.
    zh, en
        The same in a sentence.
    """

    rule: str
    where: str
    subject: str
    printed: str
    recomputed: str
    gap: float
    verdict: Verdict
    zh: str
    en: str


NO_GAP = float("nan")


def as_table(rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows as a table with the columns of the audit."""
    table = pd.DataFrame([astuple(row) for row in rows], columns=list(COLUMNS))
    text = [name for name in COLUMNS if name != "gap"]
    return table.astype(dict.fromkeys(text, "str") | {"gap": "float64"})


_CHINESE = "一二三四五六七八九十"
_NAMED = {"等级名单": "the lists of units", "指标体系": "the indicator system"}
_PLAIN = re.compile(rf"(图|表|附录)([0-9]+|[{_CHINESE}])")
_CHAPTER = re.compile(rf"第([{_CHINESE}])章([{_CHINESE}]?)(?:（([{_CHINESE}])）)?([0-9]*)(数字栏)?")


def place_en(where: str) -> str:
    """Say a place of a report in English.

    ``第三章二（一）2`` is ``chapter 3, section 2(1), item 2``. What is no figure, table,
    appendix or chapter stays as it is.
    """
    if where in _NAMED:
        return _NAMED[where]
    if single := _PLAIN.fullmatch(where):
        word = {"图": "figure", "表": "table", "附录": "appendix"}[single[1]]
        return f"{word} {_number(single[2])}"
    chapter = _CHAPTER.fullmatch(where)
    if not chapter:
        return where
    number, section, part, item, panel = chapter.groups()
    text = f"chapter {_number(number)}"
    text += f", section {_number(section)}" if section else ""
    text += f"({_number(part)})" if part else ""
    text += f", item {item}" if item else ""
    return text + (" (row of numbers)" if panel else "")


def _number(digits: str) -> str:
    return digits if digits.isdigit() else str(_CHINESE.index(digits) + 1)


def places(wheres: Iterable[str]) -> Words:
    """Join places without repeating one."""
    distinct = list(dict.fromkeys(wheres))
    return "、".join(distinct), listed_en([place_en(where) for where in distinct])


def spoken(parts: Sequence[str]) -> Words:
    """Join grades or names in Chinese and in English."""
    return "、".join(parts), listed_en(parts)


def both(texts: Iterable[Words], zh: str = "、", en: str = ", ") -> Words:
    """Join texts in each language with a separator of its own."""
    pairs = list(texts)
    return zh.join(text for text, _ in pairs), en.join(text for _, text in pairs)


def listed_en(parts: Sequence[str]) -> str:
    """Join as English does: ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]


def plain(number: Decimal | float, decimals: int = 2) -> str:
    """Write a number with fixed decimals, never as minus zero."""
    text = f"{number:.{decimals}f}"
    return text.lstrip("-") if not text.strip("-0.") else text


@dataclass(frozen=True)
class Reading:
    """The printed means as the rules read them, with the outline that names them.

    Parameters
    ----------
    outline
        Of the indicator system.
    prints
        Each mean to its distinct prints, and each print to the places it stands in.
    values
        The values each mean may have. A mean printed more than once has those that fit every
        print or, where none does, those from the lowest to the highest print.
    disputed
        The means whose prints no value fits together.
    """

    outline: Outline
    prints: Mapping[Key, Mapping[str, list[str]]]
    values: Mapping[Key, Interval]
    disputed: frozenset[Key]

    @classmethod
    def of(cls, figures: PublishedFigures, outline: Outline) -> "Reading":
        """Read the means of published figures."""
        prints: dict[Key, dict[str, list[str]]] = {}
        columns = [figures.means[name] for name in ("audience", "indicator", "printed", "where")]
        for audience, indicator, printed, where in zip(*columns, strict=True):
            prints.setdefault((audience, indicator), {}).setdefault(printed, []).append(where)
        values, disputed = {}, set()
        for key, printed in prints.items():
            every = [printed_interval(text) for text in printed]
            low, high = max(each.low for each in every), min(each.high for each in every)
            if low < high:
                values[key] = Interval(low, high)
                continue
            disputed.add(key)
            values[key] = Interval(min(e.low for e in every), max(e.high for e in every))
        return cls(outline, prints, values, frozenset(disputed))

    def shown(self, key: Key) -> str:
        """Write the prints of a mean: ``6.01/6.84``."""
        return "/".join(self.prints[key])

    def named(self, key: Key) -> Words:
        """Return what a mean is called, and its prints."""
        zh, en = self.outline.mean(key)
        return f"{zh}{self.shown(key)}", f"{en} {self.shown(key)}"

    def where(self, keys: Iterable[Key], first: str | None = None) -> Words:
        """Return every place that prints one of some means; of the first only its print `first`."""
        return places(
            where
            for at, key in enumerate(keys)
            for printed, wheres in self.prints.get(key, {}).items()
            if at or first in (None, printed)
            for where in wheres
        )
