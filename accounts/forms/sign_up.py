"""One way to be reached is enough: a phone number, or an e-mail address."""

from allauth.account.forms import SignupForm as AllauthSignupForm

WAYS = ("phone", "email")


class SignupForm(AllauthSignupForm):
    """Asks for one of the two; `by=email` in the address or the form chooses."""

    def __init__(self, *args, by: str = "phone", **kwargs):
        self.by = by if by in WAYS else "phone"
        super().__init__(*args, **kwargs)

    def _get_signup_fields(self, kwargs) -> dict:
        return {self.by: {"required": True}}
