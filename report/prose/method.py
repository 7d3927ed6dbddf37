"""What the choice of method does to ranks and grades: weights, averages, indicators, schemes."""

from report.names import unit_names
from report.prose.terms import capital, cities, indicator, percent_span, section
from report.prose.wording import cell, count, each, listed, minus, paragraph, percent, table
from report.results import Results

SCHEMES = {
    "edition": ("本届办法", "The edition's"),
    "equal_shares": ("数量相等", "Equal shares"),
    "equal_steps": ("满分等分", "Equal steps"),
    "deviations": ("标准差", "Standard deviations"),
    "natural_breaks": ("自然断点", "Natural breaks"),
    "kmeans": ("K均值聚类", "K-means"),
    "supported": ("数据支持的分级", "Supported by the data"),
}
OPTIONS = {"low": ("取低值", "low"), "high": ("取高值", "high")}
ALL_WEIGHTS = ("全部权重", "all weights together")


def choices(results: Results) -> str:
    """Tell what the choice of weights and averages does, under its title."""
    title = results.say("方法的选择", "Choice of method")
    return section(2, title, none_tried(results), ranks(results), sensitivity(results))


def ways_of_grading(results: Results) -> str:
    """Tell how far grades hang on the scheme, under its title."""
    return section(2, results.say("定级办法", "Ways of grading"), schemes(results))


def ranks(results: Results) -> str:
    """Say how far ranks move when the method changes and the records stay."""
    if "method_ranks" not in results:
        return ""
    rows = results["method_ranks"].dropna(subset=["low"])
    width = rows["high"] - rows["low"] + 1
    widest = rows.loc[width.idxmax()]
    name = cell(unit_names(results).get(widest["unit"], widest["unit"]))
    still = int((width == 1).sum())
    return paragraph(
        results.say(
            f"记录不变，只改变权重和合成方法时，一个城市的名次平均可在{count(width.mean())}个位次之间变动；"
            f"变动最大的{name}可在第{count(widest['low'])}至第{count(widest['high'])}名之间，"
            f"有{cities(results, still)}的名次始终不变。",
            "With the records unchanged and only the weights and the method of aggregation varied, the "
            f"rank of a city spans {count(width.mean())} places on average; that of {name} varies most, "
            f"from {count(widest['low'])} to {count(widest['high'])}, and that of "
            f"{cities(results, still)} never changes.",
        )
    )


def sensitivity(results: Results) -> str:
    """Say which choice moves the ranks most."""
    if "sensitivity" not in results:
        return ""
    rows = results["sensitivity"].dropna(subset=["total"]).sort_values("total", ascending=False)
    named = [
        results.say(
            f"来自{cell(factor_name(results, row.factor))}的占{percent(row.total)}（区间"
            f"{percent_span(results, row.total_low, row.total_high)}）",
            f"{cell(factor_name(results, row.factor))} {percent(row.total)} (interval "
            f"{percent_span(results, row.total_low, row.total_high)})",
        )
        for row in each(rows)
    ]
    if not named:
        return ""
    return paragraph(
        results.say(
            f"名次变动的方差，计入各因素的交互作用，{'，'.join(named)}；因交互作用重复计入，各项之和可以超过全部。",
            "The shares of the factors in the variance of these changes, with their interactions counted, "
            f"are: {listed(named, 'en')}. As interactions are counted more than once, the shares may sum "
            "to more than the whole.",
        )
    )


def factor_name(results: Results, factor: str) -> str:
    """Return what a factor of the method is called."""
    if factor == "weights":
        return results.say(*ALL_WEIGHTS)
    if "method_factors" not in results:
        return factor
    table_ = results["method_factors"].drop_duplicates("factor").set_index("factor")[results.lang]
    return str(table_[factor]) if factor in table_.index else factor


def _option_name(results: Results, factor: str, option: str) -> str:
    if option in OPTIONS:
        return results.say(*OPTIONS[option])
    if "method_factors" in results:
        found = results["method_factors"].query("factor == @factor and option == @option")
        named = found[f"option_{results.lang}"].dropna()
        if len(named):
            return str(named.iloc[0])
    return option


def options_table(results: Results, most: int = 12) -> str:
    """Write the single alternatives that move ranks most."""
    if "method_options" not in results:
        return ""
    rows = results["method_options"].sort_values("mean_shift", ascending=False, kind="stable")
    cells = [
        (
            capital(factor_name(results, row.factor)), _option_name(results, row.factor, str(row.option)),
            f"{row.mean_shift:.1f}", count(row.max_shift), percent(row.moved), f"{row.tau:.3f}",
        )
        for row in each(rows.head(most))
    ]  # fmt: skip
    header = results.say(
        "方法因素|取法|平均变动|最大变动|变动的城市|与现行名次的τ",
        "Factor|Option|Mean shift|Largest shift|Cities moved|Tau with current ranks",
    ).split("|")
    return table(header, cells, "llrrrr", (28, 18, 12, 12, 14, 16))


def leave_one_out(results: Results) -> str:
    """Say without which indicator ranks move most."""
    if "leave_one_out" not in results:
        return ""
    rows = results["leave_one_out"].dropna(subset=["mean_shift"])
    if rows.empty:
        return ""
    most, least = (
        rows.iloc[int(at)] for at in (rows["mean_shift"].argmax(), rows["mean_shift"].argmin())
    )
    name, other = (cell(indicator(results, row["indicator"])) for row in (most, least))
    return paragraph(
        results.say(
            f"逐项剔除指标时，名次变动最大的是剔除{name}（平均{most['mean_shift']:.1f}位），"
            f"最小的是剔除{other}（平均{least['mean_shift']:.1f}位）。",
            f"When indicators are left out one at a time, ranks move most without {name} "
            f"({most['mean_shift']:.1f} places on average) and least without {other} "
            f"({least['mean_shift']:.1f}).",
        )
    )


def leave_one_out_table(results: Results) -> str:
    """Write what leaving out each indicator of levels 1 and 2 does to the ranks."""
    if "leave_one_out" not in results:
        return ""
    names = unit_names(results)
    rows = results["leave_one_out"].query("level <= 2")
    cells = [
        (
            indicator(results, row.indicator), f"{row.mean_shift:.1f}", count(row.max_shift),
            f"{row.tau:.3f}", names.get(str(row.most_moved), str(row.most_moved)),
            minus(f"{row.places:+d}"),
        )
        for row in each(rows.sort_values("mean_shift", ascending=False, kind="stable"))
    ]  # fmt: skip
    header = results.say(
        "剔除的指标|平均变动|最大变动|与现行名次的τ|变动最大的城市|其升降",
        "Left out|Mean shift|Largest shift|Tau with current ranks|Moves most|Its shift",
    ).split("|")
    return table(header, cells, "lrrrlr", (28, 13, 13, 16, 18, 12))


def schemes(results: Results) -> str:
    """Say how far other ways of grading would give other grades, and which keeps grades best."""
    if "schemes" not in results or "scheme_grades" not in results:
        return ""
    rows = results["schemes"].set_index("scheme")
    if "edition" not in rows.index:
        return ""
    others = rows.drop("edition")
    best = str(rows["kept"].idxmax())
    alike = results["scheme_grades"]["distinct"] == 1
    return paragraph(
        results.say(
            f"同一总分换用其他{count(len(others))}种定级办法，与本届等级相同的城市占"
            f"{percent(others['same'].min())}至{percent(others['same'].max())}；各种办法下等级都相同的有"
            f"{cities(results, alike.sum())}。重新抽样时，本届办法的等级预期有{percent(rows.loc['edition', 'kept'])}"
            f"保持不变，保持率最高的是{SCHEMES.get(best, (best, best))[0]}（{percent(rows['kept'].max())}，"
            f"{count(rows.loc[best, 'grades'])}级）。级数少的办法保持率自然较高，须与能够区分的城市对占比一并解读，见 @tbl-schemes 。",
            f"Under {count(len(others))} other ways of grading the same totals, "
            f"{percent(others['same'].min())} to {percent(others['same'].max())} of cities keep the grade "
            f"of this edition; the number with the same grade under all is {cities(results, alike.sum())}. "
            f"When records are drawn anew, {percent(rows.loc['edition', 'kept'])} of this edition's grades "
            f"are expected to stay the same; the share is highest under the scheme "
            f"“{SCHEMES.get(best, (best, best))[1]}” ({percent(rows['kept'].max())}, "
            f"{count(rows.loc[best, 'grades'])} grades). With fewer grades more are kept, so this should "
            "be read beside the share of pairs told apart; see @tbl-schemes .",
        )
    )


def schemes_table(results: Results) -> str:
    """Write how far grades of each scheme can be relied on and agree with the edition's."""
    if "schemes" not in results:
        return ""
    cells = [
        (
            results.say(*SCHEMES.get(row.scheme, (row.scheme, row.scheme))), count(row.grades),
            percent(row.kept), percent(row.pairs), percent(row.error), percent(row.borderline),
            percent(row.same),
        )
        for row in each(results["schemes"])
    ]  # fmt: skip
    header = results.say(
        "办法|级数|保持率|可区分的城市对|其中次序有误|临界城市|与本届相同",
        "Scheme|Grades|Kept|Pairs told apart|In wrong order|Borderline|As in the edition",
    ).split("|")
    return table(header, cells, "lrrrrrr", (22, 10, 12, 16, 14, 13, 13))


def none_tried(results: Results) -> str:
    """Say that no other method was tried; nothing where some was, or there are no records."""
    tables = {"method_ranks", "sensitivity", "method_options", "leave_one_out"}
    if "scores" not in results or tables & set(results.tables):
        return ""
    return paragraph(
        results.say(
            "本年度评估没有改变方法重新计算，权重与方法的选择对名次有何影响尚不清楚。",
            "This edition did not try other methods, so the effect of the choice of weights and method on "
            "ranks is not known.",
        )
    )
