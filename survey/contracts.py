"""Contracts: what each column of each table of records holds, before any record is read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["id", "unit", "category", "number", "datetime", "text"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        The header, exactly.
    kind
        How its cells are read.
    zh, en
        Labels.
    required
        Whether the file must have the column and every record a value in it.
    answer
        Whether the file must have the column, while a record may leave it blank.
    allowed
        The values a category may take; none means any.
    allowed_zh
        The Chinese word for each of `allowed`, read as the same value. Same length, or empty.
    minimum, maximum
        Range of a number, both ends included.
    not_applicable
        Values that say the question does not apply, accepted beside the others.
    aliases
        Other headers that mean the same column.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    required: bool = False
    answer: bool = False
    allowed: tuple[str, ...] = ()
    allowed_zh: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    not_applicable: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.allowed_zh and len(self.allowed_zh) != len(self.allowed):
            raise ValueError(f"{self.name}: one Chinese word for each allowed value")

    @property
    def free(self) -> bool:
        """Whether people wrote the cells in their own words."""
        return self.kind == "text" or (self.kind == "category" and not self.allowed)


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column that the indicator system asks for.

    Parameters
    ----------
    name
        The header.
    kind
        ``"category"`` or ``"number"``.
    allowed
        The answers of a category; none means any.
    allowed_zh
        The Chinese word for each of `allowed`, or empty.
    minimum, maximum
        Range of a number, both ends included.
    not_applicable
        Answers that say the question does not apply, accepted beside the others.
    """

    name: str
    kind: Literal["category", "number"]
    allowed: tuple[str, ...] = ()
    allowed_zh: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    not_applicable: tuple[str, ...] = ()

    def joined(self, other: "AnswerColumn") -> "AnswerColumn":
        """Return the column that may hold what either may, for rules that share it.

        Raises
        ------
        ValueError
            Where one reads a number and the other a category.
        """
        if self.kind != other.kind:
            raise ValueError(f"{self.name!r} either as a number or as a category")
        free = not self.allowed or not other.allowed
        more = () if free else tuple(a for a in other.allowed if a not in self.allowed)
        lows, highs = (self.minimum, other.minimum), (self.maximum, other.maximum)
        return replace(
            self,
            allowed=() if free else self.allowed + more,
            minimum=None if None in lows else min(x for x in lows if x is not None),
            maximum=None if None in highs else max(x for x in highs if x is not None),
        )


@dataclass(frozen=True, slots=True)
class Contract:
    """The columns of one table of records.

    Parameters
    ----------
    table, zh, en
        Name and labels.
    key
        Columns that together tell one record from every other.
    columns
        In the order of the documentation.
    may_be_empty
        Whether a table without a record is in order.
    """

    table: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    may_be_empty: bool = False

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The headers."""
        return tuple(column.name for column in self.columns)

    def asking(self, answers: Iterable[AnswerColumn]) -> "Contract":
        """Return the contract with the columns that an indicator system asks for.

        An answer with the name of a contract's column (a rule may score ``outcome`` or
        ``wait_seconds``) makes the file hold that column and narrows what it may hold.

        Raises
        ------
        ValueError
            Where the kind of an answer is not that of the contract's column of its name.
        """
        columns = {column.name: column for column in self.columns}
        for answer in answers:
            known = columns.get(answer.name)
            columns[answer.name] = _narrowed(known, answer) if known else _asked(answer)
        return replace(self, columns=tuple(columns.values()))

    def without(self, name: str) -> "Contract":
        """Return the contract without a column that an index does not use."""
        return replace(self, columns=tuple(c for c in self.columns if c.name != name))

    def allowing(self, name: str, values: tuple[str, ...]) -> "Contract":
        """Return the contract with the values that one of its categories may take."""
        columns = tuple(
            replace(column, allowed=values, allowed_zh=()) if column.name == name else column
            for column in self.columns
        )
        return replace(self, columns=columns)


def _asked(answer: AnswerColumn) -> Column:
    return Column(
        answer.name,
        answer.kind,
        answer.name,
        answer.name,
        answer=True,
        allowed=answer.allowed,
        allowed_zh=answer.allowed_zh,
        minimum=answer.minimum,
        maximum=answer.maximum,
        not_applicable=answer.not_applicable,
    )


def _narrowed(column: Column, answer: AnswerColumn) -> Column:
    if column.kind != answer.kind:
        raise ValueError(f"{column.name} is a {column.kind}, not a {answer.kind}")
    allowed = answer.allowed or column.allowed
    words = dict(zip(column.allowed, column.allowed_zh, strict=False))
    return replace(
        column,
        answer=True,
        allowed=allowed,
        allowed_zh=answer.allowed_zh or tuple(words.get(value, value) for value in allowed),
        not_applicable=answer.not_applicable,
        minimum=column.minimum if answer.minimum is None else answer.minimum,
        maximum=column.maximum if answer.maximum is None else answer.maximum,
    )


_UNIT = Column("unit", "unit", "评估对象", "unit (a city)", required=True)
_AUDIENCE = Column(
    "audience",
    "category",
    "服务对象",
    "audience",
    required=True,
    allowed=("citizen", "enterprise"),
    allowed_zh=("群众", "企业"),
)
_STARTED = Column("started_at", "datetime", "开始时间", "start, local time")

CONTRACTS: dict[str, Contract] = {
    contract.table: contract
    for contract in (
        Contract(
            "calls",
            "拨测记录",
            "mystery calls",
            ("call_id",),
            (
                Column("call_id", "id", "拨测编号", "call", required=True),
                _UNIT,
                _AUDIENCE,
                Column(
                    "scenario",
                    "category",
                    "情景",
                    "scenario",
                    required=True,
                    allowed=("information", "complaint"),
                    allowed_zh=("信息获取", "反馈/投诉"),
                ),
                Column("slot", "category", "时段", "slot", required=True),
                Column("channel", "category", "渠道", "channel"),
                Column("shopper", "category", "拨测员", "shopper"),
                Column("recording", "id", "录音编号", "recording; shared by two codings of a call"),
                _STARTED,
                Column(
                    "outcome",
                    "category",
                    "拨测结果",
                    "outcome",
                    required=True,
                    allowed=("answered", "busy", "no_answer", "dropped", "ivr_only"),
                    allowed_zh=("接通", "占线", "无人接听", "掉线", "仅语音"),
                ),
                Column("wait_seconds", "number", "等候时长", "wait in seconds", minimum=0),
                Column("talk_seconds", "number", "通话时长", "talk in seconds", minimum=0),
            ),
        ),
        Contract(
            "responses",
            "问卷",
            "questionnaires",
            ("response_id",),
            (
                Column("response_id", "id", "问卷编号", "response", required=True),
                _UNIT,
                _AUDIENCE,
                Column("mode", "category", "调查方式", "mode"),
                Column(
                    "source",
                    "category",
                    "样本来源",
                    "source of the sample",
                    allowed=("independent", "hotline_distributed"),
                    allowed_zh=("独立抽样", "热线发放"),
                ),
                Column("weight", "number", "权重", "survey weight", minimum=0),
                _STARTED,
                Column("duration_seconds", "number", "答题时长", "duration in seconds", minimum=0),
            ),
        ),
        Contract(
            "kpis",
            "运行指标",
            "operational indicators",
            ("unit", "kpi", "period"),
            (
                _UNIT,
                Column("kpi", "category", "指标", "indicator", required=True),
                Column("numerator", "number", "分子", "numerator"),
                Column("denominator", "number", "分母", "denominator", minimum=0),
                Column("value", "number", "数值", "value"),
                Column("period", "category", "统计期", "period"),
                Column("clock_start", "category", "计时起点", "what starts the clock"),
                Column("target", "number", "目标值", "target of this unit"),
                Column("source", "text", "来源", "source"),
            ),
        ),
        Contract(
            "channel_tests",
            "渠道测试",
            "tests of other channels than the telephone",
            ("test_id",),
            (
                Column("test_id", "id", "测试编号", "test", required=True),
                _UNIT,
                _AUDIENCE,
                Column("channel", "category", "渠道", "channel", required=True),
                Column("question", "category", "测试问题", "question put"),
                Column("shopper", "category", "测试员", "shopper"),
                _STARTED,
            ),
        ),
        Contract(
            "inspections",
            "质检记录",
            "quality inspections of calls or tickets",
            ("inspection_id",),
            (
                Column("inspection_id", "id", "质检编号", "inspection", required=True),
                _UNIT,
                Column("business", "category", "业务类型", "type of business"),
                Column("inspector", "category", "质检员", "inspector"),
                Column("recording", "id", "录音编号", "recording or ticket"),
                _STARTED,
            ),
        ),
        Contract(
            "figures",
            "指标数据",
            "figures, one column an indicator",
            ("unit", "period"),
            (
                replace(_UNIT, aliases=("uCode", "iso3", "评估对象", "城市")),
                Column("period", "category", "统计期", "period", aliases=("Time", "year", "年份")),
            ),
        ),
        Contract(
            "cases",
            "创新案例",
            "innovation cases",
            ("case_id", "reviewer"),
            (
                Column("case_id", "id", "案例编号", "case", required=True),
                _UNIT,
                Column(
                    "kind",
                    "category",
                    "类别",
                    "kind",
                    required=True,
                    allowed=("content", "method"),
                    allowed_zh=("服务内容创新", "服务方式创新"),
                ),
                Column("title", "text", "标题", "title"),
                Column("text", "text", "正文", "text"),
                Column("reviewer", "category", "评审人", "reviewer"),
            ),
        ),
        Contract(
            "plan",
            "拨测计划",
            "schedule of planned calls",
            ("call_id",),
            (
                Column("call_id", "id", "拨测编号", "call that is planned", required=True),
                _UNIT,
                replace(_AUDIENCE, required=False),
                Column("scenario", "category", "情景", "scenario"),
                Column("slot", "category", "时段", "slot"),
                Column("channel", "category", "渠道", "channel"),
                Column("shopper", "category", "拨测员", "shopper"),
                Column("date", "datetime", "日期", "day of the call", required=True),
                Column(
                    "role",
                    "category",
                    "用途",
                    "what the record is for",
                    required=True,
                    allowed=("main", "double", "back_check"),
                    allowed_zh=("主拨", "双录", "复核"),
                ),
                Column("recording", "id", "录音编号", "recording that is coded; shared by codings"),
            ),
        ),
        Contract(
            "corrections",
            "更正台账",
            "ledger of corrections",
            ("record_id", "item", "at"),
            (
                Column("record_id", "id", "记录编号", "record", required=True),
                Column("item", "category", "题项", "item", required=True),
                Column("old", "text", "原值", "old value"),
                Column("new", "text", "新值", "new value"),
                Column("reason", "text", "理由", "reason", required=True),
                Column("by", "text", "更正人", "by whom", required=True),
                Column("at", "datetime", "更正时间", "when, local time", required=True),
            ),
            may_be_empty=True,
        ),
    )
}
"""The contract of each table of records, by the name of the table."""
