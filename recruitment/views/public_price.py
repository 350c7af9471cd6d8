"""Is this price normal? No account, no name, nothing stored."""

from django.shortcuts import render
from django.utils import timezone

from recruitment.forms.price import PriceForm
from recruitment.services.price import Question, check_price
from recruitment.views.public import open_to_all


@open_to_all
def price_check(request):
    """GET form; with an amount, the answer: the ceiling in force by name, and what published openings ask."""
    now = timezone.now()
    sent = any(request.GET.get(name) for name in ("amount", "item"))
    form = PriceForm(request.GET if sent else None, initial={"origin": _likely_origin(request), "item": "F1"})
    reply = check_price(Question(**form.question()), now=now) if sent and form.is_valid() else None
    context = {"form": form, "reply": reply, "now": now}
    return render(request, "recruitment/public/price.html", context)


def _likely_origin(request) -> str:
    return {"vi": "VN", "id": "ID"}.get(request.LANGUAGE_CODE[:2], "VN")
