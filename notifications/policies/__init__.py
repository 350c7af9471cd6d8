"""Decisions without a query: when somebody may be disturbed, which way a notice takes."""
