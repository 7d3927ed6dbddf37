"""Figures: indicators that come as one number a unit; from raw numbers to points."""
