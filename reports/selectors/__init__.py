"""Doorways to what is shown across apps."""
