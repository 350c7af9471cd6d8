"""The one tag library; every module of this package adds to it."""

from django import template

register = template.Library()
