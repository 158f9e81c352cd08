"""Whether this process lives, serves people, and every part has lately proved itself.

And all of it on one screen.
"""

from datetime import timedelta

import redis
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from core.broker.page_updates import client
from core.database import superseded
from core.database.db_time import desk_now
from core.models import Heartbeat
from people.requests import DeskRequest
from people.roles import LEADS
from servicedesk.database.base import Hangs
from servicedesk.operations import db_hardening, monitoring
from tickets.ingestion.polling import overdue_after
from tickets.models import Feed

LATELY = timedelta(seconds=60)


@login_not_required
def healthz(request: DeskRequest) -> JsonResponse:
    """Return the process lives."""
    return JsonResponse({"process": "ok"})


@login_not_required
def readyz(request: DeskRequest) -> JsonResponse:
    """Database reachable and migrated; with `?all` also broker, worker, beat and feed.

    503 names what is missing.
    """
    found = (
        of_the_database_and_all() | of_the_broker() if "all" in request.GET else of_the_database()
    )
    return JsonResponse(
        found, status=200 if is_ready(found) else 503, json_dumps_params={"indent": 1}
    )


def is_ready(found: dict[str, str]) -> bool:
    """Whether everything that was asked is well; a protection that is degraded keeps nobody out."""
    return all(value == "ok" for name, value in found.items() if name != "hardening")


def of_the_database() -> dict[str, str]:
    """Return what it takes to serve people, and whether the database is protected."""
    return _from_the_database(everything=False)


def of_the_database_and_all() -> dict[str, str]:
    """Return the same, and what worker, beat and feed left there."""
    return _from_the_database(everything=True)


def of_the_broker() -> dict[str, str]:
    """Whether wake-ups come through."""
    return {"broker": broker()}


def _from_the_database(*, everything: bool) -> dict[str, str]:
    found = {"database": database()}
    if found["database"] == "ok":
        found["migrations"] = migrations()
        if everything and found["migrations"] == "ok":
            found |= {"worker and beat": worker(), "feed": feed()}
        found["hardening"] = db_hardening.state() if found["migrations"] == "ok" else "unknown"
    return found


def screen(request: DeskRequest) -> HttpResponse:
    """How everything runs, for administrators and leads.

    Each line that is not well says what to do.
    """
    user = request.user
    if not user.is_administrator and not any(one.role in LEADS for one in user.memberships):
        raise PermissionDenied
    return render(request, "servicedesk/health.html", {"signs": monitoring.signs()})


def database() -> str:
    """Whether it answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return (
            "hangs: no answer"
            if isinstance(error.__cause__, Hangs)
            else f"not reachable: {type(error).__name__}"
        )
    return "ok"


def migrations() -> str:
    """Whether every migration of this code is applied."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"cannot be read: {type(error).__name__}"
    if superseded.is_too_old(executor.loader.applied_migrations):
        return superseded.SENTENCE
    return f"missing: {missing[0][0]}" if missing else "ok"


def broker() -> str:
    """Whether Valkey answers."""
    try:
        client().ping()
    except redis.exceptions.TimeoutError:
        return "hangs: no answer"
    except Exception as error:
        return f"not reachable: {type(error).__name__}"
    return "ok"


def worker() -> str:
    """Whether beat sent and a worker ran a heartbeat within the last minute."""
    last = Heartbeat.objects.filter(name="worker").first()
    if last is None:
        return "not seen yet"
    return "ok" if last.at > desk_now() - LATELY else f"silent since {last.at:%H:%M:%S}"


def feed() -> str:
    """Whether the mentions of every account were read lately."""
    feeds = list(Feed.objects.exclude(account__status="revoked").select_related("account"))
    late = [
        one
        for one in feeds
        if one.read_at is None or one.read_at < desk_now() - max(LATELY, overdue_after())
    ]
    return f"not read: {', '.join(str(one.account) for one in late)}" if late else "ok"
