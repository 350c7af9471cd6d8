"""Another phone number."""

from allauth.account.views import ChangePhoneView
from django.conf import settings
from django.http import Http404

from accounts.services.phone import masked
from core.policies import signed_in


class ChangePhone(ChangePhoneView):
    """The present number is masked: whoever finds an open session need not learn it."""

    policy = signed_in

    def dispatch(self, request, *args, **kwargs):
        if not settings.PHONE_SIGN_IN:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "masked": masked(context["phone"]) if context["phone"] else ""}
