"""Sentences that take their figures from the results; none is typed into a chapter."""
