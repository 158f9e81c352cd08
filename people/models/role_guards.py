"""Whose role counts: the routines that say so, and the guard on confirmations.

A role counts once a second natural person with the right to give it has confirmed it; while there
is no such person it counts at once and is *given by one*. Roles that were set up by command count.
"""

from core.database.guards import Guard, Routine, sql

# The newest word about a role: `confirmed`, `refused`, or none.
WORD = Routine(
    name="people_role_word",
    arguments="of_membership bigint",
    returns="text",
    body=sql("people_role_word"),
)

# Confirmed by a chain of second persons that begins with a role set up by command. Two roles that
# one administrator gave may confirm each other; that alone makes neither of them firm.
FIRM = Routine(
    name="people_role_firm",
    arguments="of_membership bigint",
    returns="boolean",
    body=sql("people_role_firm"),
)

# The natural persons who stand behind a role: its giver and, as long as the giver's own right is
# not firm, who gave that.
GIVERS = Routine(
    name="people_role_givers",
    arguments="of_membership bigint",
    returns="bigint[]",
    body=sql("people_role_givers"),
)

# Whether one of these roles belongs to a second person with the right to give that role: not who
# receives it, not who gave it; an administrator, or a lead of its department or of one above. An
# administrator's role may be confirmed by any lead.
SECOND = Routine(
    name="people_role_second",
    arguments="of_membership bigint, among bigint[]",
    returns="boolean",
    app_calls=True,
    body=sql("people_role_second"),
)

# The open roles of leads and administrators that count. Of those that nobody confirmed, an elder
# one comes before a younger, so that two of them never wait for each other.
POWERS = Routine(
    name="people_role_powers",
    arguments="",
    returns="bigint[]",
    body=sql("people_role_powers"),
)

# How a role stands. The first three count.
STANDING = Routine(
    name="people_role_standing",
    arguments="of_membership bigint",
    returns="text",
    app_calls=True,
    body=sql("people_role_standing"),
)

COUNTS = Routine(
    name="people_role_counts",
    arguments="of_membership bigint",
    returns="boolean",
    body=sql("people_role_counts"),
)

# Whether one of two natural persons set the other's access within the last seven days.
ACCESS_SET = Routine(
    name="people_access_set",
    arguments="one bigint, other bigint",
    returns="boolean",
    app_calls=True,
    body=sql("people_access_set"),
)

# Whether `person` is at the desk by the word of `other` alone (or of somebody who holds `other`'s
# access): no role of theirs was ever set up by command or confirmed. `counting` asks whether that
# stops the two, which it does only while somebody else could confirm.
MADE_BY = Routine(
    name="people_made_by",
    arguments="person bigint, other bigint, counting boolean",
    returns="boolean",
    app_calls=True,
    body=sql("people_made_by"),
)

# Whether who gave or received the role set `second`'s e-mail, password or person within the last
# seven days, so that they could speak with that person's sign-in. Giving a role opens no sign-in.
STEERED = Routine(
    name="people_role_steered",
    arguments="of_membership bigint, second bigint",
    returns="boolean",
    app_calls=True,
    body=sql("people_role_steered"),
)

CONFIRMATION = Guard(
    name="people_roleconfirmation_rule",
    when="BEFORE INSERT",
    definer=True,
    body=sql("people_roleconfirmation_rule"),
)
