"""What a unit's own records say of where it stands, in sentences in Chinese and English."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from hotline_index.benchmark_figures import Whole
from hotline_index.benchmarking import Benchmark
from indicators.hierarchy import ALL, ROOT
from indicators.nodes import Words
from report.labels import AUDIENCES
from report.language import Lang
from report.names import unit_names
from report.prose.wording import interval, listed
from survey.contracts import CONTRACTS

LIKELY = 0.05
"""Grades less probable than this are not named."""
TOTAL = Words(zh="总分", en="Total")


def benchmark_sentences(found: Benchmark) -> tuple[Words, ...]:
    """Tell where a unit would stand by its own records, and what that is worth.

    Returns
    -------
    Sentences, each in both languages; what there is nothing to say of is left out.
    """
    tellers: tuple[Callable[[Benchmark, Lang], str], ...] = (
        _records,
        _terms,
        _total,
        _differences,
        _whole,
        _precision,
        _certain,
        _blind,
    )
    told = (Words(zh=tell(found, "zh"), en=tell(found, "en")) for tell in tellers)
    return tuple(words for words in told if words.zh)


def name_of(found: Benchmark, lang: Lang) -> str:
    """Return the name of the unit in a language."""
    return unit_names(found.results.told_in(lang)).get(found.unit, found.unit)


def indicator_names(found: Benchmark, lang: Lang) -> dict[str, str]:
    """Return the name of every indicator, the total too."""
    table = found.results["indicators"]
    return {ROOT: getattr(TOTAL, lang)} | dict(zip(table["indicator"], table[lang], strict=True))


def _audience(name: str, lang: Lang) -> str:
    label = AUDIENCES[name][lang] if name in AUDIENCES else name
    return label if lang == "zh" else label.lower()


def level_of(found: Benchmark) -> str:
    """Return the level of the intervals, as ``95%``."""
    return f"{float(found.results.meta['level']):.0%}"


def of_all(found: Benchmark) -> pd.DataFrame:
    """Return the rows of all audiences together, by indicator."""
    return found.table[found.table["audience"] == ALL].set_index("indicator")


def _row_of_total(found: Benchmark) -> dict[str, Any] | None:
    table = of_all(found)
    return dict(table.loc[ROOT]) if ROOT in table.index else None


def _records(found: Benchmark, lang: Lang) -> str:
    parts = []
    for table, rows in found.records.groupby("table", sort=False):
        contract = CONTRACTS[str(table)]
        each = [
            f"{_audience(row['audience'], lang)}{'' if lang == 'zh' else ' '}{row['n']}"
            for _, row in rows.iterrows()
            if row["audience"] != ALL
        ]
        split = (
            ""
            if not each
            else f"（{'，'.join(each)}）"
            if lang == "zh"
            else f" ({', '.join(each)})"
        )
        parts.append(
            f"{contract.zh}{rows['n'].sum()}条{split}"
            if lang == "zh"
            else f"{rows['n'].sum()} {contract.en}{split}"
        )
    title, city = found.results.meta["title"][lang], name_of(found, lang)
    simulated = bool(found.results.meta["simulated"])
    if lang == "zh":
        warning = "对照的年度为模拟数据，以下位置并非实际排名。" if simulated else ""
        return f"{city}自有记录：{'，'.join(parts)}，按“{title}”的规则计分。{warning}"
    warning = " The edition is simulated: no position below is a real one." if simulated else ""
    return f"{city}, own records: {', '.join(parts)}, scored by the rules of “{title}”.{warning}"


def _terms(found: Benchmark, lang: Lang) -> str:
    """Tell which indicators the records score wholly, in part and not at all."""
    names, table = indicator_names(found, lang), of_all(found)
    tree = found.results["indicators"]
    parents = dict(zip(tree["indicator"], tree["parent"], strict=True))
    without = [names[each] for each in found.absent if parents.get(each) not in found.absent]
    part = table.index[table["basis"] == "part"]
    partly = [] if found.lacking else [names[each] for each in part]
    if not without and not partly and not found.lacking:
        return ""
    lacking = [_audience(each, lang) for each in found.lacking]
    if lang == "zh":
        said = [f"{listed(without, lang)}没有记录可据"] if without else []
        said += [f"{listed(partly, lang)}只有一部分有记录可据"] if partly else []
        said += [f"没有{listed(lacking, lang)}的记录"] if lacking else []
        return (
            f"{'；'.join(said)}。为使口径一致，以下得分、名次和差距，本市和其余各市都只按"
            "自有记录能够测得的题项和服务对象重新计算，因此与公布的总分、名次不可直接相比。"
        )
    said = [f"nothing is known of {listed(without, lang)}"] if without else []
    said += [f"only a part of {listed(partly, lang)}"] if partly else []
    said += [f"there are no records of {listed(lacking, lang)}"] if lacking else []
    text = "; ".join(said)
    return (
        f"{text[0].upper()}{text[1:]}. So that like is compared with like, the scores, ranks and "
        "differences below rest, for this city and all others, on the items and audiences alone "
        "that the own records answer; they cannot be held against published totals and ranks."
    )


def _total(found: Benchmark, lang: Lang) -> str:
    row = _row_of_total(found)
    if row is None:
        return ""
    level = level_of(found)
    span, ranks = interval(row["low"], row["high"], lang), (row["rank_low"], row["rank_high"])
    known = bool(pd.notna(row["official"]))
    verdict = {
        "rise": ("自有记录的得分明显高于它", "clearly above it"),
        "fall": ("自有记录的得分明显低于它", "clearly below it"),
        "unclear": ("二者没有可检出的差别", "with no detectable difference"),
    }.get(str(row["verdict"]), ("", ""))
    if lang == "zh":
        official = (
            f"。全国评估的记录按同一口径为{row['official']:.2f}分，列第{row['official_rank']}位，{verdict[0]}"
            if known
            else ""
        )
        return (
            f"按这一口径，总分{row['score']:.2f}（{level}区间{span}），在{row['of']}个城市中列"
            f"第{row['rank']}位（{level}区间为第{ranks[0]}至第{ranks[1]}位）{official}。"
        )
    official = (
        f" The records of the edition give {row['official']:.2f} on the same terms, rank "
        f"{row['official_rank']}; the own score is "
        f"{verdict[1] if row['verdict'] != 'unclear' else 'not detectably different'}."
        if known
        else ""
    )
    return (
        f"On these terms the total is {row['score']:.2f} ({level} interval {span}), rank "
        f"{row['rank']} of {row['of']} ({level} interval {ranks[0]} to {ranks[1]}).{official}"
    )


def _differences(found: Benchmark, lang: Lang) -> str:
    """Name the indicators in which own and official records clearly differ."""
    table = of_all(found).drop(index=ROOT, errors="ignore").dropna(subset=["verdict"])
    if table.empty:
        return ""
    names = indicator_names(found, lang)
    groups = {
        verdict: [names[each] for each in table.index[table["verdict"] == verdict]]
        for verdict in ("rise", "fall")
    }
    if not any(groups.values()):
        return (
            "逐项比较，自有记录与全国评估的记录没有可检出的差别。"
            if lang == "zh"
            else "Indicator by indicator, own and official records do not detectably differ."
        )
    zh = {"rise": "自有记录明显高于全国评估的有", "fall": "明显低于全国评估的有"}
    en = {"rise": "Own records score clearly higher in", "fall": "clearly lower in"}
    said = [
        f"{(zh if lang == 'zh' else en)[verdict]}{'' if lang == 'zh' else ' '}{listed(group, lang)}"
        for verdict, group in groups.items()
        if group
    ]
    if lang == "zh":
        return f"逐项比较，{'；'.join(said)}；其余没有可检出的差别。"
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}; the rest do not detectably differ."


def _whole(found: Benchmark, lang: Lang) -> str:
    whole = found.whole
    if whole is None:
        known = found.unit in set(found.results["grades"]["unit"])
        if lang == "zh":
            reason = "缺少全国评估所用的部分题项或服务对象" if known else "本市不在该年度的样本之内"
            return f"{reason}，因此不给出整个指数的总分和等级。"
        reason = (
            "Own records lack some items or audiences of the edition"
            if known
            else "The city is not in the sample of the edition"
        )
        return f"{reason}, so no total and grade of the whole index are given."
    level = level_of(found)
    span = interval(whole.low, whole.high, lang)
    if lang == "zh":
        return (
            f"若用自有记录替换全国评估对本市的同类记录，其余数据不变，整个指数的总分为{whole.score:.2f}"
            f"（{level}区间{span}，公布的为{whole.official:.2f}），在{whole.of}个城市中列第{whole.rank}位"
            f"（{level}区间为第{whole.rank_low}至第{whole.rank_high}位）；按该年度的等级分数线，"
            f"{_grades(whole, lang)}，公布的等级为{whole.official_grade}。"
        )
    return (
        f"With own records in the place of the edition's of the same kind, and all else as it was, "
        f"the whole index gives {whole.score:.2f} ({level} interval {span}; published "
        f"{whole.official:.2f}), rank {whole.rank} of {whole.of} ({level} interval "
        f"{whole.rank_low} to {whole.rank_high}); by the cut points of the edition, "
        f"{_grades(whole, lang)}; the published grade is {whole.official_grade}."
    )


def _grades(whole: Whole, lang: Lang) -> str:
    others = sorted(
        (each for each in whole.probability if each != whole.grade),
        key=lambda grade: -whole.probability[grade],
    )
    left, right = ("（", "）") if lang == "zh" else (" (", ")")
    also = [
        f"{grade}{left}{whole.probability[grade]:.0%}{right}"
        for grade in others
        if whole.probability[grade] >= LIKELY
    ]
    p = f"{whole.probability[whole.grade]:.0%}"
    if lang == "zh":
        return f"等级为{whole.grade}（概率{p}）" + (
            f"，也可能是{listed(also, lang)}" if also else ""
        )
    return f"the grade is {whole.grade} ({p})" + (f", or else {listed(also, lang)}" if also else "")


def _precision(found: Benchmark, lang: Lang) -> str:
    """Tell how wide the intervals are, and why."""
    row = _row_of_total(found)
    usual = round(float(found.records["usual_n"].sum()))
    n = int(found.records["n"].sum())
    said = []
    if row is not None:
        share = (row["rank_high"] - row["rank_low"] + 1) / row["of"]
        half = (row["high"] - row["low"]) / 2
        said.append(
            f"总分区间的半宽为{half:.2f}分，名次区间占全部名次的{share:.0%}"
            if lang == "zh"
            else f"the interval of the total has a half-width of {half:.2f}, and that of its rank "
            f"takes in {share:.0%} of all ranks"
        )
    zh = f"自有记录共{n}条，全国评估每市的中位数为{usual}条"
    en = f"There are {n} own records; the edition has a median of {usual} a city"
    if lang == "zh":
        return f"{'；'.join([zh, *said])}。记录越少，区间越宽；区间之内的名次前后不宜当作差别。"
    return (
        f"{'; '.join([en, *said])}. The fewer the records, the wider the intervals; ranks within "
        "them should not be read as differences."
    )


def _certain(found: Benchmark, lang: Lang) -> str:
    """Warn of scores without an error because all answers agree."""
    exact = found.table[(found.table["se"] <= 0) & (found.table["audience"] == ALL)]
    if exact.empty:
        return ""
    names = indicator_names(found, lang)
    which = listed([names[each] for each in exact["indicator"]], lang)
    return (
        f"{which}的各条记录答案全部相同，标准误为零，这不等于没有误差，再添记录即可能改变。"
        if lang == "zh"
        else f"In {which} all answers agree, and the standard error is zero. That is not to say "
        "that there is no error: one more record may change it."
    )


def _blind(found: Benchmark, lang: Lang) -> str:
    return (
        "自有记录不是盲测：由本市自行选定场景、时间和拨打人，话务员可能认出来电，拨打人评判的宽严"
        "也无从与全国评估比对，这些偏差不在区间之内。结果只供自查，不能代替全国评估的得分、名次和等级。"
        if lang == "zh"
        else "Own records are not blind: the city chose scenarios, times and callers, agents may "
        "have known the caller, and how severe own callers are cannot be told. No interval holds "
        "these biases. The result serves the city's own review and stands for no published score, "
        "rank or grade."
    )
