"""A bare Django view of 30 kB, served as the desk is: the unit of every page's ratio.

No session, no database, no template, no middleware. For `uvicorn bench.bare_view:application`.
"""

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

LINE = "<p>bare</p>\n"
SIZE = 30_000  # bytes


def page(_request: HttpRequest) -> HttpResponse:
    """Return 30 kB of text."""
    return HttpResponse(LINE * (SIZE // len(LINE)))


urlpatterns = [path("", page)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="a bench")
application = WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]
