"""Whether the database is protected as declared.

The application's role must be weak, and every guard on duty.
"""

from django.db import connection

QUESTION = """
SELECT (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user),
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind = 'r' AND pg_has_role(current_user,
                 c.relowner, 'MEMBER')),
       has_schema_privilege(current_user, 'public', 'CREATE'),
       has_database_privilege(current_user, current_database(), 'TEMP'),
       EXISTS (SELECT FROM unnest(%s::text[]) fact WHERE to_regclass(fact) IS NOT NULL AND (
               has_table_privilege(current_user, fact, 'DELETE')
                 OR has_table_privilege(current_user, fact, 'TRUNCATE')
               OR has_any_column_privilege(current_user, fact, 'UPDATE'))),
       EXISTS (SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n
         ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND NOT t.tgisinternal AND t.tgenabled <> 'O'),
       '0' IN (current_setting('statement_timeout'), current_setting('lock_timeout'),
               current_setting('idle_in_transaction_session_timeout'))
"""
FACTS = [
    "approvals_revision",
    "approvals_review",
    "approvals_void",
    "posting_attempt",
    "posting_result",
    "core_event",
    "core_link",
    "core_chainhead",
]
WORDS = (
    "the role is a superuser",
    "the role owns tables",
    "the role may create tables",
    "the role may make temporary tables",
    "the role may change facts",
    "a guard is switched off",
    "a wait in the database has no end",
)


def state() -> str:
    """`ok`, or `degraded:` and what is missing, in words."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, [FACTS])
        found = cursor.fetchone()
    missing = [word for word, wrong in zip(WORDS, found, strict=True) if wrong]
    return "degraded: " + ", ".join(missing) if missing else "ok"
