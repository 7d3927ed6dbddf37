"""Checks: what valid records say about the work that made them; warnings and notes, no errors."""

from survey.checks.coding import SCALE_ITEMS
from survey.checks.inspection import CHECKS, Checked, check_records, inspect_records
from survey.checks.plan import CheckPlan
from survey.checks.settings import CheckSettings, Contradiction
from survey.checks.times import LONGEST_TALK, LONGEST_WAIT

__all__ = [
    "CHECKS",
    "LONGEST_TALK",
    "LONGEST_WAIT",
    "SCALE_ITEMS",
    "CheckPlan",
    "CheckSettings",
    "Checked",
    "Contradiction",
    "check_records",
    "inspect_records",
]
