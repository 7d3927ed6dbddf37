import base64

from report.publish.config import ExecuteConfig
from report.publish.kernel import METADATA
from report.publish.outputs import CellOptions, Shown, cell_options, cell_shown, escape_markdown
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
    assert cell_shown(cell, [], QUIET, "fig-a") == Shown("")
    assert cell_shown(cell, [out("stderr", "warned")], QUIET, "fig-a") == Shown("")


def test_standard_output_is_raw_only_when_asked() -> None:
    asis = CellOptions(False, False, True, "asis", True)
    assert cell_shown(Cell("", 1), [out("stdout", "**a**\n")], asis, "c") == Shown("**a**")
    text = cell_shown(Cell("", 1), [out("stdout", "**a**\n")], QUIET, "c").markdown
    (block,) = read_markdown(text)
    assert block["t"] == "CodeBlock"
    assert block["c"][1] == "**a**"


def test_figures_become_files_in_their_order() -> None:
    cell = Cell("", 1, {"label": "fig-a", "fig-cap": "图题", "fig-alt": 'a "b"'})
    one = cell_shown(cell, [SVG], QUIET, "fig-a")
    assert one.files == {"assets/fig-a.svg": b"<svg/>"}
    assert '![](assets/fig-a.svg){fig-alt="a \\"b\\""}' in one.markdown
    assert one.markdown.startswith("::::: {#fig-a}\n")
    png = {"output_type": "display_data", "data": {"image/png": base64.b64encode(b"png").decode()}}
    shown = cell_shown(cell, [png, TABLE, SVG], QUIET, "fig-a")
    two = shown.markdown
    assert shown.files == {"assets/fig-a-1.png": b"png", "assets/fig-a-2.svg": b"<svg/>"}
    assert two.index("a-1.png") < two.index("| a |") < two.index("a-2.svg") < two.index("图题")


def test_a_figure_names_the_tables_it_was_drawn_from() -> None:
    drawn = {**SVG, "metadata": {METADATA: {"tables": ["grades", "units"]}}}
    shown = cell_shown(Cell("", 1), [drawn, SVG], QUIET, "c")
    assert shown.tables == {"assets/c-1.svg": ("grades", "units")}


def test_what_is_printed_is_whole_however_the_kernel_cuts_it() -> None:
    asis = CellOptions(False, False, True, "asis", True)
    cut = [out("stdout", "一句。"), out("stdout", "又一句。\n"), out("stdout", "三。\n")]
    assert cell_shown(Cell("", 1), cut, asis, "c").markdown == "一句。又一句。\n三。"
    mixed = [out("stdout", "甲"), SVG, out("stdout", "乙"), out("stdout", "丙")]
    text = cell_shown(Cell("", 1), mixed, asis, "c").markdown
    assert text == "甲\n\n![](assets/c.svg)\n\n乙丙"


def test_include_false_and_output_false_show_nothing() -> None:
    hidden = CellOptions(True, False, True, True, False)
    assert cell_shown(Cell("1", 1), [TABLE], hidden, "c") == Shown("")
    mute = CellOptions(False, False, True, False, True)
    assert cell_shown(Cell("1", 1), [TABLE], mute, "c") == Shown("")


def test_echo_shows_the_code_without_its_options() -> None:
    shown = CellOptions(True, False, True, True, True)
    text = cell_shown(Cell("#| echo: true\nx = '`'", 1), [], shown, "c").markdown
    (block,) = read_markdown(text)
    assert (block["t"], block["c"][1]) == ("CodeBlock", "x = '`'")


def test_a_caption_without_a_label_stays_with_its_figure() -> None:
    text = cell_shown(Cell("", 1, {"fig-cap": "图题"}), [SVG], QUIET, "index-cell-1").markdown
    assert text == "![图题](assets/index-cell-1.svg)"


def test_escaped_text_reads_as_it_was() -> None:
    value = "1. *a* _b_ `c` [d](e) <f> @fig-x $g$ -- 'h' \\ | ~ ^ # 3.5% {i} ..."
    (block,) = read_markdown(escape_markdown(value))
    assert block["t"] == "Para"
    assert plain_text(block) == value
