"""Analysis: uncertainty, ranks, grades, comparisons, audit of published figures."""
