"""What an empty list says: each has a heading of its own and one sentence on what comes next."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Nothing(NamedTuple):
    """A heading, and a sentence on what will stand here."""

    heading: Promise
    words: Promise


NOTHING = {
    "mine": Nothing(
        _("Nothing waits for you."),
        _("What is assigned to you or waits for your signature appears here by itself."),
    ),
    "unassigned": Nothing(
        _("Everything is taken."),
        _("New posts appear here by themselves and stay until somebody takes them."),
    ),
    "open": Nothing(_("No ticket is open."), _("New posts appear here by themselves.")),
    "approval": Nothing(
        _("Nothing waits for a signature."),
        _("A submitted reply waits here until a colleague signs it."),
    ),
    "snoozed": Nothing(
        _("Nothing is snoozed."),
        _("A snoozed ticket waits here until its time comes."),
    ),
    "answered": Nothing(
        _("Nothing is answered and still open."),
        _("A ticket stays here from its reply until somebody resolves it."),
    ),
    "resolved": Nothing(
        _("Nothing is resolved yet."),
        _("A ticket stays here until its customer writes again."),
    ),
    "filtered": Nothing(
        _("Nothing was filtered out."),
        _("Posts that a rule or a limit keeps out of the inbox are listed here."),
    ),
}
NOT_FOUND = Nothing(
    _("Nothing found"),
    _("Filtered-out and resolved tickets are searched too; try fewer words."),
)
NARROWED = Nothing(
    _("Nothing fits these filters."),
    _("Remove one of them, or look in another list."),
)


def nothing_in(tab: str, *, words: str, filtering: bool) -> Nothing:
    """Return what the empty list of `tab` says; `words` were looked for, other filters narrow."""
    if words:
        return NOT_FOUND
    return NARROWED if filtering else NOTHING[tab]
