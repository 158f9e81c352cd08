"""What a notice says, in the reader's language.

One sentence with names and numbers, never a customer's words nor a reply's.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import GuidelineVersion
from core.models import Event
from notices.models import Notice
from tickets.models import ConnectedAccount, OwnPost

SENTENCES: dict[str, Promise] = {
    "lead.called": gettext_lazy("Ticket {number}: a reply waits for your decision."),
    "review.changes_requested": gettext_lazy(
        "Ticket {number}: {by} asks for changes to your reply."
    ),
    "review.rejected": gettext_lazy("Ticket {number}: {by} rejected your reply."),
    "review.corrected": gettext_lazy(
        "Ticket {number}: {by} corrected your reply; it waits for your countersignature."
    ),
    "approval.revoked": gettext_lazy(
        "Ticket {number}: {by} revoked the approval of your reply. It is in review again."
    ),
    "approval.void": gettext_lazy("Ticket {number}: the approval of your reply no longer counts."),
    "ticket.handed_back": gettext_lazy(
        "Ticket {number}: {by} handed it back; a team lead can decide now."
    ),
    "note.added": gettext_lazy("Ticket {number}: {by} names you in a note."),
    "ticket.assigned": gettext_lazy("Ticket {number}: {by} assigned it to you."),
    "mentions.ingested": gettext_lazy("Ticket {number}: the customer wrote again."),
    "reply.refused": gettext_lazy("Ticket {number}: X refused your reply."),
    "reply.for_a_person": gettext_lazy(
        "Ticket {number}: somebody has to check whether the reply is on X."
    ),
    "take_down.failed": gettext_lazy("Ticket {number}: our post could not be deleted on X."),
    "draft.submitted": gettext_lazy(
        "Ticket {number}: a text by {by} waits for a second pair of eyes."
    ),
    "guideline.published": gettext_lazy(
        "Version {version} of the guideline is in force now. Please confirm it."
    ),
    "guideline.reminder": gettext_lazy(
        "Version {version} of the guideline is still to be confirmed; after the deadline you "
        "need that to go on writing."
    ),
    "membership.opened": gettext_lazy(
        "{by} gave a role that may approve. It waits for a second person to confirm it."
    ),
    "membership.by_one": gettext_lazy(
        "One person alone gave a role that may approve; replies signed under it carry a mark "
        "until a second one confirms it."
    ),
    "membership.confirmed": gettext_lazy("{by} confirmed a role."),
    "membership.refused": gettext_lazy(
        "{by} did not confirm a role; it does not count for approvals."
    ),
    "account.paused": gettext_lazy(
        "{account} is paused. Approved replies wait until somebody resumes it."
    ),
    "account.renamed": gettext_lazy(
        "On X an account of ours is called {account} now. If that was not us, tell an "
        "administrator at once."
    ),
    "feed.silent": gettext_lazy("Nothing has come in on {account} for longer than usual."),
    "invitation.made": gettext_lazy(
        "{by} made a link into your sign-ins: for a new password, or for a further sign-in."
    ),
    "invitation.accepted": gettext_lazy(
        "A link into your sign-ins was used. If that was not you, tell an administrator at once."
    ),
    "sign_in.added": gettext_lazy(
        "You have a further sign-in. If that was not you, tell an administrator at once."
    ),
    "password.changed": gettext_lazy(
        "Your password was changed. If that was not you, tell an administrator at once."
    ),
    "sign_in.email_changed": gettext_lazy("{by} changed your e-mail address."),
    "session.ended": gettext_lazy("{by} ended a session of yours."),
    "sessions.ended": gettext_lazy("{by} ended your sessions."),
    "token.revoked": gettext_lazy("{by} revoked a token of yours."),
    "own_post.appeared": gettext_lazy(
        "A post on {account} did not come through the desk. Find out who wrote it."
    ),
    "gap.found": gettext_lazy(
        "Some posts to {account} may be missing; the desk is looking for them."
    ),
}


def sentences(notices: Iterable[Notice]) -> list[tuple[Notice, str]]:
    """Each notice with its sentence in the present language."""
    rows = list(notices)
    subjects: dict[str, set[int]] = {}
    for one in rows:
        subjects.setdefault(one.event.subject_kind, set()).add(one.event.subject_id or 0)
    versions = GuidelineVersion.objects.in_bulk(
        list(subjects.get("approvals.guidelineversion", ()))
    )
    topics = {
        one.event.topic_id for one in rows if one.event.topic_kind == "tickets.connectedaccount"
    }
    accounts = ConnectedAccount.objects.in_bulk([one for one in topics if one])
    ours = OwnPost.objects.select_related("account").in_bulk(
        list(subjects.get("tickets.ownpost", ()))
    )
    return [
        (
            one,
            str(SENTENCES[one.what]).format(
                number=one.ticket_number or "",
                by=one.event.by.person.name if one.event.by else _("the desk"),
                version=versions[one.event.subject_id].number
                if one.event.subject_id in versions
                else "",
                account=account_of(one.event, accounts, ours),
            ),
        )
        for one in rows
    ]


def account_of(
    event: Event, accounts: dict[int, ConnectedAccount], ours: dict[int, OwnPost]
) -> ConnectedAccount | str:
    """Return the account that the event is about, if it is about one.

    That of our own post, or its topic.
    """
    if event.subject_kind == "tickets.ownpost":
        return ours[event.subject_id].account if event.subject_id in ours else ""
    return (
        accounts.get(event.topic_id or 0, "")
        if event.topic_kind == "tickets.connectedaccount"
        else ""
    )
