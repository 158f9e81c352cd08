"""Many tickets in a short time: copies of those that were seeded, made by the database.

Its guards and stamps stand aside meanwhile, which only the owner of a database may ask for. Each
copy has keys, ids of X and handles of its own, and lies a few seconds before the one it is of.
"""

from typing import Any

import psycopg2

STEP = 1_000_000  # between the keys of one copy and the next
AT_ONCE = 50  # copies in one statement
KEYS = (
    "id",
    "customer_id",
    "ticket_id",
    "last_mention_id",
    "newest_id",
    "mention_id",
    "version_id",
)
NUMBERS = ("external_id", "conversation_id")
TIMES = (
    "created_at",
    "updated_at",
    "due_at",
    "last_inbound_at",
    "unanswered_since",
    "resolved_at",
    "written_at",
)
SECONDS = 7
TABLES = (
    "tickets_customer",
    "tickets_ticket",
    "tickets_contextchange",
    "tickets_mention",
    "tickets_postversion",
    "tickets_postwords",
    "tickets_customerwords",
)
MAKING_INDEXES = "256MB"  # of memory


def multiply(owner_dsn: str, copies: int) -> int:
    """Add so many copies of all tickets that are no copies; returns how many tickets that makes.

    All of them or none: what fails on the way leaves every row and index as it was.
    """
    line = psycopg2.connect(owner_dsn)
    try:
        cursor = line.cursor()
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = %s", [MAKING_INDEXES])
        indexes = without_indexes(cursor)
        cursor.execute("SELECT coalesce(max(id), 0) / %s FROM tickets_ticket", [STEP])
        first = cursor.fetchone()[0] + 1
        made = [copy(cursor, table, first, copies) for table in TABLES]
        for statement in indexes:
            cursor.execute(statement)
        line.commit()
    finally:
        line.close()
    return made[TABLES.index("tickets_ticket")]


def without_indexes(cursor: Any) -> list[str]:
    """Drop the indexes that nothing but speed needs; returns the statements that make them again.

    Filled row by row they would take most of the time.
    """
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique",
        [list(TABLES)],
    )
    found = cursor.fetchall()
    for name, _statement in found:
        cursor.execute(f"DROP INDEX {name}")
    return [statement for _name, statement in found]


def copy(cursor: Any, table: str, first: int, copies: int) -> int:
    """Copy the rows of one table as often; returns how many that made.

    What happened to a copy since is not copied again.
    """
    cursor.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    values = ", ".join(map(value_of, columns))
    keys = [column for column in KEYS if column in columns]
    no_copy = " AND ".join(f"coalesce({key}, 0) < {STEP}" for key in keys)
    made = 0
    for start in range(first, first + copies, AT_ONCE):
        last = min(start + AT_ONCE, first + copies) - 1
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
            f"FROM {table}, generate_series({start}, {last}) AS copy WHERE {no_copy}"
        )
        made += cursor.rowcount
    return made


def value_of(column: str) -> str:
    """Return what stands in this column of a copy."""
    if column in KEYS:
        return f"{column} + copy * {STEP}"
    if column in NUMBERS:
        return f"({column}::bigint + copy * {STEP})::text"
    if column in TIMES:
        return f"{column} - copy * interval '{SECONDS} seconds'"
    if column == "position":
        return f"position + copy * {STEP}"
    return "handle || '_' || copy" if column == "handle" else column
