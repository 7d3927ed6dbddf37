"""One Excel workbook with every table of the results."""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from report.results import Results

SHEETS = {
    "grades": "等级", "grade_probabilities": "等级概率", "composition": "等级构成",
    "scores": "得分", "means": "指标均值", "indicators": "指标体系", "weights": "权重",
    "alerts": "预警", "units": "城市",
    "group_summary": "分组概况", "group_grades": "分组等级", "comparisons": "组间比较",
    "contrasts": "优势比", "claims": "论断检验", "audit": "数值核对", "slots": "时段",
    "rank_sets": "名次集合", "rank_tops": "可能的前列", "adjusted": "调整得分",
    "rank_variance": "名次方差来源", "total_variance": "均值方差来源",
    "method_ranks": "方法变动名次", "method_factors": "方法因素", "method_options": "逐项变动",
    "sensitivity": "方法敏感度", "leave_one_out": "逐项剔除",
    "grade_cuts": "等级分数线", "next_grades": "升级所需", "schemes": "定级办法比较",
    "scheme_grades": "各办法等级", "scheme_cuts": "各办法分数线", "peers": "同类等级",
    "score_comparisons": "得分组间比较", "group_contrasts": "得分组别差距",
    "audience_gaps": "服务对象差距", "unit_audience_gaps": "城市对象差距",
    "funnel": "同类比较", "funnel_limits": "漏斗界限",
    "connection_effects": "接通优势比", "connection_rates": "接通率", "waiting_summary": "等候概况",
    "waiting_curves": "等候曲线", "waiting_tests": "等候检验", "waiting_hazards": "接通风险比",
    "drivers": "影响因素", "driver_model": "影响因素模型", "priorities": "改进优先级",
    "changes": "变化", "national_changes": "全国变化", "rank_changes": "名次变化",
    "bridge": "变化分解", "national_bridge": "全国变化分解", "item_fates": "题项可比性",
    "chain": "链式序列", "national_chain": "全国链式序列",
    "keywords": "关键词", "topics": "主题", "statements": "文字说明",
    "index_audit": "指数审核", "sample": "数据规模", "findings": "核查结果",
}  # fmt: skip
"""Sheet name of each table, in the order of the sheets."""
EPOCH = datetime(2000, 1, 1)
"""Creation time written into every workbook, so that the same results give the same bytes."""


def write_workbook(results: Results, path: Path) -> None:
    """Write every table to a sheet of its own, behind a sheet that says what they are.

    Parameters
    ----------
    results
        What to write.
    path
        The file, ending in ``.xlsx``.

    Notes
    -----
    Texts stay texts: what looks like a formula or an address is not made one.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": results.meta["title"]["zh"], "created": EPOCH})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF5"})
        about = book.add_worksheet("说明")
        about.set_column(0, 0, 16)
        about.set_column(1, 1, 80)
        for row, (key, value) in enumerate(_about(results)):
            about.write_string(row, 0, key)
            about.write_string(row, 1, value)
        for name, title in SHEETS.items():
            if name in results:
                _write_sheet(book.add_worksheet(title), results[name], head)


def _about(results: Results) -> list[tuple[str, str]]:
    meta = results.meta
    lines = [("标题", meta["title"]["zh"]), ("Title", meta["title"]["en"])]
    if meta["simulated"]:
        lines.append(
            ("模拟数据", "全部记录由程序模拟生成，不反映任何城市的真实情况。Simulated data.")
        )
    lines += [("等级", meta["scheme"]["zh"])]
    return lines + [("来源", source["zh"]) for source in meta["sources"]]


def _write_sheet(sheet: Any, table: pd.DataFrame, head: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
    for column, name in enumerate(table.columns):
        values = table[name]
        widest = max([len(str(name)), *(_width(v) for v in values.head(300))])
        sheet.set_column(column, column, min(widest + 2, 60))
        sheet.write_string(0, column, str(name), head)
        for row, value in enumerate(values, start=1):
            _write_cell(sheet, row, column, value)


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if pd.isna(value):
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))
    else:
        sheet.write_number(row, column, float(value))


def _width(value: object) -> int:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
