"""Drivers: what moves satisfaction, and what a city should improve first."""
