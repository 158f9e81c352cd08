"""What the database keeps true about sign-ins.

Their names, how a person comes to a further one, and when sessions, tokens and links end.
"""

from core.database.guards import Guard, Routine, sql

# Characters that nobody sees: soft hyphen, joiners, marks of direction, variation selectors,
# fillers, tags.
UNSEEN = (
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)

# Names are compared as NFKC_Casefold has it, without what is not seen; Turkish i with and without
# a dot are one letter.
FOLDED = Routine(
    name="people_folded",
    arguments="written text",
    returns="text",
    app_calls=True,
    body=sql("people_folded", unseen=UNSEEN),
)

NAMES = Guard(
    name="people_user_names",
    when="AFTER INSERT OR UPDATE",
    definer=True,
    body=sql("people_user_names"),
)

FURTHER = Guard(
    name="people_user_further",
    when="BEFORE INSERT",
    definer=True,
    body=sql("people_user_further"),
)

ENDED = Guard(
    name="people_user_ended",
    when="AFTER UPDATE",
    definer=True,
    body=sql("people_user_ended"),
)

TOKEN = Guard(
    name="people_token_once",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=sql("people_token_once"),
)

SESSION = Guard(
    name="people_session_owner",
    when="BEFORE INSERT OR UPDATE",
    definer=True,
    body=sql("people_session_owner"),
)

INVITATION = Guard(
    name="people_invitation_once",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=sql("people_invitation_once"),
)
