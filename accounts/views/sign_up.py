"""Sign-up with a phone number or an e-mail address."""

from allauth.account.views import SignupView


class SignUp(SignupView):
    """`?by=email` for staff; workers are asked for a phone number."""

    def get_form_kwargs(self):
        by = self.request.POST.get("by") or self.request.GET.get("by") or "phone"
        return {**super().get_form_kwargs(), "by": by}
