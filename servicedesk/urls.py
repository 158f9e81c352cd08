"""Every address of the desk: each package brings its own small lists."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from servicedesk.api.root import NoSuchAddress
from servicedesk.demo.views import steer
from servicedesk.live.views import looking, since
from servicedesk.operations import health, metrics
from servicedesk.setup import views as setup

handler400 = "servicedesk.errors.odd"
handler403 = "servicedesk.errors.forbidden"
handler404 = "servicedesk.errors.not_found"
handler500 = "servicedesk.errors.failed"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="inbox"), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("setup/", setup.show, name="setup"),
    path("setup/try/<slug:verb>/", setup.try_out, name="setup-try"),
    path("setup/keep-elsewhere/", setup.keep, name="keep-elsewhere"),
    path("health/", health.screen, name="health"),
    path("live/since/", since, name="live-since"),
    path("live/looking/", looking, name="live-looking"),
    path("tour/", steer, name="tour"),
    path("", include("servicedesk.screens.urls")),
    path("", include("people.urls")),
    path("", include("tickets.urls")),
    path("", include("satisfaction.urls")),
    path("", include("approvals.urls")),
    path("", include("posting.urls")),
    path("", include("notices.urls")),
    path("api/v1/", include("servicedesk.api.urls")),
    re_path(r"^api/.*$", login_not_required(NoSuchAddress.as_view())),
    path("admin/", admin.site.urls),
]
