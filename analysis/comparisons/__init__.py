"""Comparisons: between groups, audiences, slots, channels and units."""
