"""Pages and doors, by noun."""
