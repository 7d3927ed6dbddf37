"""What the benchmark page says, in Chinese and English; its script reads the same words."""

from report.language import Lang

WORDS: dict[str, tuple[str, str]] = {
    "page": ("城市对标", "City benchmark"),
    "lead": (
        "输入一个城市，看它与同类城市相比处在什么位置。名次和差距都带有区间，差别是否成立由统计检验判断。",
        "Type a city to see where it stands beside its peers. Ranks and gaps come with intervals, "
        "and whether a difference holds is judged by a statistical test.",
    ),
    "lead_grades": (
        "输入一个城市，看它与同类城市的等级。",
        "Type a city to see its grade beside those of its peers.",
    ),
    "simulated": (
        "模拟数据：本页数字均由程序模拟，与任何城市的实际情况无关",
        "Simulated data: every figure on this page is simulated and says nothing about any city",
    ),
    "skip": ("跳到结果", "Skip to the result"),
    "report": ("返回报告", "Back to the report"),
    "choose": ("选择城市与指标", "City and indicator"),
    "city": ("城市", "City"),
    "city_hint": ("汉字、拼音或首字母，如 cs", "Name or pinyin, e.g. cs"),
    "any_hint": ("输入名称", "Type a name"),
    "add": ("添加对照城市", "Add a city to compare"),
    "peers": ("对照城市", "Compared with"),
    "basis": ("默认对照", "Default peers"),
    "basis_group": ("同{factor}", "Same {factor}"),
    "basis_none": ("不分组，名次相近", "Any, nearest in rank"),
    "indicator": ("指标", "Indicator"),
    "total": ("总分", "Total"),
    "audience": ("服务对象", "Audience"),
    "remove": ("移除{name}", "Remove {name}"),
    "clear": ("恢复默认对照", "Back to default peers"),
    "none_found": ("没有找到“{text}”", "Nothing found for “{text}”"),
    "found": ("{n}个结果，用上下键选择", "{n} results; choose with the arrow keys"),
    "full": ("最多对照{n}个城市", "At most {n} cities can be compared"),
    "start": (
        "还没有选择城市。在上面输入城市名称，或从这里开始：",
        "No city chosen yet. Type a name above, or start here:",
    ),
    "unknown": ("本年度没有“{names}”，已略去。", "This edition has no “{names}”; left out."),
    "grade": ("总评等级", "Overall grade"),
    "p_grade": ("再评仍为此等级的概率 {p}", "Chance of this grade again: {p}"),
    "score": ("得分", "Score"),
    "interval": ("{level} 区间", "{level} interval"),
    "rank": ("名次", "Rank"),
    "rank_interval": ("名次区间", "Rank interval"),
    "rank_of": ("{rank} / {n}", "{rank} of {n}"),
    "rank_short": ("第{rank}位", "rank {rank}"),
    "between": ("{low}至{high}", "{low} to {high}"),
    "n": ("记录数", "Records"),
    "no_score": ("没有得分", "no score"),
    "no_score_here": (
        "{name}在这一指标、这类服务对象下没有得分。",
        "{name} has no score for this indicator and audience.",
    ),
    "not_by_audience": ("该指标不分服务对象", "This indicator is not split by audience"),
    "title": (
        "{indicator}（{audience}）：{city}与对照城市",
        "{indicator}, {audience}: {city} and its peers",
    ),
    "title_grades": ("{city}与对照城市的总评等级", "Overall grades of {city} and its peers"),
    "field": ("全部{n}个城市", "All {n} cities"),
    "field_short": ("全部{n}市", "All {n}"),
    "mean": ("各城市均值 {mean}", "Mean {mean}"),
    "legend": (
        "圆点为得分，横线为 {level} 区间；上方每条细线是一个城市，浅色带为中间一半城市。",
        "Dots are scores, bars {level} intervals. Each thin line at the top is a city; the pale "
        "band holds the middle half of them.",
    ),
    "key_focus": ("所选城市", "Chosen city"),
    "key_clear": ("与它差别明显", "Clearly different from it"),
    "key_none": ("没有可检出的差别", "No detectable difference"),
    "difference": ("与{city}之差", "Difference from {city}"),
    "difference_interval": ("差的区间", "Its interval"),
    "verdict": ("判断", "Verdict"),
    "higher": ("明显高", "clearly higher"),
    "lower": ("明显低", "clearly lower"),
    "none": ("没有可检出的差别", "no detectable difference"),
    "unjudged": ("无法判断", "not judged"),
    "self": ("所选城市", "chosen city"),
    "said_higher": ("{names}明显高于{city}", "{names} score clearly higher than {city}"),
    "said_higher_one": ("{names}明显高于{city}", "{names} scores clearly higher than {city}"),
    "said_lower": ("{names}明显低于{city}", "{names} score clearly lower than {city}"),
    "said_lower_one": ("{names}明显低于{city}", "{names} scores clearly lower than {city}"),
    "said_none": (
        "{names}与{city}没有可检出的差别",
        "no difference from {city} is detectable for {names}",
    ),
    "said_unjudged": (
        "{names}没有得分或误差，无法比较",
        "{names} cannot be compared for want of a score or its error",
    ),
    "sentence": ("{parts}。", "{parts}."),
    "join": ("；", "; "),
    "comma": ("、", ", "),
    "and": ("、", " and "),
    "holm": (
        "共作{n}次比较，显著性已按霍尔姆法一并调整（整体水平 {alpha}）。",
        "The tests ({n}) are adjusted together by Holm's method (overall level {alpha}).",
    ),
    "holm_one": ("显著性水平 {alpha}。", "Tested at the level of {alpha}."),
    "rule_group": (
        "默认对照：{factor}同为“{group}”的城市中，总分名次最接近的{n}个。",
        "Default peers: of the cities with the same {factor} ({group}), the {n} nearest "
        "in overall rank.",
    ),
    "rule_all": (
        "默认对照：总分名次最接近的{n}个城市。",
        "Default peers: the {n} cities nearest in overall rank.",
    ),
    "rule_group_grades": (
        "默认对照：{factor}同为“{group}”的城市中，等级最接近的{n}个（等级相同时按名录顺序）。",
        "Default peers: of the cities with the same {factor} ({group}), the {n} nearest in grade, "
        "in the order of the register where grades are equal.",
    ),
    "rule_all_grades": (
        "默认对照：等级最接近的{n}个城市（等级相同时按名录顺序）。",
        "Default peers: the {n} cities nearest in grade, in the order of the register "
        "where grades are equal.",
    ),
    "rule_own": ("对照城市由读者选定。", "The reader chose these peers."),
    "no_peers": ("没有对照城市。", "No peers."),
    "table": ("图中数字", "The figures"),
    "sort": ("按{column}排序", "Sort by {column}"),
    "copy": ("复制本页链接", "Copy link"),
    "copied": ("链接已复制", "Link copied"),
    "copy_failed": ("请按 Ctrl+C 复制地址", "Press Ctrl+C to copy the address"),
    "download": ("下载这些数字（csv）", "Download these figures (csv)"),
    "print": ("打印", "Print"),
    "profile": ("打开{city}的城市报告", "Open the profile of {city}"),
    "how": ("怎样读这一页", "How to read this page"),
    "how_rank": (
        "名次区间表示换一批记录时名次大致会落在哪里。总分的名次区间来自对全部记录的重复抽样；"
        "单项指标的名次区间由各城市的得分和标准误推算。",
        "A rank interval tells where the rank would lie with other records. Those of the "
        "total come "
        "from resampling all records; those of single indicators from scores and standard errors.",
    ),
    "how_difference": (
        "两个城市的差别是否成立，看差与其标准误之比：标准误由两市各自的误差合成，"
        "区间因记录少而加宽的，取加宽后的误差；同时比较几个城市时按霍尔姆法（Holm 1979）调整。"
        "区间相互重叠并不等于没有差别，以“判断”一栏为准。差的区间未作调整。",
        "Whether two cities differ is judged by the difference over its standard error, which "
        "combines the errors of both; where few records made an interval wider, the wider error "
        "counts. With several peers the tests are adjusted after Holm (1979). Intervals that "
        "overlap do not mean that there is no difference: the verdict decides. Intervals of "
        "differences are not adjusted.",
    ),
    "how_grade": (
        "等级按总分评定，不随所选指标变化；概率表示换一批记录重新评定仍得到此等级的机会。",
        "Grades rest on the total and do not change with the indicator; the probability is the "
        "chance of the same grade with other records.",
    ),
    "how_scheme": ("等级划分：{scheme}。", "Grades: {scheme}."),
    "how_published": (
        "本年度只公布了等级，没有各城市的得分，因此没有区间，也不能判断两个城市的差别。",
        "This edition published grades only. Without scores there are no intervals, and "
        "differences "
        "between cities cannot be judged.",
    ),
    "script": ("本页需要启用 JavaScript。", "This page needs JavaScript."),
    "file": ("对标", "benchmark"),
    "column_simulated": ("模拟数据", "simulated"),
    "column_indicator": ("指标", "indicator"),
    "column_audience": ("服务对象", "audience"),
    "column_low": ("区间下限", "low"),
    "column_high": ("区间上限", "high"),
    "column_rank_low": ("名次区间上限", "rank_best"),
    "column_rank_high": ("名次区间下限", "rank_worst"),
    "column_difference_low": ("差的下限", "difference_low"),
    "column_difference_high": ("差的上限", "difference_high"),
    "column_p": ("调整后p值", "p_adjusted"),
}


def words(lang: Lang) -> dict[str, str]:
    """Return every phrase in one language."""
    return {key: pair[0 if lang == "zh" else 1] for key, pair in WORDS.items()}
