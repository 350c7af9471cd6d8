"""Doors of this app."""

urlpatterns: list = []
