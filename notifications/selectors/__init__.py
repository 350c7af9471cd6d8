"""Doorways to rows, by noun."""
