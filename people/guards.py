"""What the database itself keeps true about people."""

from core.database.guards import Guard, Routine, sql

NATURAL = Routine(
    name="people_natural",
    arguments="of_person bigint",
    returns="bigint",
    app_calls=True,
    body=sql("people_natural"),
)

# A role counts only where it stands (`people_role_standing`), and one that somebody gave to
# themselves
# after `written_at` does not count for what was written before. Under the policy `colleagues` any
# member
# endorses, but only if the department that owns the account (`owner`) has that policy too.
ENTITLEMENT = Routine(
    name="people_entitlement",
    arguments="of_person bigint, in_department bigint, written_at timestamptz, owner bigint",
    returns="text",
    body=sql("people_entitlement"),
)

LINK = Guard(
    name="people_link_root",
    when="BEFORE INSERT",
    definer=True,
    body=sql("people_link_root"),
)

MEMBERSHIP = Guard(
    name="people_membership_period",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=sql("people_membership_period"),
)

SAME_PERSON = Guard(
    name="people_user_person",
    when="BEFORE UPDATE OR DELETE",
    definer=True,
    body=sql("people_user_person"),
)

KEPT_INITIALS = Guard(
    name="people_person_kept",
    when="BEFORE DELETE",
    body=sql("people_person_kept"),
)

INITIALS = Guard(
    name="people_person_initials",
    when="AFTER INSERT OR UPDATE",
    definer=True,
    body=sql("people_person_initials"),
)
