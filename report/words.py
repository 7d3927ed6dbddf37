"""Phrases on figures in Chinese and English."""

from collections.abc import Mapping

Label = Mapping[str, str]


def labelled(**pairs: tuple[str, str]) -> dict[str, Label]:
    """Return each pair of a Chinese and an English text under ``zh`` and ``en``."""
    return {key: {"zh": zh, "en": en} for key, (zh, en) in pairs.items()}


WORDS = labelled(
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
    median=("中位数", "Median"),
    total_score=("总分（满分 10 分）", "Total (out of 10)"),
    score_of=("“{name}”得分（满分 10 分）", "{name} (score out of 10)"),
    look_clear=("差距明显", "Clear gap"),
    look_slight=("差距略小", "Slight gap"),
    look_none=("没有可检出的差别", "No detectable difference"),
    gap_axis=(
        "{first}均值减{second}均值（分；大于 0 表示{first}评分较高）",
        "{first} minus {second} (points; above 0: {first} higher)",
    ),
    gaps_note=(
        "横线及方括号内为 {level} 区间；缩进表示下级指标",
        "Bars and brackets are {level} intervals; indented names are indicators below",
    ),
    strip_note=(
        "每格一个城市，按名次排列；填充高度为所评等级成立的概率，满格为 100%",
        "One cell a city, in order of rank; filled as high as its grade is probable, full for 100%",
    ),
    borderline_city=("临界城市", "Borderline city"),
    borderline_n=("临界城市数", "Borderline"),
    ridges_note=(
        "曲线为核密度估计，曲线下短线为各城市，竖线为中位数；不足 {n} 个城市的组不画曲线",
        "Curves are kernel densities, ticks cities, strokes medians; no curve below {n} cities",
    ),
    heatmap_note=(
        "每行一个城市，按名次自上而下排列；白色为无得分",
        "One row a city, in order of rank from the top; white where there is no score",
    ),
    wait_median=("等候时长中位数（秒）", "Median wait (seconds)"),
    slot_cells_note=(
        "颜色越深数值越大；每格 {n} 次拨测；等候时长只计接通的来电",
        "The deeper, the larger; {n} calls a cell; waits of answered calls only",
    ),
    still_waiting=("仍在等候的来电（%）", "Calls still waiting (%)"),
    seconds_waited=("已等候时长（秒）", "Seconds waited"),
    at_risk=("仍在等候的来电数", "Calls still waiting"),
    survival_note=(
        "Kaplan—Meier 估计，阴影为 {level} 区间；虚线为半数来电已接通",
        "Kaplan-Meier estimates, bands are {level} intervals; half are answered at the broken line",
    ),
    survival_left=("；未画：{names}", "; not drawn: {names}"),
    connection_odds=(
        "优势比（对数刻度；大于 1 表示更易接通）",
        "Odds ratio (log scale; above 1: likelier to be answered)",
    ),
    connection_note=(
        "横线为 {level} 区间；括号内为拨测次数",
        "Bars are {level} intervals; numbers of calls in brackets",
    ),
    funnel_note=(
        "标出名称的城市在校正多重比较后仍明显偏离同类均值",
        "Named cities stand out from their peers after correction for multiple comparisons",
    ),
    funnel_quiet=(
        "校正多重比较后，没有城市明显偏离同类均值",
        "After correction for multiple comparisons no city stands out from its peers",
    ),
    se_axis=("标准误（分）", "Standard error (points)"),
    n_axis=(
        "拨测次数（同一次数的城市左右错开）",
        "Calls (cities with the same number are spread out)",
    ),
    limit_95=("95% 界限", "95% limits"),
    limit_998=("99.8% 界限", "99.8% limits"),
    band_better=("高于 95% 界限", "above 95%"),
    band_worse=("低于 95% 界限", "below 95%"),
    driver_share=("在可解释差异中的占比（%）", "Share of what is explained (%)"),
    drivers_note=(
        "“{outcome}”差异的 {r2} 可由这些指标解释；横线及方括号内为 {level} 区间；相关不等于因果",
        "They explain {r2} of the variation in {outcome}; {level} intervals; not cause",
    ),
    look_sign_sure=("作用方向明确", "Direction is sure"),
    look_sign_unsure=("作用方向不能确定", "Direction cannot be told"),
    priorities_note=(
        "线段为 {level} 区间；虚线为各指标的平均得分和平均占比",
        "Strokes are {level} intervals; broken lines are the mean score and the mean share",
    ),
    stability_note=(
        "竖线为其他合理权重与方法下名次变动的 {level} 区间，黑点为中位数；标出区间最宽的城市",
        "Strokes: {level} intervals of ranks under other methods; dots: medians; widest are named",
    ),
    places_moved=("名次变动（位；大于 0 为上升）", "Places moved (above 0: up)"),
    first_order=("单独作用", "By itself"),
    total_order=("含交互的全部作用", "With all interactions"),
    all_weights=("全部权重", "all weights together"),
    sobol_axis=("在名次变动差异中的占比（%）", "Share of the variance of rank shifts (%)"),
    sensitivity_note=(
        "横线为 {level} 区间；右侧数字为单独作用与全部作用（%）",
        "Bars are {level} intervals; figures: by itself / with interactions (%)",
    ),
    variance_share=("在名次方差中的占比（%）", "Share of the variance of ranks (%)"),
    rank_sd=("标准差", "SD"),
    sources_note=(
        "占比为各名次段城市的平均值；右侧为名次标准差的中位数（位）",
        "Shares are means over the cities of a band of ranks; right: median SD of ranks, in places",
    ),
    scheme_kept=("换一批记录\n仍属原等级", "Keep their\ngrade"),
    scheme_borderline=("临界城市", "Borderline\ncities"),
    scheme_pairs=("分属不同等级\n的城市对", "Pairs in\ndifferent grades"),
    scheme_same=("与本届等级\n相同", "Same grade as\nthis edition"),
    schemes_note=(
        "括号内为等级数；菱形为本届办法；“—”表示等级名称不同，无从比较",
        "Numbers of grades in brackets; diamond: this edition's; dash: not comparable",
    ),
    changes_note=(
        "横线及方括号内为 {level} 区间；缩进表示下级指标",
        "Bars and brackets are {level} intervals; indented names are indicators below",
    ),
    redefined_note=("；* 指标定义或权重有变", "; * redefined"),
    change_axis=("与上一届相比的变化（分）", "Change from the edition before (points)"),
    look_changed=("明显变化", "Clear change"),
    look_unchanged=("没有可检出的变化", "No detectable change"),
    movers_note=(
        "右图为名次明显升降的城市（每个方向至多 {n} 个），横线为 {level} 区间",
        "Right: cities that clearly moved, at most {n} each way; bars are {level} intervals",
    ),
    no_movers=(
        "没有城市的名次变动超出抽样误差",
        "No city moved by more than sampling error explains",
    ),
    rank_before=("上一届名次", "Rank before"),
    rank_after=("本届名次", "Rank now"),
    before_after=("上届 → 本届", "Before → now"),
    texts_share=("涉及该主题的文本占比（%）", "Texts that touch the topic (%)"),
    topics_note=("一份文本可涉及多个主题", "A text may touch several topics"),
    map_sketch=("示意图", "Sketch, not an official map"),
    map_source=("底图来源：{source}", "Boundaries: {source}"),
    map_approval=("审图号：{number}", "Map approval number: {number}"),
    map_inset=("南海诸岛", "South China\nSea islands"),
)
