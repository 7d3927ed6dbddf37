from pathlib import Path

import pytest

from report.publish.lint import bare_figures, lint_book
from report.publish.source import read_book
from survey.findings import Severity

MINIBOOK = Path(__file__).parents[1] / "fixtures" / "minibook"


def checks(folder: Path) -> list[tuple[str, str, int | None]]:
    return [(f.check, Path(f.file).name, f.row) for f in lint_book(read_book(folder))]


def test_the_small_book_is_publishable() -> None:
    assert lint_book(read_book(MINIBOOK)) == []


@pytest.mark.parametrize(
    ("text", "check", "row"),
    [
        ("# 甲\n\n{{< include a.qmd >}}\n", "unsupported-shortcode", 3),
        ("# 甲\n\n文{{< pagebreak >}}\n", "unsupported-shortcode", 3),
        ("# 甲\n\n```{r}\n1\n```\n", "unsupported-engine", 3),
        ("# 甲\n\n```{mermaid}\na\n```\n", "unsupported-engine", 3),
        ("# 甲\n\n```{ojs}\na\n```\n", "unsupported-engine", 3),
        ("# 甲\n\n- 项\n\n  ```{python}\n  1\n  ```\n", "unsupported-engine", 5),
        ("# 甲\n\n```{python}\n#| ecko: true\n1\n```\n", "unsupported-option", 4),
        ("# 甲\n\n```{python}\n#| echo: 3\n1\n```\n", "wrong-option", 4),
        ("# 甲\n\n```{python}\n#| output: asiss\n1\n```\n", "wrong-option", 4),
        ("# 甲\n\n```{python}\n#| label: plot\n1\n```\n", "label-prefix", 4),
        ("# 甲\n\n```{python}\n#| label: fig-a\n#| fig-alt: 图\n1\n```\n", "no-caption", 4),
        ("# 甲\n\n```{python}\n#| tbl-cap: 表\n1\n```\n", "no-label", 4),
        ("# 甲\n\n::: {.panel-tabset}\n## 乙\n:::\n", "unsupported-div", 3),
        ("# 甲\n\n::: {layout-ncol=2}\n文\n:::\n", "unsupported-div", 3),
        ("# 甲\n\n::: {.column-margin}\n文\n:::\n", "unsupported-div", 3),
        ("# 甲\n\n见 @fig-none 。\n", "unknown-reference", 3),
        ("# 甲\n\n见@sec-b 。\n\n## 乙 {#sec-b}\n", "reference-space", 3),
        ("# 甲\n\n见 @sec-b所示。\n\n## 乙 {#sec-b}\n", "reference-space", 3),
        ("# 甲\n\n## 乙 {#sec-b}\n\n## 丙 {#sec-b}\n", "duplicate-label", 5),
        ("# 甲\n\n### 乙\n", "skipped-level", 3),
        ("# 甲\n\n## 乙\n\n### 丙\n\n## 丁\n\n#### 戊\n", "skipped-level", 9),
        ("# 甲\n\n见[乙](b.qmd)。\n", "no-such-chapter", 3),
        ("# 甲\n\n见[乙](index.qmd#sec-b)。\n", "unknown-reference", 3),
        ("# 甲\n\n![](a.svg)\n", "image-without-words", 3),
    ],
)
def test_what_cannot_be_published_is_found(write_book, text: str, check: str, row: int) -> None:
    assert checks(write_book(index=text)) == [(check, "index.qmd", row)]


@pytest.mark.parametrize(
    "text",
    [
        "# 甲\n\n```{python}\n#| label: fig-a\n#| fig-cap: 图\n1\n```\n",
        "# 甲\n\n::: {#fig-a}\n![](a.svg)\n\n图\n:::\n",
    ],
)
def test_a_caption_may_describe_a_figure_but_is_warned_of(write_book, text: str) -> None:
    (finding,) = lint_book(read_book(write_book(index=text)))
    assert (finding.check, finding.severity) == ("image-without-words", Severity.WARNING)


@pytest.mark.parametrize(
    "text",
    [
        "# 甲\n\n::: {.callout-note}\n### 题\n文\n:::\n\n## 乙\n",
        "# 甲\n\n```{python}\n#| output: asis\nprint('## 乙')\n```\n\n### 丙\n",
        '# 甲\n\n![](a.svg){fig-alt="图"}与![图](a.svg)和`![](a.svg)`\n',
        "# 甲\n\n## 乙 {#sec-b}\n\n见[乙](index.qmd#sec-b)、[甲](index.qmd)、[外](https://a.org/b.qmd)。\n",
    ],
)
def test_structure_that_is_sound_is_let_be(write_book, text: str) -> None:
    assert checks(write_book(index=text)) == []


def test_a_misspelt_option_gets_the_nearest_name(write_book) -> None:
    folder = write_book(index="# 甲\n\n```{python}\n#| fig-capp: 图\n1\n```\n")
    (finding,) = lint_book(read_book(folder))
    assert "fig-cap" in finding.hint


def test_labels_are_one_over_all_chapters(write_book) -> None:
    folder = write_book(
        index="# 甲 {#sec-a}\n\n见 @tbl-x 。\n",
        b="# 乙 {#sec-a}\n\n| 列 |\n|--|\n| 值 |\n\n: 题 {#tbl-x}\n",
    )
    assert checks(folder) == [("duplicate-label", "b.qmd", 1)]


def test_code_may_show_what_may_not_stand_in_text(write_book) -> None:
    folder = write_book(
        index="# 甲\n\n写作`{{< include >}}`或`@fig-none`。\n\n```markdown\n@fig-none {{< x >}}\n```\n"
    )
    assert checks(folder) == []


@pytest.mark.parametrize(
    "text",
    [
        "共335个城市。",
        "占 12.84%。",
        "全角１２个。",
        "## 2021年结果",
        "| 甲 | 7.65 |",
        '::: {.callout-note title="共3类"}',
        "[共8个](https://example.org/2020)",
        "12345热线有3条。",
        "见第3章。[^1]",
    ],
)
def test_a_typed_figure_is_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.qmd"
    path.write_text(f"# 甲\n\n{text}\n", encoding="utf-8")
    assert [(f.check, f.row) for f in bare_figures(path)] == [("bare-figure", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "12345政务服务便民热线与“3+1”体系。",
        "依据 GB/T 33357-2016、GB/T 33358—2016 和国办发〔2020〕53号。",
        "依据国发（2019）2号文件。",
        "共`{python} 300 + 35`个城市，三十五类，二〇二一年。",
        "见 @fig-a1 、[@tbl-b2] 与 [网页](https://example.org/2021/a1.html)、<https://example.org/3>。",
        "## 结果 {#sec-a1 .b2}",
        "文。[^12]",
        "[^12]: 脚注。",
        "[甲]: https://example.org/99",
        "![图](a1.svg){#fig-a1 width=80%}",
        "1. 第一\n2. 第二",
        '::: {.callout-note title="说明" data-n="3"}\n文\n:::',
        "```{python}\nx = 335\n```",
        "```\n335\n```",
        "`335`",
        "<!-- 335 -->",
        "$$\nx_1 + 2\n$$",
        '<span data-n="3">文</span>',
    ],
)
def test_what_is_no_typed_figure_is_let_be(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.qmd"
    path.write_text(f"---\ntitle: 2021\n---\n\n{text}\n", encoding="utf-8")
    assert bare_figures(path) == []


def test_the_report_itself_is_publishable() -> None:
    assert lint_book(read_book(Path(__file__).parents[3] / "report")) == []
