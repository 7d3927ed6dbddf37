"""Weights and design-based estimates of surveys."""
