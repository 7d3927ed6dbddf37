"""Uncertainty: of sampling, of shoppers, of method, and all at once."""
