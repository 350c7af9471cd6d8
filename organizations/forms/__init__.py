"""Clean input about organizations."""
