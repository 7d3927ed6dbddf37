"""The answer sheet of a city: what stands on record of it, what that scored, room to appeal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hotline_index.appeals.rows import (
    APPEALABLE,
    BLANK,
    CLAIM,
    HEADERS,
    Lang,
    answer_rows,
    choices,
    counted_rows,
    said,
)
from hotline_index.edition import Edition
from indicators.nodes import Words
from indicators.scores import Scores
from survey.contracts import Column, Contract
from survey.instruments.files import whole_book
from survey.privacy.suppression import MINIMUM

SHEETS = ("申诉", "appeals")


def write_sheet(
    path: Path, edition: Edition, scores: Scores, unit: str,
    contracts: Mapping[str, Contract], lang: Lang,
) -> int:  # fmt: skip
    """Write the answer sheet of a unit, whole or not at all.

    Returns
    -------
    How many answers stand in it.
    """
    rows = answer_rows(scores, unit, contracts, lang)
    if edition.config.pseudonyms is None and "shopper" in rows:
        rows = rows.drop(columns="shopper")
    if "slot" in rows:
        rows["slot"] = rows["slot"].replace(edition.config.slots)
    with whole_book(path, f"{edition.config.title.zh} {unit}") as book:
        _write_notes(book, edition, unit, len(rows), lang)
        sheet = _write_answers(book, rows, _by_item(scores, contracts), lang)
        if edition.config.simulated:
            sheet.set_header("&C模拟数据 Simulated data")
        _write_counts(book, counted_rows(scores, unit, lang), lang)
    return len(rows)


def header(name: str, lang: Lang) -> str:
    """Return a header cell: its words, and the name by which it is read again."""
    return f"{said(HEADERS[name], lang)}\n[{name}]"


def _by_item(scores: Scores, contracts: Mapping[str, Contract]) -> dict[str, Column]:
    """Return the column that each item of the sheet is, by its name."""
    tables = [points.table for points in scores.points if points.table in APPEALABLE]
    return {name: contracts[table][name] for table in tables for name in contracts[table].names}


def _write_notes(book: Any, edition: Edition, unit: str, answers: int, lang: Lang) -> None:
    config = edition.config
    simulated = Words(
        zh="本表数据为模拟数据，不反映任何城市的真实情况。",
        en="The data are simulated and are no facts about any city.",
    )
    notes = [
        Words(zh=f"{config.title.zh}：{unit}答卷", en=f"{config.title.en}: answers of {unit}"),
        *([simulated] if config.simulated else []),
        Words(
            zh=f"“{SHEETS[0]}”表列出在案的{answers}条回答及其得分、计分规则。",
            en=f"Sheet {SHEETS[0]} lists the {answers} answers on record, their points and rules.",
        ),
        Words(
            zh=f"如有异议，请在该行填写“主张的回答”（下拉选择；应为无回答时选“{BLANK}”）、“理由”、“证据”和“申诉人”，"
            "其他各列请勿改动。没有异议的行不必填写。",
            en=f"To contest an answer, fill in the answer claimed (from the list; {BLANK} for no "
            "answer), reason, evidence and name in its row, and leave all else as it is.",
        ),
        Words(
            zh=f"问卷只列汇总结果，不足{MINIMUM}份的不列；文字中的姓名、电话、证件号码等已隐去。",
            en=f"Questionnaires are shown in sum only, none of fewer than {MINIMUM}; names, "
            "telephone and identity numbers in texts are masked.",
        ),
    ]
    sheet = book.add_worksheet("说明" if lang != "en" else "notes")
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    for at, words in enumerate(notes):
        sheet.write_string(at, 0, said(words, lang))


def _write_answers(book: Any, rows: pd.DataFrame, columns: Mapping[str, Column], lang: Lang) -> Any:
    sheet = book.add_worksheet(SHEETS[0])
    lists = book.add_worksheet("lists")
    lists.hide()
    names = [*rows, *CLAIM]
    top = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    open_ = book.add_format(
        {"text_wrap": True, "valign": "top", "locked": False, "bg_color": "#FFF7DB", "border": 1}
    )
    for at, name in enumerate(names):
        wide = 34 if name in ("question", "rule", "reason", "evidence") else 14
        sheet.set_column(at, at, wide)
        sheet.write_string(0, at, header(name, lang), top)
        if name in CLAIM:
            for row in range(len(rows)):
                sheet.write_blank(row + 1, at, None, open_)
        else:
            for row, value in enumerate(rows[name].tolist(), start=1):
                if not pd.isna(value):
                    sheet.write_string(row, at, str(value), plain)
    claimed = names.index("new")
    for at, (item, own) in enumerate(rows.groupby("item", sort=False)):
        listed = choices(columns[str(item)], lang)
        lists.write_column(0, at, listed)
        if listed:
            cells = f"=lists!${_letters(at)}$1:${_letters(at)}${len(listed)}"
            for first, last in _runs(own.index.to_numpy() + 1):
                sheet.data_validation(
                    first, claimed, last, claimed, {"validate": "list", "source": cells}
                )
    sheet.freeze_panes(1, names.index("record_id") + 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)
    may = ("autofilter", "sort", "format_columns", "format_rows")
    sheet.protect("", dict.fromkeys(may, True))
    return sheet


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return xl_col_to_name(column)


def _runs(rows: np.ndarray) -> list[tuple[int, int]]:
    """Return the first and last of each run of neighbouring rows."""
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    return [(int(run[0]), int(run[-1])) for run in np.split(rows, breaks)]


def _write_counts(book: Any, counts: pd.DataFrame, lang: Lang) -> None:
    if counts.empty:
        return
    sheet = book.add_worksheet("汇总" if lang != "en" else "counts")
    heads = {
        "table": Words(zh="数据表", en="Table"),
        "audience": Words(zh="服务对象", en="Audience"),
        "question": Words(zh="题项", en="Question"),
        "n": Words(zh="份数", en="Records"),
        "points": Words(zh="平均得分", en="Mean points"),
    }
    for at, (name, words) in enumerate(heads.items()):
        sheet.set_column(at, at, 34 if name == "question" else 14)
        sheet.write_string(0, at, said(words, lang))
        for row, value in enumerate(counts[name].tolist(), start=1):
            if isinstance(value, str):
                sheet.write_string(row, at, value)
            elif not np.isnan(value):
                sheet.write_number(row, at, round(value, 4))
