"""The ledger of corrections: what was changed in the records, by whom and why."""

from survey.ledger.apply import CorrectedRecords, apply_corrections, uncorrected

__all__ = ["CorrectedRecords", "apply_corrections", "uncorrected"]
