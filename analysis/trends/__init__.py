"""Trends: what changed between editions, and how much of it is real."""
