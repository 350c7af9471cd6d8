"""What can happen to a review, in the regulator's own log."""

from django.utils.translation import gettext_lazy as _

from core.events import Verb

OPENED = Verb("review.opened", _("{actor} sent this for review"))
HALF_APPROVED = Verb("review.half_approved", _("{actor} approved as the first of two people"))
APPROVED = Verb("review.approved", _("{actor} approved as the second of two people"))
TAKEN_BACK = Verb("review.taken_back", _("{actor} took the first approval back"))
RETURNED = Verb("review.returned", _("{actor} sent items back with reasons"))
CANCELLED = Verb("review.cancelled", _("{actor} took this back from review"))
