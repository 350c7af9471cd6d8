"""Tags and filters of every page: `{% load terang %}`. How to use them: docs/design.md.

Split by noun: `amounts` (money, months, dates), `signs` (icons, chips, sprite), `pictures` (SVG), `boxes`
(block tags), `controls` (form fields, errors), `kinds` (values of reports), `places` (language menu).
"""

from . import amounts, boxes, charts, controls, kinds, pictures, places, signs
from ._library import register

__all__ = ["amounts", "boxes", "charts", "controls", "kinds", "pictures", "places", "register", "signs"]
