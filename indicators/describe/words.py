"""Rules, averages and weights told in words, in Chinese and English."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from indicators.averages import Average, OrderedAverage, PowerMean
from indicators.nodes import Item, Table
from indicators.rules import (
    AnyRule,
    BinaryRule,
    Condition,
    ConsistencyRule,
    CountRule,
    FormulaRule,
    LikertRule,
    MapRule,
    PiecewiseRule,
    SheetRule,
    ThresholdRule,
    WhenRule,
)
from indicators.rules.normalise import (
    GoalpostsRule,
    MaximumRule,
    MinMaxRule,
    Placement,
    RankRule,
    ReferenceRule,
    TargetRule,
    ZScoreRule,
)
from indicators.system import System
from indicators.weights.methods import AnyWeights, method_name
from survey.contracts import CONTRACTS

Lang = Literal["zh", "en"]
Values = Mapping[str, Mapping[str, str]]
"""Column to the Chinese word of each of its values."""

_UNITS_ZH = {
    "s": "秒", "min": "分钟", "h": "小时", "hours": "小时", "d": "天", "days": "天",
    "working days": "个工作日", "calls": "通", "cases": "件", "fields": "项", "incidents": "起",
}  # fmt: skip
_STATISTICS = {
    "lambda_max": ("最大特征值", "largest eigenvalue"),
    "consistency_ratio": ("一致性比例", "consistency ratio"),
    "experts": ("专家数", "experts"),
    "agreement": ("一致程度", "agreement"),
    "root_mean_square_error": ("均方根误差", "root mean square error"),
    "worst_miss": ("最大偏差", "worst miss"),
}
_AVERAGES = {
    "arithmetic": ("算术平均", "arithmetic mean"),
    "geometric": ("几何平均", "geometric mean"),
    "harmonic": ("调和平均", "harmonic mean"),
    "minimum": ("取最低", "minimum"),
    "median": ("中位数", "median"),
}
_METHODS = {
    "given": ("给定权重", "weights given"),
    "equal": ("等权", "equal weights"),
    "ahp": ("层次分析法", "analytic hierarchy process"),
    "entropy": ("熵权法", "entropy weights"),
    "critic": ("CRITIC 法", "CRITIC weights"),
    "pca": ("主成分法", "weights from principal components"),
    "implied": ("由公布得分反推", "implied by published scores"),
    "budget": ("专家分配法", "budget allocation"),
}
_MISSING = {
    "rescale": ("缺项不计，其余权重按比例放大", "the other weights are scaled up"),
    "worst": ("缺项计 0 分", "counts 0 points"),
    "no_score": ("有缺项即无得分", "no score"),
}
_RANKED = {
    "rank": ("按名次计分，末位 10/n，首位 10", "by rank, 10/n for the last to 10 for the first"),
    "percentile": ("按严格胜过的单位比例计分", "by the share of units that are strictly worse"),
    "borda": ("按胜过的单位比例计分，并列计一半", "by the share of other units beaten, ties half"),
}  # fmt: skip


@dataclass(frozen=True)
class _Told:
    """A phrase, and the phrases of the rules within it."""

    head: str
    parts: tuple["_Told", ...] = ()


def rule_words(rule: AnyRule, lang: Lang = "en", values: Values | None = None) -> str:
    """Tell a rule in one phrase.

    Parameters
    ----------
    rule
        Any rule; rules within it are told in brackets.
    lang
        ``zh`` or ``en``.
    values
        Chinese words of the values that conditions name, see `value_words`.
    """
    return _joined(_told(rule, lang, values or {}), lang)


def rule_lines(rule: AnyRule, lang: Lang = "en", values: Values | None = None) -> tuple[str, ...]:
    """Tell a rule in lines, those of the rules within it indented by two blanks a step."""
    return tuple(_lines(_told(rule, lang, values or {}), 0, "：" if lang == "zh" else ":"))


def item_words(item: Item, system: System, lang: Lang = "en") -> str:
    """Tell in one phrase all that decides on the points of an item: its rule and whom it asks."""
    told = rule_words(item.rule, lang, value_words(system, item.table))
    return ("；" if lang == "zh" else "; ").join([told, *item_notes(item, system, lang)])


def item_notes(item: Item, system: System, lang: Lang = "en") -> tuple[str, ...]:
    """Tell what an item says beside its rule: whom it asks, what overrides it, its treatment."""
    return tuple(_notes(item, lang, value_words(system, item.table)))


def value_words(system: System, table: Table) -> Values:
    """Return the Chinese words of the values of a table's columns, as far as they are declared."""
    known: dict[str, Mapping[str, str]] = {
        column.name: dict(zip(column.allowed, column.allowed_zh, strict=True))
        for column in CONTRACTS[table].columns
        if column.allowed_zh
    }
    declared = {name: each.values for name, each in system.columns.get(table, {}).items()}
    audiences = {name: audience.zh for name, audience in system.audiences.items()}
    return known | {"audience": audiences} | declared


def condition_words(where: Condition, lang: Lang = "en", values: Values | None = None) -> str:
    """Tell which records a condition is about."""
    zh = lang == "zh"
    told = []
    for column, allowed in where.items():
        words = (values or {}).get(column, {}) if zh else {}
        named = [words.get(value, value) for value in allowed]
        listed = ("、" if zh else ", ").join(named[:-1])
        last = (" 或 " if zh else " or ") * bool(listed) + named[-1] if named else ""
        told.append(f"{column}{' 为 ' if zh else ' = '}{listed}{last}")
    return ("，且 " if zh else " and ").join(told)


def average_words(method: Average, lang: Lang = "en") -> str:
    """Name an average, with its exponent or its ordered weights."""
    zh = lang == "zh"
    if isinstance(method, PowerMean):
        return f"幂平均，指数 {method.power:g}" if zh else f"power mean, exponent {method.power:g}"
    if isinstance(method, OrderedAverage):
        weights = ", ".join(f"{each:g}" for each in method.owa)
        return (
            f"有序加权平均，由高到低 {weights}" if zh else f"ordered weights, best first {weights}"
        )
    return _AVERAGES[str(method)][0 if zh else 1]


def method_words(method: AnyWeights, names: Sequence[str] = (), lang: Lang = "en") -> str:
    """Name a method of weights, with its own figures on the set where it states any."""
    words = _METHODS[method_name(method)][0 if lang == "zh" else 1]
    if isinstance(method, str):
        return words
    statistics = method.weigh(names or method.names).statistics
    zh = lang == "zh"
    told = ("，" if zh else ", ").join(
        f"{_STATISTICS[name][0 if zh else 1]} {value:.3g}" for name, value in statistics.items()
    )
    return f"{words}（{told}）" if zh else f"{words} ({told})"


def missing_words(policy: str, lang: Lang = "en") -> str:
    """Tell what a part without a score does."""
    return _MISSING[policy][0 if lang == "zh" else 1]


def _notes(item: Item, lang: Lang, values: Values) -> Iterator[str]:
    zh = lang == "zh"
    if item.where:
        yield ("只问 " if zh else "only where ") + condition_words(item.where, lang, values)
    for each in item.override:
        where = condition_words(each.where, lang, values)
        yield (
            f"{where} 时一律 {_points(each.points, lang)}"
            if zh
            else (f"always {_points(each.points, lang)} where {where}")
        )
    if item.not_applicable:
        listed = ("、" if zh else ", ").join(item.not_applicable)
        yield f"答 {listed} 为不适用" if zh else f"{listed}: does not apply"
    if item.denominator:
        yield f"除以 {item.denominator}" if zh else f"divided by {item.denominator}"
    if item.treat is not None:
        named = item.treat if isinstance(item.treat, str) else _settings(item.treat)
        yield f"异常值处理 {named}" if zh else f"outliers: {named}"


def _settings(model: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in model.model_dump().items())


def _joined(told: _Told, lang: Lang) -> str:
    if not told.parts:
        return told.head
    inner = ("；" if lang == "zh" else "; ").join(_joined(part, lang) for part in told.parts)
    return f"{told.head}（{inner}）" if lang == "zh" else f"{told.head} ({inner})"


def _lines(told: _Told, depth: int, colon: str) -> Iterator[str]:
    yield "  " * depth + told.head + colon * bool(told.parts)
    for part in told.parts:
        yield from _lines(part, depth + 1, colon)


def _told(rule: AnyRule, lang: Lang, values: Values) -> _Told:
    if isinstance(rule, WhenRule):
        return _when(rule, lang, values)
    if isinstance(rule, SheetRule):
        return _sheet(rule, lang, values)
    if isinstance(rule, FormulaRule):
        if rule.then is None:
            return _Told(f"{rule.formula} {'即得分' if lang == 'zh' else 'taken as points'}")
        return _Told(rule.formula, (_told(rule.then, lang, values),))
    return _Told(_placed(rule, lang) if isinstance(rule, Placement) else _answered(rule, lang))


def _when(rule: WhenRule, lang: Lang, values: Values) -> _Told:
    zh = lang == "zh"
    parts = []
    for sheet in rule.when:
        where = condition_words(sheet.where, lang, values) or ("其余" if zh else "otherwise")
        where += f" [{sheet.column}]" if sheet.column else ""
        inner = _told(sheet.rule, lang, values)
        parts.append(_Told(f"{where}{'：' if zh else ': '}{inner.head}", inner.parts))
    return _Told("依次取首个符合的规则" if zh else "the first that fits", tuple(parts))


def _sheet(rule: SheetRule, lang: Lang, values: Values) -> _Told:
    zh = lang == "zh"
    total = sum(question.weight for question in rule.sheet)
    parts = []
    for question in rule.sheet:
        inner = _told(question.rule, lang, values)
        named = (question.zh if zh else question.en) or question.column
        label = named if named == question.column else f"{named} [{question.column}]"
        share = f"{100 * question.weight / total:.3g}%"
        parts.append(_Told(f"{label} {share}{'：' if zh else ': '}{inner.head}", inner.parts))
    for condition in rule.fatal:
        where = condition_words(condition, lang, values)
        parts.append(
            _Told(f"{where}：整单 0 分" if zh else f"{where}: 0 for the whole sheet")
        )  # fmt: skip
    size = len(rule.sheet)
    head = f"{size} 题加权平均" if zh else f"weighted mean of {size} question{'s' * (size > 1)}"
    return _Told(head, tuple(parts))


def _answered(rule: AnyRule, lang: Lang) -> str:
    zh = lang == "zh"

    def listed(pairs: "Sequence[tuple[str, float]]") -> str:
        told = [f"{answer} → {_points(points, lang)}" for answer, points in pairs]
        return ("，" if zh else ", ").join(told)

    if isinstance(rule, MapRule):
        return listed(list(rule.map.items()))
    if isinstance(rule, BinaryRule):
        return listed([(rule.binary[0], 10), (rule.binary[1], 0)])
    if isinstance(rule, LikertRule):
        ends = listed([(f"{rule.likert[0]:g}", 0), (f"{rule.likert[1]:g}", 10)])
        return f"{ends}，均匀分布" if zh else f"{ends}, evenly between"
    if isinstance(rule, PiecewiseRule):
        pairs = listed([(_measured(v, rule.unit, lang), p) for v, p in rule.piecewise])
        return f"{pairs}，其间按直线" if zh else f"{pairs}, straight lines between"
    if isinstance(rule, ThresholdRule):
        sign = "≤" if rule.reach == "at_most" else "≥"
        pairs = [(f"{sign} {_measured(v, rule.unit, lang)}", p) for v, p in rule.threshold]
        return listed([*pairs, ("其余" if zh else "otherwise", rule.otherwise)])
    if isinstance(rule, CountRule):
        names = ("、" if zh else ", ").join(rule.count)
        good, bad = rule.of
        return (
            f"{names} 中答 {good}（而非 {bad}）的比例 × 10 分"
            if zh
            else f"10 × the share of {names} answered {good} (not {bad})"
        )
    assert isinstance(rule, ConsistencyRule)
    by = ("、" if zh else ", ").join(rule.consistent_by)
    told = (
        f"同一 {by} 的其他记录中答案一致的比例 × 10 分"
        if zh
        else f"10 × the share of the unit's other records of the same {by} that answer alike"
    )
    if not rule.values:
        return told
    answers = ("、" if zh else ", ").join(rule.values)
    return f"{told}（{answers}）" if zh else f"{told} ({answers})"


def _placed(rule: Placement, lang: Lang) -> str:
    zh = lang == "zh"
    worst, best = ("最差", "最好") if zh else ("worst", "best")
    sep = "，" if zh else ", "

    def pair(low: str, low_points: float, high: str, high_points: float) -> str:
        return f"{low} → {_points(low_points, lang)}{sep}{high} → {_points(high_points, lang)}"

    if isinstance(rule, MinMaxRule):
        told = pair(worst, rule.minmax[0], best, rule.minmax[1])
    elif isinstance(rule, ZScoreRule):
        mean, one = ("均值", "每好一个标准差") if zh else ("mean", "each standard deviation better")
        told = (
            f"{mean} → {_points(rule.zscore[0], lang)}{sep}{one} +{_points(rule.zscore[1], lang)}"
        )
    elif isinstance(rule, RankRule):
        told = _RANKED[rule.ranked][0 if zh else 1]
    elif isinstance(rule, TargetRule):
        own = "各自目标" if zh else "each unit's own target"
        target = own if rule.target == "own" else f"{'目标' if zh else 'target'} {rule.target:g}"
        told = pair(worst if rule.worst is None else f"{rule.worst:g}", 0, target, 10)
    elif isinstance(rule, ReferenceRule):
        known = {"mean": "均值", "median": "中位数"}
        told = pair(
            worst, 0, known.get(rule.reference, rule.reference) if zh else rule.reference, 10
        )
    elif isinstance(rule, MaximumRule):
        told = f"{best} → {_points(rule.maximum, lang)}{sep}" + (
            "其余按与最好值之比" if zh else "others in proportion to it"
        )
    else:
        assert isinstance(rule, GoalpostsRule)
        low, high = rule.goalposts if rule.direction == "higher" else rule.goalposts[::-1]
        told = pair(f"{low:g}", 0, f"{high:g}", 10)
        told += (f"{sep}取对数" if zh else f"{sep}on logarithms") * rule.log
    told += (f"{sep}越低越好" if zh else f"{sep}lower is better") * (rule.direction == "lower")
    return told + (f"{sep}各期一并比较" if zh else f"{sep}over all editions") * (rule.over == "all")


def _measured(value: float, unit: str, lang: Lang) -> str:
    if unit == "fraction":
        return f"{100 * value:g}%"
    word = _UNITS_ZH.get(unit, unit) if lang == "zh" else unit
    return f"{value:g}{'' if word in ('%', '‰') else ' '}{word}".strip()


def _points(points: float, lang: Lang) -> str:
    return f"{points:g} 分" if lang == "zh" else f"{points:g}"
