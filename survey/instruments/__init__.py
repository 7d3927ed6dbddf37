"""Instruments: callers' sheets, questionnaires and rubrics, and what they are exported to."""
