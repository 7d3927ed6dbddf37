"""One publication of the small book, shared by the tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from publish.minibook import META, MINIBOOK
from publish.sample import write_sample

from report.language import Lang
from report.publish.book import BookMeta, Published, publish_book


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("editions") / "edition-a"


@pytest.fixture(scope="session")
def steps() -> list[tuple[int, int, str]]:
    return []


@pytest.fixture(scope="session")
def published(
    tmp_path_factory: pytest.TempPathFactory, edition: Path, steps: list[tuple[int, int, str]]
) -> Published:
    out = tmp_path_factory.mktemp("published")
    return publish_book(
        MINIBOOK, out, edition=edition, meta=META, progress=lambda *step: steps.append(step)
    )


def _published_sample(folder: Path, edition: Path, lang: Lang) -> Published:
    out = folder / "out"
    out.mkdir()
    meta = BookMeta(
        title={"zh": "热线评估", "en": "Hotlines assessed"}[lang],
        publisher={"zh": "某某研究院", "en": "An institute"}[lang],
        notice={"zh": "模拟数据：不得引用", "en": "Simulated data: not to be cited"}[lang],
        links=(({"zh": "城市画像", "en": "City profiles"}[lang], "profiles/index.html"),),
        data="release/data",
        other_language={"zh": "../publication-en", "en": "../publication"}[lang],
    )
    return publish_book(write_sample(folder / "book", lang), out, edition=edition, meta=meta)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, edition: Path) -> Published:
    return _published_sample(tmp_path_factory.mktemp("sample"), edition, "zh")


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory, edition: Path) -> Published:
    return _published_sample(tmp_path_factory.mktemp("english"), edition, "en")


@pytest.fixture
def write_book(tmp_path: Path) -> Callable[..., Path]:
    """Write a book of the given chapters; the first must be index."""

    def write(**chapters: str) -> Path:
        folder = tmp_path / "book"
        folder.mkdir(exist_ok=True)
        listed = "\n".join(f"    - {name}.qmd" for name in chapters)
        (folder / "_quarto.yml").write_text(
            f"project:\n  type: book\nbook:\n  title: 书\n  chapters:\n{listed}\n"
            "number-sections: true\nexecute:\n  echo: false\n  warning: false\n",
            encoding="utf-8",
        )
        for name, text in chapters.items():
            (folder / f"{name}.qmd").write_text(text, encoding="utf-8")
        return folder

    return write
