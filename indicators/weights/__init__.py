"""Weights: where the weights of siblings come from, and what each method says of them."""
