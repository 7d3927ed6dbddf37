"""Files whose header or rows are not where they should be."""

from pathlib import Path
from typing import Any

from broken_case import HEADER, RECORDS, TABLE, book, case, file, text, typed


@case(error="no-header", row=1)
def no_header(folder: Path) -> Path:
    return file(folder, text(header=None))


@case(error="two-header-rows", row=2)
def labels_below_the_header(folder: Path) -> Path:
    labels = ["问卷编号", "评估对象", "服务对象", "调查方式", "样本来源", "权重", "开始时间",
              "答题时长", "满意度"]  # fmt: skip
    return file(folder, text([labels, *RECORDS]))


@case(error="two-header-rows", row=1)
def groups_above_the_header(folder: Path) -> Path:
    groups = ["问卷", "", "", "", "样本", "", "", "", "题项"]
    return file(folder, text([HEADER, *RECORDS], header=groups))


@case(notes={"title-rows": 1})
def a_title_above_the_header(folder: Path) -> Path:
    return file(folder, "二〇二一年热线问卷数据,,,,,,,,\n" + text())


@case(notes={"title-rows": 2})
def a_title_and_a_date_above_the_header_of_a_workbook(folder: Path) -> Path:
    def merged(_: Any, sheet: Any) -> None:
        sheet.merge_cells("A1:I1")

    return book(folder, [["热线问卷数据"], ["制表日期：2021年4月"], [], *TABLE], merged)


@case(notes={"title-rows": 2})
def comments_above_the_header(folder: Path) -> Path:
    return file(folder, "# 导出，含全部问卷\n# 共 4 份, 2021 年\n" + text())


@case(error="merged-header", row=1)
def merged_header_cells(folder: Path) -> Path:
    return book(folder, TABLE, lambda _, sheet: sheet.merge_cells("H1:I1"))


@case(error="merged-header", row=1)
def a_header_over_two_rows(folder: Path) -> Path:
    below = [None] * 7 + ["秒", "分"]
    return book(folder, [HEADER, below, *typed()], lambda _, sheet: sheet.merge_cells("A1:A2"))


@case(error="merged-cells", row=2, column="B")
def merged_cells_of_records(folder: Path) -> Path:
    return book(folder, TABLE, lambda _, sheet: sheet.merge_cells("B2:B3"))


@case(notes={"repeated-header": 1})
def two_exports_one_below_the_other(folder: Path) -> Path:
    return file(folder, text(RECORDS[:2]) + text(RECORDS[2:]))


@case(notes={"repeated-header": 2})
def three_exports_with_byte_order_marks(folder: Path) -> Path:
    parts = [text(RECORDS[start:stop]) for start, stop in ((0, 1), (1, 3), (3, 4))]
    return file(folder, b"".join(part.encode("utf-8-sig") for part in parts))


@case(error="two-header-rows", row=1)
def a_title_of_two_cells(folder: Path) -> Path:
    return file(folder, "填报单位：长沙,制表日期：四月\n" + text())


@case(error="header-row", row=1)
def a_title_above_a_table_of_two_columns(folder: Path) -> Path:
    return file(folder, "热线问卷\nunit,satisfied\n北京,5\n")


@case(error="duplicate-header", row=1, column="satisfied")
def a_header_twice(folder: Path) -> Path:
    rows = [[*row, row[-1]] for row in RECORDS]
    return file(folder, text(rows, header=[*HEADER, "satisfied"]))


@case(error="empty-header", row=1)
def a_column_without_header(folder: Path) -> Path:
    rows = [[*row, "注"] for row in RECORDS]
    return file(folder, text(rows, header=[*HEADER, ""]))


@case(error="no-records", row=2)
def a_header_only(folder: Path) -> Path:
    return file(folder, text([]))


@case(error="empty-file", row=1)
def an_empty_file(folder: Path) -> Path:
    return file(folder, b"")


@case(notes={"total-row": 1})
def totals_at_the_end(folder: Path) -> Path:
    return book(folder, [*TABLE, ["合计", None, None, None, None, 4.5, None, 1699, 13]])


@case(error="total-row", row=4, column="A")
def totals_in_the_middle(folder: Path) -> Path:
    return file(folder, text([*RECORDS[:2], ["小计", *[""] * 7, "8"], *RECORDS[2:]]))


@case()
def blank_rows_and_columns_between(folder: Path) -> Path:
    rows = [[*row[:2], "", *row[2:]] for row in [HEADER, *RECORDS]]
    return file(folder, text([[""] * 10, *rows[1:3], [" "] * 10, *rows[3:]], header=rows[0]))


@case(notes={"hidden-rows": 2})
def filtered_rows(folder: Path) -> Path:
    def filtered(_: Any, sheet: Any) -> None:
        sheet.auto_filter.ref = "A1:I5"
        for row in (3, 5):
            sheet.row_dimensions[row].hidden = True

    return book(folder, TABLE, filtered)


@case(notes={"hidden-columns": 1})
def hidden_columns(folder: Path) -> Path:
    def hide(_: Any, sheet: Any) -> None:
        sheet.column_dimensions["D"].hidden = True

    return book(folder, TABLE, hide)


@case(notes={"several-sheets": 1})
def a_hidden_sheet_in_front(folder: Path) -> Path:
    def add(made: Any, sheet: Any) -> None:
        made.create_sheet("选项", 0).append(["选项", "值"])
        made["选项"].sheet_state = "veryHidden"
        sheet.title = "问卷数据"

    return book(folder, TABLE, add)


@case(notes={"several-sheets": 1})
def several_sheets_one_named_as_the_table(folder: Path) -> Path:
    def add(made: Any, sheet: Any) -> None:
        sheet.title = "问卷"
        made.create_sheet("说明", 0).append(["填写说明"])

    return book(folder, TABLE, add)
