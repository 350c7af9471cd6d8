"""Pages about organizations."""
