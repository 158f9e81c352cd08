"""A delivery becomes in flight only under the four-eyes rule.

It is judged in that very transaction and under locks.
"""

from core.database.guards import Guard, Routine, moves, sql
from posting.states import DELIVERY_MOVES

# What guards of lower packages ask, and only the package that posts can answer. They call these by
# their own names and know no table of ours.

# Since when a reply of this draft is on its way or posted, or null.
ON_ITS_WAY = Routine(
    name="approvals_on_its_way",
    arguments="of_draft bigint",
    returns="timestamptz",
    app_calls=True,
    body=sql("approvals_on_its_way"),
)

# Whether this text stands on X.
WAS_POSTED = Routine(
    name="approvals_was_posted",
    arguments="of_revision bigint",
    returns="boolean",
    body=sql("approvals_was_posted"),
)

# Whether a reply of this ticket left for X after a time.
ANSWERED_SINCE = Routine(
    name="tickets_answered_since",
    arguments="of_ticket bigint, since timestamptz",
    returns="boolean",
    body=sql("tickets_answered_since"),
)

DELIVERY = Guard(
    name="posting_delivery_rule",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=sql("posting_delivery_rule", moves=moves(DELIVERY_MOVES)),
)

ATTEMPT = Guard(
    name="posting_attempt_real",
    when="BEFORE INSERT",
    definer=True,
    body=sql("posting_attempt_real"),
)

TIMELINE_CHECK = Guard(
    name="posting_timelinecheck_real",
    when="BEFORE INSERT",
    definer=True,
    body=sql("posting_timelinecheck_real"),
)

RESULT = Guard(
    name="posting_result_real",
    when="BEFORE INSERT",
    definer=True,
    body=sql("posting_result_real"),
)

DOUBT = Guard(
    name="posting_doubt_real",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=sql("posting_doubt_real"),
)
