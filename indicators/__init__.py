"""Indicators: the hierarchy, rules from answers to points, aggregation, scores with lineage."""
