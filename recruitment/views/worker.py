"""A worker's own identity, on their own desk."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.views import ActionPage
from recruitment.forms.worker import IdentityForm
from recruitment.policies.worker import can_see_identity
from recruitment.selectors.names import reference
from recruitment.selectors.worker import worker_of
from recruitment.services.worker import read_identity, save_identity


class Identity(ActionPage):
    """Shown to the person alone, never kept by the browser."""

    form_class = IdentityForm
    policy = can_see_identity
    service = save_identity
    template_name = "recruitment/me/identity.html"
    success_message = _("Saved and sealed.")

    def get_form(self, thing, data=None, files=None):
        worker = worker_of(self.actor)
        initial = {**read_identity(worker), "country": worker.country if worker else ""}
        countries = [(code, country.name) for code, country in reference().countries.items()]
        return IdentityForm(data, initial=initial, countries=countries)

    def success_url(self, thing, result):
        return reverse("me")

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response
