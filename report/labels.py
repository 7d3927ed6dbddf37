"""Names on figures and tables in Chinese and English."""

from collections.abc import Iterable

from report.language import Lang
from report.results import Results
from report.words import WORDS, labelled

AUDIENCES = labelled(
    all=("总体", "All"), citizen=("群众", "Citizens"), enterprise=("企业", "Enterprises")
)
"""In the order in which they are shown."""

FACTORS = labelled(
    region=("区域", "Region"),
    level=("行政层级", "Administrative level"),
    coastal=("沿海与内陆", "Coast and inland"),
    commended=("是否受表扬", "Commendation"),
    province=("省份", "Province"),
    tier=("城市分级", "Tier"),
    slot=("时段", "Time slot"),
    audience=("服务对象", "Audience"),
    scenario=("来电情景", "Scenario"),
    channel=("渠道", "Channel"),
    kind=("案例类别", "Kind of case"),
    all=("全部", "All"),
)

GROUPS = labelled(
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
    一线=("一线", "First tier"),
    新一线=("新一线", "New first tier"),
    二线=("二线", "Second tier"),
    三线=("三线", "Third tier"),
    四线=("四线", "Fourth tier"),
    五线=("五线", "Fifth tier"),
)

MEMBERS = labelled(
    直辖市=("直辖市", "municipalities"), 副省级市=("副省级市", "sub-provincial cities"),
    省会市=("省会市", "provincial capitals"), 地级市=("地级市", "prefecture-level cities"),
    自治州=("自治州", "autonomous prefectures"), 地区=("地区", "prefectures"), 盟=("盟", "leagues"),
    华北=("华北", "the North"), 东北=("东北", "the Northeast"), 华东=("华东", "the East"),
    华中=("华中", "the Centre"), 华南=("华南", "the South"), 西南=("西南", "the Southwest"),
    西北=("西北", "the Northwest"), 沿海=("沿海城市", "coastal cities"),
    内陆=("内陆城市", "inland cities"), 受表扬=("受表扬城市", "commended cities"),
    未受表扬=("未受表扬城市", "cities not commended"), 一线=("一线城市", "first-tier cities"),
    新一线=("新一线城市", "new first-tier cities"), 二线=("二线城市", "second-tier cities"),
    三线=("三线城市", "third-tier cities"), 四线=("四线城市", "fourth-tier cities"),
    五线=("五线城市", "fifth-tier cities"),
)  # fmt: skip
"""What the units of a group are called inside a sentence."""

VALUES = {
    "scenario": labelled(
        information=("咨询", "Information"), feedback=("反馈建议", "Feedback"),
        complaint=("投诉", "Complaint"), report=("举报", "Report of a wrong"),
    ),
    "channel": labelled(
        phone=("电话", "Telephone"), web=("网站", "Website"), app=("手机应用", "App"),
        wechat=("微信", "WeChat"),
    ),
    "kind": labelled(
        content=("服务内容创新", "New content"), method=("服务方式创新", "New methods")
    ),
    "audience": AUDIENCES,
    "all": {"all": AUDIENCES["all"]},
}  # fmt: skip
"""Names of the values of factors of records, by factor."""

SCHEMES = labelled(
    edition=("本届办法", "This edition's"),
    equal_shares=("各等级数量相等", "As many in each grade"),
    equal_steps=("满分等分", "Equal steps of the scale"),
    deviations=("均值上下标准差", "Standard deviations"),
    natural_breaks=("自然断点", "Natural breaks"),
    kmeans=("K 均值聚类", "K-means"),
    supported=("数据可支持的等级", "Grades the data support"),
)
"""Ways to cut scores into grades (`analysis.grades.stability`)."""

SOURCES = labelled(
    sampling=("抽样", "Sampling"), shopper=("拨测员", "Callers"), method=("方法", "Method")
)
"""Where the uncertainty of a rank comes from (`analysis.uncertainty.sources`)."""

PROVINCES = labelled(
    北京=("北京", "Beijing"), 天津=("天津", "Tianjin"), 河北=("河北", "Hebei"),
    山西=("山西", "Shanxi"), 内蒙古=("内蒙古", "Inner Mongolia"), 辽宁=("辽宁", "Liaoning"),
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


def value_label(results: Results, factor: str, value: str, lang: Lang) -> str:
    """Return the name of a value of a factor of units or records.

    Time slots are named as the edition names them; a value that is not known keeps its own name.
    """
    if factor == "slot":
        return str(results.meta["slots"].get(value, value))
    label = VALUES.get(factor, {}).get(value)
    return label[lang] if label else group_label(value, lang)


def side_by_side(names: Iterable[str], lang: Lang) -> str:
    """Return names with the mark of the language between them."""
    return ("、" if lang == "zh" else ", ").join(names)


def counted(name: str, n: int | str, lang: Lang) -> str:
    """Return a name with a number or a word in the brackets of the language."""
    return f"{name}（{n}）" if lang == "zh" else f"{name} ({n})"


def indicator_labels(results: Results, lang: Lang) -> dict[str, str]:
    """Return the name of every indicator by its id, from the table ``indicators``."""
    table = results["indicators"]
    return dict(zip(table["indicator"], table[lang], strict=True))
