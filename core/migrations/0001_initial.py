"""The one function that says what time it is, the extension that finds names by a part of them, and core's tables.

An event is by a sign-in of `people`, which stands on these tables: that column and the guards on
events follow in `0002_initial.py`.
"""

import core.guards
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        TrigramExtension(),
        # It belongs to the owner; only tests and campaigns, as the owner, replace its body.
        migrations.RunSQL(
            "CREATE FUNCTION public.desk_now() RETURNS timestamptz LANGUAGE sql VOLATILE "
            "SET search_path = pg_catalog, public, pg_temp AS $$SELECT clock_timestamp()$$; "
            "REVOKE ALL ON FUNCTION public.desk_now() FROM PUBLIC;",
            "DROP FUNCTION public.desk_now()",
        ),
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='DeskMark',
            fields=[
                ('kind', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=core.guards.DeskNow())),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('at', models.DateTimeField(db_default=core.guards.DeskNow())),
                ('through', models.CharField(blank=True, max_length=60)),
                ('topic_kind', models.CharField(blank=True, max_length=40)),
                ('topic_id', models.BigIntegerField(null=True)),
                ('subject_kind', models.CharField(blank=True, max_length=40)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('department_id', models.BigIntegerField(null=True)),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=core.guards.DeskNow())),
            ],
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
    ]
