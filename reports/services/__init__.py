"""Asking for reports, making them, handing out their files, and schedules."""
