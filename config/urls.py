"""Every door of the house. Public pages carry the language first; the promises are in docs/doors.md."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from config import views
from notifications.views.callback import callback
from notifications.views.messenger import messenger_callback
from notifications.views.push import push_worker
from organizations.views import me
from recruitment.views import public_feeds, public_posting
from reports.views.verify import verify_short

urlpatterns = [
    path("", views.root, name="root"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("j/<str:code>", public_posting.posting_short, name="posting_short"),
    path("c/<str:code>", verify_short, name="verify_short"),
    path("sitemap.xml", public_feeds.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", public_feeds.sitemap_part, name="sitemap_part"),
    path("push-worker.js", push_worker, name="push_worker"),
    path("hooks/<slug:channel>/", messenger_callback, name="messenger_callback"),
    path("hooks/<slug:channel>/<slug:provider>/", callback, name="callback"),
    path("api/v1/", include("config.api")),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("", include("config.pages")),
        path("accounts/", include("accounts.urls")),
        path("accounts/delete/", me.DeleteAccount.as_view(), name="account_delete"),
        path("me/", me.Me.as_view(), name="me"),
        path("", include("notifications.urls")),
        path("", include("organizations.urls")),
        path("", include("recruitment.urls")),
        path("", include("reports.urls")),
    ),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"
handler500 = "config.errors.server_error"
