"""The one function that says what time it is, and the extension that finds names by a part of them.

`people` stands on these, and core's own tables (`0002_schema.py`) on `people`: an event is by a sign-in.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """`desk_now()` belongs to the owner; only tests and campaigns, as the owner, replace its body."""

    initial = True
    dependencies: list = []
    operations = [
        TrigramExtension(),
        migrations.RunSQL(
            "CREATE FUNCTION public.desk_now() RETURNS timestamptz LANGUAGE sql VOLATILE "
            "SET search_path = pg_catalog, public, pg_temp AS $$SELECT clock_timestamp()$$; "
            "REVOKE ALL ON FUNCTION public.desk_now() FROM PUBLIC;",
            "DROP FUNCTION public.desk_now()",
        ),
    ]
