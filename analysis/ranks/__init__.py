"""Ranks, what they are worth, and scores adjusted for their reliability."""
