"""Words: texts cut into words by a dictionary, and the words that tell something."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.texts.documents import plain
from survey.findings import Finding, InputError, Severity, display_path

if TYPE_CHECKING:
    from rjieba import Jieba

TERMS = Path(__file__).with_name("terms.txt")
STOP_WORDS = Path(__file__).with_name("stopwords.txt")
_WORD = re.compile(r"[㐀-鿿]{2,}|[^\W\d_㐀-鿿][\w+#.-]+")
"""Two Chinese characters or more, or a word of two letters or more that starts with one."""


@dataclass(frozen=True)
class Segmenter:
    """Cuts texts into words.

    Parameters
    ----------
    terms
        Words beside those of the general dictionary; they count whatever they look like.
    stop_words
        Words that tell nothing, terms or not.

    Notes
    -----
    The most likely path through a dictionary of words, with a hidden Markov model for characters
    that no word covers, as jieba does it (rjieba, its port to Rust).
    """

    terms: frozenset[str]
    stop_words: frozenset[str]

    @classmethod
    def of(
        cls,
        terms: Path | None = None,
        stop_words: Path | None = None,
        more: Iterable[str] = (),
        silent: Iterable[str] = (),
    ) -> "Segmenter":
        """Read the word lists.

        Parameters
        ----------
        terms, stop_words
            Files of one word a line, ``#`` for comments; those of hotlines by default.
        more
            Further terms, such as the words of topics.
        silent
            Further stop words, such as the names of the units: where a text comes from is not
            what it is about.
        """
        return cls(
            frozenset(read_words(terms or TERMS)) | {plain(word) for word in more},
            frozenset(read_words(stop_words or STOP_WORDS)) | {plain(word) for word in silent},
        )

    @cached_property
    def _jieba(self) -> "Jieba":
        from rjieba import Jieba

        jieba = Jieba()
        for term in sorted(self.terms):
            jieba.add_word(term, None, None)
        return jieba

    def words(self, text: str) -> list[str]:
        """Return the telling words of a `plain` text, in order.

        Left out are stop words, single characters, digits and punctuation, unless a term.
        """
        return [
            word
            for word in self._jieba.cut(text, True)
            if word not in self.stop_words and (word in self.terms or _WORD.fullmatch(word))
        ]

    def edges(self, text: str) -> frozenset[int]:
        """Return the places of a `plain` text where a word starts or ends."""
        tokens = self._jieba.tokenize(text, "default", True)
        return frozenset(place for _, start, end in tokens for place in (start, end))


def read_words(path: Path) -> tuple[str, ...]:
    """Read a list of words: one a line, ``#`` for comments, UTF-8.

    Raises
    ------
    InputError
        Where there is no such file, it is not UTF-8, or it holds no word.
    """

    def refuse(check: str, expected: str, got: str, hint: str) -> InputError:
        file = display_path(path)
        return InputError([Finding(check, Severity.ERROR, file, None, "", expected, got, hint)])

    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise refuse("encoding", "UTF-8 text", str(error.reason), "save it as UTF-8") from None
    except OSError:
        raise refuse("no-such-file", "a list of words", "nothing", "check the path") from None
    words = tuple(word for line in lines if (word := plain(line.partition("#")[0])))
    if not words:
        raise refuse("empty-file", "one word a line", "none", "add words, or leave the key out")
    return words
