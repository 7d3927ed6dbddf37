"""What changed, in words."""

from typing import Literal

import pandas as pd

from analysis.trends.bridge import Bridge
from analysis.trends.chain import Chain
from analysis.trends.changes import Changes
from indicators.hierarchy import ALL, ROOT
from indicators.nodes import Words

Lang = Literal["zh", "en"]
NAMED = 3
"""How many risers and fallers a sentence names."""


def change_sentence(changes: Changes, unit: Words, lang: Lang = "zh") -> str:
    """Tell how the nation's mean total changed, and how many units clearly rose or fell.

    Parameters
    ----------
    changes
        As from `analysis.trends.changes.compare_editions`.
    unit
        What a unit is called.
    lang
        ``zh`` or ``en``.
    """
    nation = changes.national
    nation = nation[(nation["indicator"] == ROOT) & (nation["audience"] == ALL)]
    if nation.empty:
        return {
            "zh": f"两届评估没有共同的有得分的{unit.zh}，无从比较。",
            "en": f"No unit ({unit.en}) has a total in both editions.",
        }[lang]
    row, movers = nation.iloc[0], changes.movers()
    rose, fell = (movers[movers["verdict"] == way] for way in ("rise", "fall"))
    n, steady = int(row["n"]), int(row["n"]) - len(movers)
    change, span = row["change"], (row["low"], row["high"])
    if lang == "zh":
        said = f"{n}个{unit.zh}的总分均值由{row['before']:.2f}分变为{row['after']:.2f}分，"
        said += f"{_moved_zh(change, span, str(row['verdict']), changes.level)}。其中{len(rose)}个"
        said += f"{unit.zh}明显上升，{len(fell)}个明显下降，{steady}个的变化在误差范围内"
        named = [
            f"{word}较大的有{'、'.join(_named(table, '{unit}（{change:+.2f}分）'))}"
            for word, table in (("升幅", rose), ("降幅", fell[::-1]))
            if len(table)
        ]
        return "；".join([said, *named]) + f"（{_adjusted(changes, lang)}）。"
    said = f"The mean total of {n} units ({unit.en}) went from {row['before']:.2f} to "
    said += f"{row['after']:.2f} points: {_moved_en(change, span, str(row['verdict']))}. "
    said += f"{len(rose)} clearly rose, {len(fell)} clearly fell, and the change of {steady} lies "
    said += "within sampling error"
    named = [
        f"{word}: {', '.join(_named(table, '{unit} ({change:+.2f})'))}"
        for word, table in (("most risen", rose), ("most fallen", fell[::-1]))
        if len(table)
    ]
    return "; ".join([said, *named]) + f" ({_adjusted(changes, lang)})."


def bridge_sentence(bridge: Bridge, lang: Lang = "zh") -> str:
    """Tell how much of the nation's change is real, and what the indicators did to it."""
    row = bridge.nation.iloc[0]
    if not row["n"]:
        return {"zh": "可比的部分太少，变化无从分解。",
                "en": "Too little is in common to take the change apart."}[lang]  # fmt: skip
    change, real, dropped, added, moved = (
        _signed(row[name]) for name in ("change", "real", "dropped", "added", "reweighted")
    )
    span, verdict = _interval((row["low"], row["high"]), lang), _VERDICTS[str(row["verdict"])]
    if lang == "zh":
        return (
            f"总分均值变化{change}分，其中可比题项的实际变化{real}分（{span}，{verdict.zh}），"
            f"不再考察的题项带来{dropped}分，新考察的题项带来{added}分，结构与权重调整带来{moved}分。"
        )
    return (
        f"The mean total changed by {change} points: {real} of it real ({span}; {verdict.en}), "
        f"{dropped} from items no longer asked, {added} from new ones, {moved} from the new tree "
        "and weights."
    )


def chain_sentence(chain: Chain, lang: Lang = "zh") -> str:
    """Tell the chained level of every edition that has one."""
    known = chain.nation[chain.nation["chained"].notna()]
    named = list(zip(known["edition"], known["chained"], strict=True))
    last = chain.nation["edition"].iloc[-1]
    if lang == "zh":
        levels = "、".join(f"{name}为{level:.2f}分" for name, level in named)
        return f"按{last}的可比口径逐年链接，总分均值{levels}。"
    levels = ", ".join(f"{level:.2f} ({name})" for name, level in named)
    return f"Linked back from {last} on like terms, the mean total is {levels}."


_VERDICTS = {
    "rise": Words(zh="变化显著", en="clearly a rise"),
    "fall": Words(zh="变化显著", en="clearly a fall"),
    "unclear": Words(zh="在误差范围内", en="within sampling error"),
}


def _moved_zh(change: float, span: tuple[float, float], verdict: str, level: float) -> str:
    if round(change, 2) == 0:
        return "基本持平"
    way = "上升" if change > 0 else "下降"
    said = f"{way}{abs(change):.2f}分"
    if pd.isna(span[0]):
        return said + "，误差不明"
    return f"{said}（{100 * level:g}%区间{_interval(span, 'zh')}），{_VERDICTS[verdict].zh}"


def _moved_en(change: float, span: tuple[float, float], verdict: str) -> str:
    if pd.isna(span[0]):
        return f"{_signed(change)}, of unknown error"
    return f"{_signed(change)} ({_interval(span, 'en')}), {_VERDICTS[verdict].en}"


def _interval(span: tuple[float, float], lang: Lang) -> str:
    low, high = map(_signed, span)
    return f"{low}至{high}" if lang == "zh" else f"{low} to {high}"


def _signed(points: float) -> str:
    return f"{points:+.2f}" if round(points, 2) else "0.00"


def _named(table: pd.DataFrame, form: str) -> list[str]:
    first = table.head(NAMED)
    return [
        form.format(unit=unit, change=change)
        for unit, change in zip(first["unit"], first["change"], strict=True)
    ]


def _adjusted(changes: Changes, lang: Lang) -> str:
    share = f"{100 * (1 - changes.level):g}%"
    if changes.adjust == "holm":
        return {"zh": f"误判任何一个的可能不超过{share}",
                "en": f"the chance of naming any wrongly is at most {share}"}[lang]  # fmt: skip
    return {"zh": f"点名者中误判的比例平均不超过{share}",
            "en": f"of those named at most {share} are named wrongly on average"}[lang]  # fmt: skip
