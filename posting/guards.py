"""A delivery becomes in flight only under the four-eyes rule.

It is judged in that very transaction and under locks.
"""

from core.guards import Guard, moves, sql
from posting.states import DELIVERY_MOVES

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

READING = Guard(
    name="posting_reading_real",
    when="BEFORE INSERT",
    definer=True,
    body=sql("posting_reading_real"),
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
