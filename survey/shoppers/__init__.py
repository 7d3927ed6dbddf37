"""Shoppers: whether those who call and code agree, judge alike, and were dealt like work."""
