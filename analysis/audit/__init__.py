"""The audit of an index: is it statistically sound enough to be published."""
