"""What the database asks of a submitted text.

Its canonical JSON says exactly what its draft says, and nothing is said twice.

`WORDING` judges one payload and returns what is wrong with it, or null;
`approvals_revision_stamp` asks it under the locks of ticket and draft. Target, account and
initials are read from the draft's own rows, so a payload cannot name others.
"""

from approvals.checks.placeholders import PATTERN
from core.database.guards import Guard, Routine, sql

OPEN_FIELD = Routine(
    name="approvals_open_field",
    arguments="words text",
    returns="boolean",
    app_calls=True,
    body=f"BEGIN RETURN words ~ '{PATTERN}'; END",
)

CANONICAL = Routine(
    name="approvals_canonical",
    arguments="content jsonb",
    returns="text",
    body=sql("approvals_canonical"),
)

WORDING = Routine(
    name="approvals_wording_fault",
    arguments="of_draft bigint, payload text",
    returns="text",
    app_calls=True,
    body=sql("approvals_wording_fault"),
)

AUTHOR = Guard(
    name="approvals_draft_author",
    when="BEFORE UPDATE OF writer_id",
    body=sql("approvals_draft_author"),
)
