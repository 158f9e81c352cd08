"""Cut what came before for the search, in batches that are committed one by one.

What stopped half-way goes on where it was: only rows without words are cut.
"""

from django.db import migrations

BATCH = 2000
MISSING = {
    "tickets_keep_post_words": ("tickets_postversion", "tickets_postwords", "version_id"),
    "tickets_keep_customer_words": ("tickets_customer", "tickets_customerwords", "customer_id"),
}


def fill(apps, schema_editor):
    """Walk each table by its key, a batch a statement."""
    with schema_editor.connection.cursor() as cursor:
        for routine, (table, kept, key) in MISSING.items():
            last = 0
            while last is not None:
                cursor.execute(
                    f"""
                    WITH batch AS (
                      SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT {BATCH}
                    ), cut AS MATERIALIZED (
                      SELECT {routine}(batch.id) FROM batch
                      WHERE NOT EXISTS (SELECT FROM {kept} WHERE {key} = batch.id)
                    )
                    SELECT max(batch.id), (SELECT count(*) FROM cut) FROM batch""",
                    [last],
                )
                last = cursor.fetchone()[0]


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("tickets", "0004_search_words"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
