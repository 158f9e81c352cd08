"""See the package."""

import os
from contextlib import contextmanager

import psycopg2
from django.db.backends.postgresql import creation, operations

from servicedesk.database import base

KEPT = {"django_content_type", "auth_permission", "django_migrations", "posting_timing"}


class Creation(creation.DatabaseCreation):
    """Test databases are created, migrated and dropped by the owner."""

    @contextmanager
    def as_owner(self):
        """Connect as the owner inside, as the application's role outside."""
        owner = self.connection.settings_dict["TEST"]["OWNER"]
        mine = {name: self.connection.settings_dict[name] for name in ("USER", "PASSWORD")}
        self.connection.close()
        self.connection.settings_dict.update({name: owner[name] for name in mine})
        try:
            yield
        finally:
            self.connection.close()
            self.connection.settings_dict.update(mine)

    def create_test_db(self, *args, **kwargs):
        """Create and migrate, with rights; then the application's role takes over.

        A ready database that was named is taken as it is.
        """
        if ready := os.environ.get("PARAPH_READY_DATABASE"):
            self.connection.close()
            self.connection.settings_dict["NAME"] = ready
            return ready
        with self.as_owner():
            name = super().create_test_db(*args, **kwargs)
            self.connection.ensure_connection()
            with self.connection.cursor() as cursor:
                cursor.execute("""CREATE
                    OR REPLACE FUNCTION public.desk_now() RETURNS timestamptz
                    LANGUAGE sql VOLATILE
                    SET search_path = pg_catalog, public, pg_temp AS
                    $$SELECT clock_timestamp() +
                    coalesce(nullif(current_setting('desk_test.ahead', true), '')::interval,
                    '0')$$""")
        self.connection.ensure_connection()
        return name

    def _destroy_test_db(self, *args, **kwargs):
        if os.environ.get("PARAPH_READY_DATABASE"):
            return
        with self.as_owner():
            super()._destroy_test_db(*args, **kwargs)


class Operations(operations.DatabaseOperations):
    """Empty the database as its owner, with triggers silenced.

    Only the test cluster grants the right for that.
    """

    def execute_sql_flush(self, sql_list):
        """Delete where there are rows."""
        settings = self.connection.settings_dict
        owner = settings["TEST"]["OWNER"]
        line = psycopg2.connect(
            dbname=settings["NAME"],
            user=owner["USER"],
            password=owner["PASSWORD"] or None,
            host=owner["HOST"] or None,
            port=owner["PORT"] or None,
        )
        try:
            with line, line.cursor() as cursor:
                cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                tables = [row[0] for row in cursor.fetchall() if row[0] not in KEPT]
                cursor.execute("SET LOCAL session_replication_role = replica")
                for table in tables:
                    cursor.execute(f'DELETE FROM "{table}"')
        finally:
            line.close()


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with the two classes above."""

    creation_class = Creation
    ops_class = Operations
