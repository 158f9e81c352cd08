"""django-helpdesk as a site of its own, run by the environment that `bench.peer` makes for it.

Nothing of ours is imported here. The database is the one that libpq's variables name.
`python -m bench.peer_site TICKETS` migrates, fills it up to so many tickets of three texts each,
and prints as JSON what a signed-in person needs to ask for pages; `bench.peer_site:application`
serves it.
"""

import json
import os
import re
import sys
from pathlib import Path

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

settings.configure(
    SECRET_KEY="a bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    SITE_ID=1,
    STATIC_URL="/static/",
    LOGIN_URL="/login/",
    HELPDESK_TEAMS_MODE_ENABLED=False,  # else it asks for a package that it does not require
    MEDIA_ROOT=Path(os.environ.get("TMPDIR", "/tmp")) / "paraph-peer-media",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["PGDATABASE"],
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.humanize",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.sites",
        "django.contrib.staticfiles",
        "rest_framework",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()
from django.contrib import admin  # noqa: E402 - Django must be set up first
from django.db import connection  # noqa: E402 - likewise

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("helpdesk.urls", namespace="helpdesk")),
]
application = WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]

OPEN_EVERY = 25  # 4 % are open, as of the desk's own
QUEUES = 2
# The columns that the database does not fill by itself, each with what stands in it.
TICKET = {
    "title": "'Router blinks orange ' || n",
    "queue_id": f"1 + n % {QUEUES}",
    "created": "now() - n * interval '31 seconds'",
    "modified": "now() - n * interval '31 seconds'",
    "submitter_email": "'seed' || n || '@example.org'",
    "status": f"CASE WHEN n % {OPEN_EVERY} = 1 THEN 1 ELSE 4 END",
    "on_hold": "false",
    "description": "'Since yesterday the router blinks orange, please help ' || n",
    "priority": "3",
    "secret_key": "md5(n::text)",
}
FOLLOW_UP = {
    "ticket_id": "ticket.id",
    "date": "ticket.created + part * interval '1 minute'",
    "title": "'Comment'",
    "comment": "'And the technician said ' || ticket.id",
    "public": "true",
}


def fill(size: int) -> None:
    """Have the database make tickets up to this number, with two follow-ups each."""
    from helpdesk.models import Queue

    for number in range(1, QUEUES + 1):
        Queue.objects.get_or_create(pk=number, title=f"Queue {number}", slug=f"q{number}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM helpdesk_ticket")
        (before,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO helpdesk_ticket ({', '.join(TICKET)}) "
            f"SELECT {', '.join(TICKET.values())} FROM generate_series({before + 1}, {size}) AS n"
        )
        cursor.execute(
            f"INSERT INTO helpdesk_followup ({', '.join(FOLLOW_UP)}) "
            f"SELECT {', '.join(FOLLOW_UP.values())} FROM helpdesk_ticket AS ticket, "
            f"generate_series(1, 2) AS part WHERE ticket.id > {before}"
        )
        cursor.execute("VACUUM ANALYZE")


def what_is_asked() -> dict[str, str]:
    """Return the session of a superuser and the paths: list, its 25 rows, an open ticket."""
    from django.contrib.auth.models import User
    from django.test import Client
    from helpdesk.models import Ticket

    person, _new = User.objects.get_or_create(username="aylin", is_staff=True, is_superuser=True)
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(person)
    page = browser.get("/tickets/").content.decode()
    rows = re.search(r"/datatables_ticket_list/[\w+/=%-]*", page)
    if rows is None:
        raise ValueError("the list of tickets names no address of its rows")
    ticket = Ticket.objects.filter(status=1).order_by("id").values_list("id", flat=True)[0]
    return {
        "session": browser.cookies["sessionid"].value,
        "list page": "/tickets/",
        "list rows": f"{rows[0]}?draw=1&start=0&length=25",
        "ticket page": f"/tickets/{ticket}/",
    }


def main() -> None:
    """Migrate, fill, print."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(int(sys.argv[1]))
    print(json.dumps(what_is_asked()))


if __name__ == "__main__":
    main()
