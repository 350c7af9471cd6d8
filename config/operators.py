"""The admin: for operators, after the house's own sign-in and second factor. It has no sign-in page of its own."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class OperatorSite(AdminSite):
    """Others are told that it does not exist."""

    site_title = site_header = "Terang"
    index_title = _("Operators")

    def has_permission(self, request):
        user = request.user
        return user.is_active and user.is_staff and user.is_superuser and request.actor.verified_at is not None

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if not self.has_permission(request):
                return self._elsewhere(request)
            request.session["desk"] = True
            return guarded(request, *args, **kwargs)

        return inner

    def login(self, request, extra_context=None):
        return self._elsewhere(request)

    def _elsewhere(self, request):
        from config.middleware import second_factor_url

        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not (request.user.is_staff and request.user.is_superuser):
            raise Http404
        return redirect(second_factor_url(request))
