"""What stands on a release beside its tables: who publishes it, when, and under which licence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from indicators.nodes import Words
from report.language import Lang
from report.results import Results

LICENCE = "CC-BY-4.0"
LICENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "CC-BY-4.0": (
            "Creative Commons Attribution 4.0 International",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        "CC-BY-SA-4.0": (
            "Creative Commons Attribution-ShareAlike 4.0 International",
            "https://creativecommons.org/licenses/by-sa/4.0/",
        ),
        "CC-BY-NC-4.0": (
            "Creative Commons Attribution-NonCommercial 4.0 International",
            "https://creativecommons.org/licenses/by-nc/4.0/",
        ),
        "CC0-1.0": (
            "Creative Commons Zero 1.0 Universal",
            "https://creativecommons.org/publicdomain/zero/1.0/",
        ),
        "ODbL-1.0": (
            "Open Data Commons Open Database License 1.0",
            "https://opendatacommons.org/licenses/odbl/1-0/",
        ),
        "ODC-By-1.0": (
            "Open Data Commons Attribution License 1.0",
            "https://opendatacommons.org/licenses/by/1-0/",
        ),
    }
)
"""Title and address of licences by their SPDX identifier; others are named by that alone."""

WARNING = Words(
    zh="模拟数据：全部记录由程序模拟生成，不反映任何城市的真实情况，不得引用。",
    en="Simulated data: all records were made by a program. They say nothing about any city and "
    "must not be cited.",
)


@dataclass(frozen=True, slots=True)
class ReleaseAbout:
    """What is said of a release.

    Parameters
    ----------
    title, publisher, dated
        Of the edition, as its cover has them.
    version
        Of the data, such as ``1.0.0``: raised when an edition is released again.
    licence
        SPDX identifier.
    sources
        Where the data come from.
    released
        Day of the release; without it nothing is said of a day, only of the edition's date.
    homepage, doi
        Where the release is to be found, and its identifier, where it has them.
    report
        Address of the report from the release, where it lies beside one.
    """

    title: Words
    publisher: Words
    dated: Words
    version: str = "1.0.0"
    licence: str = LICENCE
    sources: tuple[Words, ...] = ()
    released: date | None = None
    homepage: str | None = None
    doi: str | None = None
    report: str | None = None

    @property
    def licence_title(self) -> str:
        """The name of the licence, its identifier where it is not among `LICENCES`."""
        return LICENCES[self.licence][0] if self.licence in LICENCES else self.licence

    @property
    def licence_address(self) -> str:
        """Where the licence is to be read."""
        if self.licence in LICENCES:
            return LICENCES[self.licence][1]
        return f"https://spdx.org/licenses/{self.licence}.html"


def release_about(
    results: Results, *, version: str = "1.0.0", released: date | None = None
) -> ReleaseAbout:
    """Return what the results themselves say of a release.

    Parameters
    ----------
    results
        The results, whose meta tells title, publisher, date, licence and sources.
    version, released
        Of the release.
    """
    meta = results.meta
    nobody = {"zh": "", "en": ""}
    return ReleaseAbout(
        title=Words(**meta["title"]),
        publisher=Words(**meta.get("publisher", nobody)),
        dated=Words(**meta.get("dated", {"zh": f"{meta['year']}年", "en": str(meta["year"])})),
        version=version,
        licence=meta.get("licence", LICENCE),
        sources=tuple(Words(zh=each["zh"], en=each["en"]) for each in meta["sources"]),
        released=released,
    )


def said(words: Words, lang: Lang) -> str:
    """Return words in a language."""
    return words.zh if lang == "zh" else words.en
