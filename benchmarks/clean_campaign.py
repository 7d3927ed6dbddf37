"""A clean simulated campaign, with its schedule, devices and open answers."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.published.figures import read_published
from hotline_index.check_plan import check_plan
from hotline_index.edition import Edition
from hotline_index.simulation import simulate
from survey.checks import CheckPlan
from survey.contracts import CONTRACTS, AnswerColumn
from survey.records import Records

Tables = dict[str, pd.DataFrame]
OPEN = "suggestion"


@dataclass(frozen=True)
class Campaign:
    """Clean records and what they were meant to be."""

    tables: Tables
    plan: CheckPlan

    def changed(self, table: str, frame: pd.DataFrame) -> "Campaign":
        return replace(self, tables={**self.tables, table: frame})

    @property
    def records(self) -> Records:
        return Records(self.tables)


def clean_campaign(edition: Edition, draw: int) -> Campaign:
    """Simulate a campaign without faults, with its schedule, devices and open answers."""
    plan = edition.config.simulation
    assert plan is not None
    tree = edition.system.hierarchy
    published, _ = read_published(edition.folder / plan.like, tree.ids, tree.audiences)
    made = simulate(edition, published, draw)
    random = np.random.default_rng([draw, 1])
    answers = edition.system.needed_columns()
    answers["responses"] = (*answers["responses"], AnswerColumn(OPEN, "category"))
    meant = check_plan(edition, answers, edition.sample or ())
    tables = {name: _typed(made[name], name) for name in ("calls", "responses")}
    calls, responses = tables["calls"], tables["responses"]
    responses["device"] = [f"d{i}" for i in random.permutation(len(responses))]
    responses[OPEN] = own_words(len(responses), random)
    tables["plan"] = _schedule(calls)
    return Campaign(tables, replace(meant, open_answers={"responses": (OPEN,)}))


def _typed(made: pd.DataFrame, table: str) -> pd.DataFrame:
    contract = CONTRACTS[table]
    typed = {}
    for name in dict.fromkeys([*contract.names, *made.columns]):
        if name not in made:
            typed[name] = pd.Series(None, index=made.index, dtype="str")
        elif pd.api.types.is_numeric_dtype(made[name]):
            typed[name] = made[name].astype("float64")
        elif pd.api.types.is_datetime64_any_dtype(made[name]):
            typed[name] = made[name]
        else:
            typed[name] = made[name].astype("str")
    frame = pd.DataFrame(typed)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return frame


def _schedule(calls: pd.DataFrame) -> pd.DataFrame:
    names = ("call_id", "unit", "audience", "scenario", "slot", "channel", "shopper", "recording")
    schedule = calls[list(names)].copy()
    return schedule.assign(date=calls["started_at"].dt.normalize(), role="main")


_WORDS = """
建议 希望 能否 请 最好
尽快 及时 多 认真 按时 主动
处理 回访 解释 公开 跟进 答复 协调 督办
小区停车 医保报销 公交线路 噪声扰民 路灯照明 供暖 积水 学位 社保转移 物业收费 垃圾清运 落户
问题 事项 流程 标准 进度 结果
周末也有人接 少转几次 讲清楚政策 给个准信 别让人等 发短信告知 写明时限 留个电话
谢谢 辛苦了 很着急 拜托 盼复 家里老人等着 已经说过两回 一直没动静
"""


def own_words(size: int, random: np.random.Generator) -> pd.Series:
    """Make up open answers, each of its own words; two in five say nothing or a stock phrase."""
    text = np.array([""] * size, dtype=object)
    for words in _WORDS.strip().splitlines():
        text = text + random.choice(np.array(words.split(), dtype=object), size)
    number = random.permutation(size)
    text = text + np.array([f"，{n % 97}号楼{n // 97}室" for n in number], dtype=object)
    stock = random.choice(np.array(["无", "没有意见和建议", "很好", None], dtype=object), size)
    return pd.Series(np.where(random.random(size) < 0.4, stock, text), dtype="str").set_axis(
        pd.RangeIndex(2, size + 2, name="row")
    )
