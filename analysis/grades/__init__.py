"""Grades: schemes that turn scores into classes, and how sure a grade is."""
