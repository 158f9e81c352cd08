"""Every address of the desk: each package brings its own small lists."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from servicedesk.api.root import NoSuchAddress
from servicedesk.live.views import looking, since
from servicedesk.views import audit, evidence, first_steps, health, metrics, notices, parts, tour

handler400 = "servicedesk.views.errors.odd"
handler403 = "servicedesk.views.errors.forbidden"
handler404 = "servicedesk.views.errors.not_found"
handler500 = "servicedesk.views.errors.failed"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="inbox"), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("first-steps/", first_steps.show, name="first-steps"),
    path("health/", health.screen, name="health"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("live/since/", since, name="live-since"),
    path("live/looking/", looking, name="live-looking"),
    path("notices/", notices.listing, name="notices"),
    path("notices/new/", notices.newest, name="notices-new"),
    path("notices/choices/", notices.choices, name="notice-choices"),
    path("parts/", parts.parts, name="parts"),
    path("tour/", tour.steer, name="tour"),
    path("audit/", audit.audit, name="audit"),
    path("", include("people.urls")),
    path("", include("tickets.urls")),
    path("", include("approvals.urls")),
    path("", include("posting.urls")),
    path("api/v1/", include("servicedesk.api.urls")),
    re_path(r"^api/.*$", login_not_required(NoSuchAddress.as_view())),
    path("admin/", admin.site.urls),
]
