import base64

from report.publish.config import ExecuteConfig
from report.publish.outputs import CellOptions, cell_markdown, cell_options, escape_markdown
from report.publish.pandoc import plain_text, read_markdown
from report.publish.source import Cell

QUIET = CellOptions(echo=False, warning=False, evaluate=True, output=True, include=True)
SVG = {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>", "text/plain": "<Figure>"}}
TABLE = {
    "output_type": "execute_result",
    "data": {"text/markdown": "| a |\n|--|\n| 1 |", "text/plain": "t"},
}


def out(name: str, text: str) -> dict[str, str]:
    return {"output_type": "stream", "name": name, "text": text}


def test_options_of_the_cell_stand_before_chapter_and_book() -> None:
    book = ExecuteConfig(echo=False, warning=False)
    chapter = ExecuteConfig(echo=True)
    cell = Cell("", 1, {"warning": True, "output": "asis"})
    assert cell_options(cell, chapter, book) == CellOptions(True, True, True, "asis", True)
    assert cell_options(Cell("", 1), ExecuteConfig(), ExecuteConfig()).echo is True


def test_a_labelled_cell_without_output_leaves_nothing() -> None:
    cell = Cell("pass", 1, {"label": "fig-a", "fig-cap": "图"})
    assert cell_markdown(cell, [], QUIET, "fig-a") == ("", {})
    assert cell_markdown(cell, [out("stderr", "warned")], QUIET, "fig-a") == ("", {})


def test_standard_output_is_raw_only_when_asked() -> None:
    asis = CellOptions(False, False, True, "asis", True)
    assert cell_markdown(Cell("", 1), [out("stdout", "**a**\n")], asis, "c") == ("**a**", {})
    text, _ = cell_markdown(Cell("", 1), [out("stdout", "**a**\n")], QUIET, "c")
    (block,) = read_markdown(text)
    assert block["t"] == "CodeBlock"
    assert block["c"][1] == "**a**"


def test_figures_become_files_in_their_order() -> None:
    cell = Cell("", 1, {"label": "fig-a", "fig-cap": "图题", "fig-alt": 'a "b"'})
    one, files = cell_markdown(cell, [SVG], QUIET, "fig-a")
    assert files == {"assets/fig-a.svg": b"<svg/>"}
    assert '![](assets/fig-a.svg){fig-alt="a \\"b\\""}' in one
    assert one.startswith("::::: {#fig-a}\n")
    png = {"output_type": "display_data", "data": {"image/png": base64.b64encode(b"png").decode()}}
    two, files = cell_markdown(cell, [png, TABLE, SVG], QUIET, "fig-a")
    assert files == {"assets/fig-a-1.png": b"png", "assets/fig-a-2.svg": b"<svg/>"}
    assert two.index("a-1.png") < two.index("| a |") < two.index("a-2.svg") < two.index("图题")


def test_include_false_and_output_false_show_nothing() -> None:
    hidden = CellOptions(True, False, True, True, False)
    assert cell_markdown(Cell("1", 1), [TABLE], hidden, "c") == ("", {})
    mute = CellOptions(False, False, True, False, True)
    assert cell_markdown(Cell("1", 1), [TABLE], mute, "c") == ("", {})


def test_echo_shows_the_code_without_its_options() -> None:
    shown = CellOptions(True, False, True, True, True)
    text, _ = cell_markdown(Cell("#| echo: true\nx = '`'", 1), [], shown, "c")
    (block,) = read_markdown(text)
    assert (block["t"], block["c"][1]) == ("CodeBlock", "x = '`'")


def test_a_caption_without_a_label_stays_with_its_figure() -> None:
    text, _ = cell_markdown(Cell("", 1, {"fig-cap": "图题"}), [SVG], QUIET, "index-cell-1")
    assert text == "![图题](assets/index-cell-1.svg)"


def test_escaped_text_reads_as_it_was() -> None:
    value = "1. *a* _b_ `c` [d](e) <f> @fig-x $g$ -- 'h' \\ | ~ ^ # 3.5% {i} ..."
    (block,) = read_markdown(escape_markdown(value))
    assert block["t"] == "Para"
    assert plain_text(block) == value
