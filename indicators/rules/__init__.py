"""Rules: how an answer or a figure becomes points on a scale from 0 (worst) to 10 (best).

Every rule is a frozen model with two methods: the columns it reads with the answers it accepts
(`answers`), and the points it gives (`points`, one value a record, NaN where missing). Rules in
`answers` and `composed` look at one record at a time; those in `normalise` place a unit's figure
among those of the others.
"""

from indicators.rules.answers import (
    BEST,
    BinaryRule,
    ConsistencyRule,
    CountRule,
    LikertRule,
    MapRule,
    PiecewiseRule,
    Points,
    ThresholdRule,
)
from indicators.rules.composed import (
    RULES,
    AnyRule,
    FormulaRule,
    SheetRule,
    WhenRule,
)
from indicators.rules.conditions import Condition, meets
from indicators.rules.normalise import NORMALISERS, Normaliser

__all__ = [
    "BEST",
    "NORMALISERS",
    "RULES",
    "AnyRule",
    "BinaryRule",
    "Condition",
    "ConsistencyRule",
    "CountRule",
    "FormulaRule",
    "LikertRule",
    "MapRule",
    "Normaliser",
    "PiecewiseRule",
    "Points",
    "SheetRule",
    "ThresholdRule",
    "WhenRule",
    "meets",
]
