"""Keys of the organization's own systems."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.views import ActionPage
from organizations.forms.membership import KeyForm
from organizations.forms.registration import ConfirmForm
from organizations.policies import membership as policies
from organizations.selectors import membership as selectors
from organizations.selectors.registration import own_organization
from organizations.services import api_key as services

SHOW_ONCE = "new_api_key"


class ApiKeys(ActionPage):
    """The list, and the form for a new key. The new key is shown on the next page and nowhere after."""

    policy = policies.can_make_keys
    form_class = KeyForm
    template_name = "organizations/api_keys.html"

    @staticmethod
    def service(*, name, organization, actor, now):
        return services.create_api_key(organization=organization, name=name, actor=actor, now=now)

    def get_form(self, thing, data=None, files=None):
        return KeyForm(data)

    def act(self, thing, form):
        form.cleaned_data["organization"] = own_organization(self.actor)
        return super().act(thing, form)

    def success_url(self, thing, result):
        row, key = result
        self.request.session[SHOW_ONCE] = {"id": row.pk, "key": key}
        return self.request.path

    def context(self, **context):
        keys = [
            {"key": key, "may_revoke": key.revoked_at is None and bool(policies.can_revoke_key(self.actor, key))}
            for key in selectors.api_keys_visible_to(self.actor)
        ]
        new = self.request.session.pop(SHOW_ONCE, None) if self.request.method == "GET" else None
        shown = new["key"] if new and any(entry["key"].pk == new["id"] for entry in keys) else ""
        return {**context, "organization": self.actor.organization, "keys": keys, "new_key": shown}


class RevokeApiKey(ActionPage):
    selector = selectors.api_keys_visible_to
    policy = policies.can_revoke_key
    form_class = ConfirmForm
    service = services.revoke_api_key
    template_name = "organizations/api_key_revoke.html"
    thing_name = "api_key"
    success_message = gettext_lazy("The key is revoked. Programs that use it are refused from now on.")

    def success_url(self, thing, result):
        return reverse("organizations:api_keys", args=[self.actor.organization.slug])

    def context(self, **context):
        return {**context, "back_url": self.success_url(None, None)}
