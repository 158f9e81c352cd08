"""What the database itself keeps true about accounts and posts: access to X is its account's own.

What X showed us is not written anew.
"""

from core.database.guards import Guard, Routine, sql

ACCESS = Guard(
    name="tickets_account_access",
    when="BEFORE INSERT OR UPDATE",
    body=sql("tickets_account_access"),
)

KEEP_ACCESS = Routine(
    name="tickets_keep_access",
    arguments="of_account bigint, access bytea, why text, by_user bigint, channel text",
    returns="void",
    app_calls=True,
    writes=True,
    body=sql("tickets_keep_access"),
)

OWN_POST = Guard(
    name="tickets_ownpost_facts",
    when="BEFORE UPDATE",
    body=sql("tickets_ownpost_facts"),
)

NEWEST_VERSION = Guard(
    name="tickets_mention_newest",
    when="BEFORE UPDATE OF newest_id",
    definer=True,
    body=sql("tickets_mention_newest"),
)

GONE_TWICE = Guard(
    name="tickets_mention_gone",
    when="BEFORE UPDATE OF gone_at, gone_confirmed_at",
    body=sql("tickets_mention_gone"),
)

WORDS_KEPT = Guard(
    name="tickets_postversion_words",
    when="BEFORE UPDATE",
    definer=True,
    body=sql("tickets_postversion_words"),
)
