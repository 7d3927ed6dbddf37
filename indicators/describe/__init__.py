"""Indicator systems in words: what one holds, what is doubtful in it, and what sets two apart."""

from indicators.describe.check import check_system
from indicators.describe.check_data import check_data, check_measured
from indicators.describe.diff import Comparable, comparable_part, compare_systems
from indicators.describe.outline import effective_weights, outline
from indicators.describe.words import item_words, rule_lines, rule_words

__all__ = [
    "Comparable",
    "check_data",
    "check_measured",
    "check_system",
    "comparable_part",
    "compare_systems",
    "effective_weights",
    "item_words",
    "outline",
    "rule_lines",
    "rule_words",
]
