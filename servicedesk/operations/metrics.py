"""`/metrics` in Prometheus' text form (version 0.0.4): what an alarm needs, no names and no words.

For scrapers with the token.
"""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse

from people.requests import DeskRequest
from servicedesk.operations import monitoring


@login_not_required
def metrics(request: DeskRequest) -> HttpResponse:
    """404 unless `DESK_METRICS_TOKEN` is set and the request brings it as a bearer token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(
        given.encode(), settings.METRICS_TOKEN.encode()
    ):
        raise Http404
    return HttpResponse(
        "\n".join(lines()) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def lines() -> Iterator[str]:
    """One gauge after the other."""
    for name, help_text, value in monitoring.gauges():
        yield f"# HELP paraph_{name} {help_text}"
        yield f"# TYPE paraph_{name} gauge"
        yield f"paraph_{name} {value:g}"
