"""Why a test of groups was chosen, in words for readers: Chinese and English."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.comparisons.effects import REPLICATES, SMALL_GROUP, chance_share

if TYPE_CHECKING:
    from analysis.comparisons.group_tests import GroupTest
    from analysis.comparisons.means import Assumptions


def why_ranks(values: np.ndarray, sizes: pd.Series, test: "GroupTest") -> tuple[str, str]:
    """Say why groups were compared by ranks.

    Parameters
    ----------
    values
        Outcomes, shape (n,).
    sizes
        Units of every group, the smallest first, index the names.
    test
        The test, by Mann and Whitney or by Kruskal and Wallis.

    Returns
    -------
    A sentence in Chinese, and one in English.
    """
    n, distinct = len(values), len(np.unique(values))
    tied = distinct <= n / 2
    why = (
        f"{n}个评估对象只有{distinct}个不同取值，并列多，取值之间只有先后、未必等距，故用秩检验"
        if tied
        else f"{n}个评估对象的得分未必呈正态分布，各组方差未必相等，故用秩检验"
    )
    why_en = (
        f"{n} units share {distinct} values, which are in order but not equally far apart, "
        "so their ranks are compared"
        if tied
        else f"the outcomes of {n} units need be neither normal nor equally spread, "
        "so their ranks are compared"
    )
    first, last = sizes.index[0], sizes.index[-1]
    if test.test == "mann-whitney":
        way, way_en = (
            ("精确法", "exact")
            if test.exact
            else ("渐近法，已校正并列", "asymptotic, ties corrected")
        )
        how = (
            f"共两组（{first}{sizes.iloc[0]}个，{last}{sizes.iloc[1]}个），"
            f"用Mann—Whitney检验（{way}）；δ为正表示{first}高于{last}"
        )
        how_en = (
            f"two groups ({first} {sizes.iloc[0]}, {last} {sizes.iloc[1]}): Mann-Whitney test "
            f"({way_en}); delta above 0 says that {first} stands higher"
        )
    else:
        chance = chance_share(n, len(sizes))
        how = (
            f"共{len(sizes)}组（每组{sizes.iloc[0]}至{sizes.iloc[-1]}个），用Kruskal—Wallis检验（已校正并列）；"
            f"随机分组时ε²平均也有{chance:.3f}，判断大小时已扣除；区间由{REPLICATES}次按组分层的自助抽样得出"
        )
        how_en = (
            f"{len(sizes)} groups ({sizes.iloc[0]} to {sizes.iloc[-1]} units each): Kruskal-Wallis "
            f"test, ties corrected; chance alone gives an epsilon squared of {chance:.3f}, taken "
            f"off before its size is judged; interval from {REPLICATES} stratified resamples"
        )
    merged = ("，抽样时并为一层", " (one stratum when resampled)")
    small = _small(sizes, merged if test.test == "kruskal-wallis" else ("", ""))
    return f"{why}；{how}{small[0]}。", _sentence(f"{why_en}; {how_en}{small[1]}")


def why_means(sizes: pd.Series, test: "GroupTest", found: "Assumptions") -> tuple[str, str]:
    """Say why groups were compared by means, and what the data say of spread and shape.

    Parameters
    ----------
    sizes
        Units of every group, the smallest first, index the names.
    test
        Welch's t or Brown and Forsythe's F*.
    found
        The assumptions as checked.

    Returns
    -------
    Chinese, and English.
    """
    first, last = sizes.index[0], sizes.index[-1]
    if test.test == "welch-t":
        how = (
            f"共两组（{first}{sizes.iloc[0]}个，{last}{sizes.iloc[1]}个），用Welch t检验；"
            f"g为正表示{first}高于{last}"
        )
        how_en = (
            f"two groups ({first} {sizes.iloc[0]}, {last} {sizes.iloc[1]}): Welch's t; "
            f"g above 0 says that {first} stands higher"
        )
    else:
        how = (
            f"共{len(sizes)}组（每组{sizes.iloc[0]}至{sizes.iloc[-1]}个），用Brown—Forsythe F*检验"
            "（组小而方差不等时比Welch方差分析可靠）；ω²为组间差异所占份额，已扣除偶然部分"
        )
        how_en = (
            f"{len(sizes)} groups ({sizes.iloc[0]} to {sizes.iloc[-1]} units each): Brown and "
            "Forsythe's F*, which holds its level where groups are small and spread unequally, as "
            "Welch's analysis of variance does not; omega squared is the share of the variance "
            "between groups, chance taken off"
        )
    if test.exact:
        how += "；评估对象少，p值由随机重新分组得出"
        how_en += "; few units, so p comes from random relabelling"
    seen, seen_en = _checked(found)
    small = _small(sizes, ("", ""))
    why = "得分的均值有意义，故比较均值，不要求各组方差相等"
    why_en = "scores have meaningful means, so means are compared, and spreads may differ"
    return f"{why}；{how}{seen}{small[0]}。", _sentence(f"{why_en}; {how_en}{seen_en}{small[1]}")


def _checked(found: "Assumptions") -> tuple[str, str]:
    zh, en = [], []
    if np.isfinite(found.spread_ratio):
        zh.append(
            f"各组标准差最大为最小的{found.spread_ratio:.1f}倍（等方差检验p={found.spread_p:.3f}）"
        )
        en.append(
            f"the largest standard deviation is {found.spread_ratio:.1f} times the smallest "
            f"(test of equal spread p = {found.spread_p:.3f})"
        )
    if np.isfinite(found.skewness):
        zh.append(f"残差偏度{found.skewness:.2f}（正态性检验p={found.normality_p:.3f}）")
        en.append(
            f"the residuals' skewness is {found.skewness:.2f} "
            f"(test of normality p = {found.normality_p:.3f})"
        )
    if not zh:
        return "", ""
    return (
        f"；{'，'.join(zh)}，只供参考，不据以另选检验",
        f"; {' and '.join(en)}, told beside the test and not used to choose it",
    )


def _small(sizes: pd.Series, more: tuple[str, str]) -> tuple[str, str]:
    small = sizes[sizes < SMALL_GROUP]
    if small.empty:
        return "", ""
    names = list(small.index.astype(str))
    return (
        f"；{'、'.join(names)}不足{SMALL_GROUP}个，照常报告{more[0]}，解读宜谨慎",
        f"; {', '.join(names)}: under {SMALL_GROUP} units, reported with little certainty{more[1]}",
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
