"""What the application's role may do, table by table.

Declared as `app_may` beside each model, put in force after migrate.
"""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from core.database.guards import Routine

OURS = ("core", "people", "tickets", "satisfaction", "approvals", "posting", "notices")
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def rights() -> Iterator[tuple[str, str]]:
    """Table by table what the application may do.

    Our own models must declare it (KeyError names one that does not).
    """
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        yield model._meta.db_table, may(model)
    yield "django_migrations", "SELECT"


def may(model: type[models.Model]) -> str:
    """Return the rights of one model."""
    if model._meta.app_label not in OURS:
        return EVERYTHING
    if model._meta.auto_created:
        return "SELECT, INSERT, DELETE"
    return model.app_may  # type: ignore[attr-defined]


def routines() -> Iterator[Routine]:
    """Yield the functions that the application may call."""
    for model in apps.get_models():
        for part in model._meta.constraints:
            if isinstance(part, Routine) and part.app_calls:  # type: ignore[attr-defined]
                yield part


def keep_owners_rows() -> None:
    """Write the rows that only the owner may write.

    Statements that models declare as `kept_by_owner`, filled from the settings.
    """
    values = {
        name: getattr(settings, name)
        for name in dir(settings)
        if name.isupper() and isinstance(getattr(settings, name), int | float)
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for model in apps.get_models():
            if statement := getattr(model, "kept_by_owner", ""):
                cursor.execute("SELECT to_regclass(%s)", [model._meta.db_table])
                if cursor.fetchone()[0]:
                    cursor.execute(statement, values)


def enforce() -> None:
    """Take every right from the application's role and PUBLIC, then grant what is declared.

    One transaction.

    Does nothing where owner and application are one role: then `/readyz` says that it is
    degraded.
    """
    role = settings.APP_ROLE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        owner, database = cursor.fetchone()
        if owner == role:
            return
        quote = connection.ops.quote_name
        cursor.execute("SELECT pg_advisory_xact_lock(727001)")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quote(role)}, PUBLIC")
        cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {quote(role)}, PUBLIC")
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM {quote(role)}, PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quote(role)}")
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {quote(database)} FROM PUBLIC, {quote(role)}")
        for table, granted in rights():
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0] and granted:
                cursor.execute(f"GRANT {granted} ON {quote(table)} TO {quote(role)}")
        for routine in routines():
            cursor.execute("SELECT to_regprocedure(%s)", [routine.signature])
            if cursor.fetchone()[0]:
                cursor.execute(f"GRANT EXECUTE ON FUNCTION {routine.signature} TO {quote(role)}")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION public.desk_now() TO {quote(role)}")
