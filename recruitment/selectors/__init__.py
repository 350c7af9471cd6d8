"""Doorways to job orders, and what the public pages read."""
