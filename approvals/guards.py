"""The four-eyes rule as the database enforces it, and the guards that call it under locks.

`DECISION_FAULT` judges the two people and returns a code. The guard of reviews calls it for the
decision that comes in, `PAIR_FAULT` for the one that stands; nothing else in SQL judges a pair.

`PAIR_FAULT` is the rule itself; the guards call it under locks.

In each guard: refuse other isolation levels, lock in statements of their own (ticket before
draft), then read, then the clock.
"""

from approvals.states import DRAFT_MOVES, OPEN
from core.database.guards import Guard, Routine, moves, sql
from core.text.characters import FLAG_PATTERN, NEVER, TAGS, as_class

# Whether this text is there and the last of its draft.
NEWEST = Routine(
    name="approvals_is_newest",
    arguments="of_revision bigint",
    returns="boolean",
    body=sql("approvals_is_newest"),
)

# What stands against one decision, given or about to be given, or null. Whether its draft is in
# review and its text the newest is asked before: that belongs to the moment, not to the two people.
DECISION_FAULT = Routine(
    name="approvals_decision_fault",
    arguments="said approvals_review",
    returns="text",
    body=sql("approvals_decision_fault"),
)

# What stands against sending this text, or null: one approval, nothing else said, no fault in it.
PAIR_FAULT = Routine(
    name="approvals_pair_fault",
    arguments="of_revision bigint",
    returns="text",
    app_calls=True,
    body=sql("approvals_pair_fault"),
)

# Whether an approval rests on a role that one person alone gave: the entitled one's role, or one of
# the two who is at the desk by the other's word. It shows until a second person has confirmed it.
BY_ONE = Routine(
    name="approvals_by_one",
    arguments="of_review bigint",
    returns="boolean",
    app_calls=True,
    body=sql("approvals_by_one"),
)

REVISION = Guard(
    name="approvals_revision_stamp",
    when="BEFORE INSERT",
    definer=True,
    body=sql("approvals_revision_stamp"),
)

READABLE = Guard(
    name="approvals_revision_readable",
    when="BEFORE INSERT",
    body=sql("approvals_revision_readable", flags=FLAG_PATTERN, never=as_class((*NEVER, TAGS))),
)

ATTACHMENT = Guard(
    name="approvals_attachment_kept",
    when="BEFORE UPDATE OR DELETE",
    definer=True,
    body=sql("approvals_attachment_kept"),
)

REVIEW = Guard(
    name="approvals_review_rule",
    when="BEFORE INSERT",
    definer=True,
    body=sql("approvals_review_rule"),
)

VOID = Guard(
    name="approvals_void_lock",
    when="BEFORE INSERT",
    definer=True,
    body=sql("approvals_void_lock"),
)

# What guards and policies of tickets ask, and only the package of the drafts can answer.
ALIVE = ", ".join(f"'{status}'" for status in OPEN)

# Whether somebody has begun a reply of this ticket that is neither posted nor given up.
OPEN_DRAFT = Routine(
    name="tickets_open_draft",
    arguments="of_ticket bigint",
    returns="boolean",
    app_calls=True,
    body=sql("tickets_open_draft", open=ALIVE),
)

# Whether such a reply of the second ticket answers a post of the first, by draft or by its words.
ANSWERED_BY_DRAFT = Routine(
    name="tickets_answered_by_draft",
    arguments="of_ticket bigint, of_target bigint",
    returns="boolean",
    app_calls=True,
    body=sql("tickets_answered_by_draft", open=ALIVE),
)

DRAFT = Guard(
    name="approvals_draft_moves",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=sql("approvals_draft_moves", moves=moves(DRAFT_MOVES)),
)
