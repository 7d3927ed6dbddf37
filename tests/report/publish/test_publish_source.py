from pathlib import Path

import pytest

from report.publish.source import Cell, Text, read_book, read_chapter
from survey.findings import InputError


def chapter(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.qmd"
    path.write_text(text, encoding="utf-8")
    return path


def test_blocks_keep_their_lines_and_give_the_file_back(tmp_path: Path) -> None:
    text = "---\ntitle: 题\nexecute:\n  echo: true\n---\n# 甲\n\n```{python}\n#| label: fig-a\n#| fig-cap: 图\n1 + 1\n```\n后\n````\n```{python}\n````\n"
    read = read_chapter(chapter(tmp_path, text))
    before, cell, after, fence = read.blocks
    assert read.title == "题"
    assert read.execute.echo is True
    assert before == Text("# 甲\n\n", 6)
    assert isinstance(cell, Cell)
    assert cell.line == 9
    assert cell.options == {"label": "fig-a", "fig-cap": "图"}
    assert cell.code.splitlines()[2] == "1 + 1"
    assert after == Text("后\n", 13)
    assert fence == Text("````\n```{python}\n````\n", 14, raw=True)


@pytest.mark.parametrize(
    ("text", "check", "row"),
    [
        ("文\n\n```{python}\n1\n", "open-fence", 3),
        ("# 甲\n\n```{python}\n#| label: a\n#| fig-cap: [\n```\n", "yaml", 5),
        ("---\ntitle: 甲\n", "front-matter", 1),
        ("---\nbibliography: a.bib\n---\n", "unsupported-front-matter", 1),
        ("---\nexecute:\n  ecko: true\n---\n", "front-matter", 1),
    ],
)
def test_a_broken_chapter_names_its_line(tmp_path: Path, text: str, check: str, row: int) -> None:
    with pytest.raises(InputError) as caught:
        read_chapter(chapter(tmp_path, text))
    (finding,) = caught.value.findings
    assert (finding.check, finding.row) == (check, row)
    assert finding.file.endswith("a.qmd")


def test_configuration_refuses_what_it_does_not_know(write_book) -> None:
    folder = write_book(index="# 一\n", other="# 二\n")
    path = folder / "_quarto.yml"
    path.write_text(path.read_text().replace("number-sections", "number-section"))
    with pytest.raises(InputError, match="number-sections"):
        read_book(folder)


def test_configuration_names_every_missing_chapter(write_book) -> None:
    folder = write_book(index="# 一\n", other="# 二\n", more="# 三\n")
    (folder / "other.qmd").unlink()
    (folder / "more.qmd").unlink()
    with pytest.raises(InputError) as caught:
        read_book(folder)
    assert [(f.check, f.got, f.row) for f in caught.value.findings] == [
        ("no-such-chapter", "other.qmd", 7),
        ("no-such-chapter", "more.qmd", 8),
    ]


def test_chapters_know_what_they_are() -> None:
    book = read_book(Path(__file__).parents[1] / "fixtures" / "minibook")
    assert [each.kind for each in book.chapters] == ["index", "chapter", "chapter", "appendix"]
