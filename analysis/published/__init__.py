"""Figures published elsewhere: read, audited against each other, and their claims tested."""
