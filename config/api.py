"""The doors of `/api/v1/`."""

from csp.decorators import csp_update
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.policies import public
from notifications import api as notifications
from organizations import api as organizations
from recruitment import api as recruitment

app_name = "api"


def _door(view_class):
    """An API view: no session counts, its own policy decides."""
    view = view_class.as_view()
    view.login_required = False
    return csrf_exempt(view)


class Schema(SpectacularAPIView):
    policy = staticmethod(public)


class Docs(SpectacularSwaggerSplitView):
    """Reading the schema in a browser; its script sets styles, so this one page allows that."""

    policy = staticmethod(public)


def _schema(view_class, **options):
    view = view_class.as_view(**options)
    view.login_required = False
    return view


urlpatterns = [
    path("schema/", _schema(Schema), name="schema"),
    path("docs/", csp_update({"style-src": ["'unsafe-inline'"]})(_schema(Docs, url_name="api:schema")), name="docs"),
    path("jobs/", _door(recruitment.PublishedOpenings), name="jobs"),
    path("jobs/<str:code>/", _door(recruitment.PublishedOpening), name="job"),
    path("organizations/", _door(organizations.Organizations), name="organizations"),
    path("organizations/<slug:slug>/", _door(organizations.Organization), name="organization"),
    path("o/<slug:organization>/permits/", _door(organizations.OwnPermits), name="own_permits"),
    path("o/<slug:organization>/webhooks/", _door(notifications.OwnWebhooks), name="own_webhooks"),
    path("o/<slug:organization>/webhooks/<int:pk>/", _door(notifications.OwnWebhook), name="own_webhook"),
    path(
        "o/<slug:organization>/webhooks/<int:pk>/deliveries/",
        _door(notifications.OwnWebhookDeliveries),
        name="own_webhook_deliveries",
    ),
    path(
        "o/<slug:organization>/webhooks/<int:pk>/deliveries/<int:delivery>/replay/",
        _door(notifications.OwnWebhookReplay),
        name="own_webhook_replay",
    ),
    path("o/<slug:organization>/openings/", _door(recruitment.OwnOpenings), name="own_openings"),
    path("o/<slug:organization>/imports/", _door(recruitment.OwnImports), name="own_imports"),
    path("o/<slug:organization>/imports/<int:pk>/", _door(recruitment.OwnImport), name="own_import"),
    path("o/<slug:organization>/openings/<str:code>/", _door(recruitment.OwnOpening), name="own_opening"),
    path("o/<slug:organization>/openings/<str:code>/<slug:step>/", _door(recruitment.OwnOpeningStep), name="own_opening_step"),
]
