"""Texts: what people write in their own words, counted by words and by topics."""
