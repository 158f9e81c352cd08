"""What the database keeps true about merged tickets: a reference between two of one customer."""

from core.database.guards import Guard, sql

MERGED = Guard(
    name="tickets_ticket_merged",
    when="BEFORE INSERT OR UPDATE OF merged_into_id, before_merge, department_id",
    definer=True,
    body=sql("tickets_ticket_merged"),
)
