"""Words on figures and tables in Chinese and English."""

from collections.abc import Mapping

from report.language import Lang
from report.results import Results

Label = Mapping[str, str]


def _labels(**pairs: tuple[str, str]) -> dict[str, Label]:
    return {key: {"zh": zh, "en": en} for key, (zh, en) in pairs.items()}


AUDIENCES = _labels(
    all=("总体", "All"), citizen=("群众", "Citizens"), enterprise=("企业", "Enterprises")
)
"""In the order in which they are shown."""

FACTORS = _labels(
    region=("区域", "Region"),
    level=("行政层级", "Administrative level"),
    coastal=("沿海与内陆", "Coast and inland"),
    commended=("是否受表扬", "Commendation"),
    province=("省份", "Province"),
    tier=("城市分级", "Tier"),
)

GROUPS = _labels(
    直辖市=("直辖市", "Municipality"),
    副省级市=("副省级市", "Sub-provincial city"),
    省会市=("省会市", "Provincial capital"),
    地级市=("地级市", "Prefecture-level city"),
    自治州=("自治州", "Autonomous prefecture"),
    地区=("地区", "Prefecture"),
    盟=("盟", "League"),
    华北=("华北", "North"),
    东北=("东北", "Northeast"),
    华东=("华东", "East"),
    华中=("华中", "Central"),
    华南=("华南", "South"),
    西南=("西南", "Southwest"),
    西北=("西北", "Northwest"),
    沿海=("沿海", "Coast"),
    内陆=("内陆", "Inland"),
    受表扬=("受表扬", "Commended"),
    未受表扬=("未受表扬", "Not commended"),
    未归类=("未归类", "Ungrouped"),
)

PROVINCES = _labels(
    北京=("北京", "Beijing"), 天津=("天津", "Tianjin"), 河北=("河北", "Hebei"),
    山西=("山西", "Shanxi"), 内蒙古=("内蒙古", "Nei Mongol"), 辽宁=("辽宁", "Liaoning"),
    吉林=("吉林", "Jilin"), 黑龙江=("黑龙江", "Heilongjiang"), 上海=("上海", "Shanghai"),
    江苏=("江苏", "Jiangsu"), 浙江=("浙江", "Zhejiang"), 安徽=("安徽", "Anhui"),
    福建=("福建", "Fujian"), 江西=("江西", "Jiangxi"), 山东=("山东", "Shandong"),
    河南=("河南", "Henan"), 湖北=("湖北", "Hubei"), 湖南=("湖南", "Hunan"),
    广东=("广东", "Guangdong"), 广西=("广西", "Guangxi"), 海南=("海南", "Hainan"),
    重庆=("重庆", "Chongqing"), 四川=("四川", "Sichuan"), 贵州=("贵州", "Guizhou"),
    云南=("云南", "Yunnan"), 西藏=("西藏", "Tibet"), 陕西=("陕西", "Shaanxi"),
    甘肃=("甘肃", "Gansu"), 青海=("青海", "Qinghai"), 宁夏=("宁夏", "Ningxia"),
    新疆=("新疆", "Xinjiang"), 台湾=("台湾", "Taiwan"), 香港=("香港", "Hong Kong"),
    澳门=("澳门", "Macao"),
)  # fmt: skip
"""The 34 provincial units by their short name."""

WORDS = _labels(
    simulated=("模拟数据", "Simulated data"),
    grade=("等级", "Grade"),
    cities=("城市数（个）", "Cities"),
    share=("占比（%）", "Share (%)"),
    score=("得分（满分 10 分）", "Score (out of 10)"),
    mean=("均值（满分 10 分）", "Mean (out of 10)"),
    mean_grade=("平均等级", "Mean grade"),
    off_grid=("；未入图：{groups}", "; not shown: {groups}"),
    not_covered=("未纳入评估", "Not covered"),
    no_intervals=("原报告未给出区间", "The original report gives no intervals"),
    level1_note=("横线及括号内为 {level} 区间", "Bars and brackets are {level} intervals"),
    level2_note=(
        "横线为 {level} 区间，窄于标记时不可见",
        "Bars are {level} intervals, hidden where narrower than the mark",
    ),
    effects_note=(
        "横线为 {level} 区间；括号内为城市数",
        "Bars are {level} intervals; numbers of cities in brackets",
    ),
    points_note=(
        "平均等级：{worst} 记 1 分，逐级加 1 分，{best} 记 {most} 分",
        "Mean grade: {worst} counts 1, each step 1 more, {best} {most}",
    ),
    groups_note=("括号内为城市数；", "Numbers of cities in brackets. "),
    odds_ratio=(
        "优势比（对数刻度；大于 1 表示更可能获得较高等级）",
        "Odds ratio (log scale; above 1: higher grades are likelier)",
    ),
    reference=("参照", "reference"),
    not_estimable=("无法估计", "not estimable"),
    answered_rate=("接通率（%）", "Answered (%)"),
    waiting=("等候时长（秒）", "Waiting (seconds)"),
    slots_note=(
        "左图横线为 {level} 区间；右图实心为中位数，空心为第 90 百分位数",
        "Left: bars are {level} intervals. Right: solid median, hollow 90th percentile",
    ),
    rank=("名次", "Rank"),
    ranks_note=(
        "黑点为名次，横线为 {level} 区间；只标出各等级的首个城市和末位城市",
        "Dots are ranks, bars {level} intervals; each grade's first and the last are named",
    ),
    own_grade=("评定等级成立的概率", "Probability of the assigned grade"),
    borderline=("临界城市占比（%）", "Borderline cities (%)"),
    certainty_note=(
        "箱体为中间一半城市，竖线为中位数，须线至第 5 和第 95 百分位数",
        "Boxes hold the middle half of cities, lines are medians, whiskers 5th to 95th percentile",
    ),
    audience_range=("群众与企业均值之间", "Citizens to enterprises"),
    overall_inside=("总体均值", "Overall mean"),
    overall_outside=("总体均值，与之矛盾", "Overall mean, contradictory"),
    rounding_note=(
        "灰色条：考虑舍入后并不矛盾",
        "Grey bars: no contradiction, given how the figures are rounded",
    ),
    beyond=("超出的分值", "Points outside"),
    total=("总分", "Total"),
    equal_weights=("同级指标权重相等", "Indicators under one parent weigh the same"),
    some_weights=("名称后的数字为权重", "Numbers are weights"),
    no_weights=("原报告未公布权重", "The original report gives no weights"),
    innovation_note=("；虚线框为创新指标", "; broken lines: innovation"),
)


def word(key: str, lang: Lang, **values: object) -> str:
    """Return the phrase `key` of `WORDS`, with its ``{names}`` filled from `values`."""
    return WORDS[key][lang].format(**values)


def group_label(group: str, lang: Lang) -> str:
    """Return the name of a group of units, which the tables hold in Chinese.

    A group that is in neither `GROUPS` nor `PROVINCES` (one of another index) keeps its own name.
    """
    label = GROUPS.get(group) or PROVINCES.get(group)
    return label[lang] if label else group


def factor_label(factor: str, lang: Lang) -> str:
    """Return the name of a factor; one that is not in `FACTORS` keeps its own."""
    label = FACTORS.get(factor)
    return label[lang] if label else factor


def counted(name: str, n: int | str, lang: Lang) -> str:
    """Return a name with a number or a word in the brackets of the language."""
    return f"{name}（{n}）" if lang == "zh" else f"{name} ({n})"


def indicator_labels(results: Results, lang: Lang) -> dict[str, str]:
    """Return the name of every indicator by its id, from the table ``indicators``."""
    table = results["indicators"]
    return dict(zip(table["indicator"], table[lang], strict=True))
