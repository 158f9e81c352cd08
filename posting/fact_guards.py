"""Facts of a delivery and of a take-down: which column may change in which state.

What happened is never written anew.

A delivery's facts change only together with its status; once it is posted, void or refused
nothing of it changes. Between two moves the desk plans: when one that is due is tried, when an
uncertain one is looked for. `posting_delivery_facts` fires before `posting_delivery_rule`
(triggers fire by name), which judges the move itself.
"""

from core.database.guards import Guard, moves, sql
from posting.states import TAKE_DOWN_MOVES

DELIVERY_FACTS = Guard(
    name="posting_delivery_facts",
    when="BEFORE INSERT OR UPDATE",
    body=sql("posting_delivery_facts"),
)

TAKE_DOWN = Guard(
    name="posting_takedown_moves",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=sql("posting_takedown_moves", moves=moves(TAKE_DOWN_MOVES)),
)
