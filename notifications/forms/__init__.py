"""Clean input, by noun."""
