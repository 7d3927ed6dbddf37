"""Tables of a page give each column the room that its text needs."""

from report.publish import pandoc
from report.publish.webtables import web_table

TABLE = """
| 城市 | 数 | 说明 |
|:-----|---:|:--------------------|
| 长沙 | 9.03 | 短 |
| 阿坝藏族羌族自治州 | 8 | 一句很长的话，放不进一列窄窄的格子里，须要换行，还要再长一点 |
"""


def written(markdown: str) -> str:
    blocks = [
        web_table(each) if each["t"] == "Table" else each
        for each in pandoc.read_markdown(markdown, "markdown")
    ]
    return pandoc.write_blocks(blocks, "html5")


def test_columns_have_the_class_of_their_longest_cell_and_no_fixed_width() -> None:
    page = written(TABLE)
    assert "<col" not in page
    assert page.count('class="brief"') == 2
    assert page.count('class="words"') == 2
    assert "class" not in page.split("长沙")[0].rsplit("<td", 1)[1]


def test_an_interval_is_not_broken_however_wide_it_is() -> None:
    page = written("| 类别 | 优势比 |\n|:---|---:|\n| a | 参照 |\n| b | 0.61（0.52–0.72） |\n")
    assert page.count('class="brief"') == 4


def test_a_table_without_rows_and_one_with_merged_cells_are_left_without_classes() -> None:
    empty = "| 城市 | 数 |\n|:----|---:|\n"
    assert "class=" not in written(empty)
    merged = "+----+----+\n| a  | b  |\n+====+====+\n| both    |\n+----+----+\n| c  | d  |\n+----+----+\n"
    page = written(merged)
    assert "colspan" in page
    assert 'class="brief"' not in page
