"""What the checks say of a frozen text now that they did not say when it was submitted.

The same words to somebody else, a new version of the guideline, a tag, a saved reply, another
language of a newer post: the surroundings go on while a text waits. A reviewer is shown what is
new, and an approval meets the same rule as a submission: what blocks blocks, what wants an
explanation gets one, what needs the lead is decided by the lead.
"""

from django.db import connection
from django.utils.translation import gettext as _

from approvals import policies
from approvals.checks import SEVERITIES
from approvals.checks import Finding as Found
from approvals.drafts import checking, finding_messages, payload
from approvals.models import Revision
from core.errors import Invalid, NotAllowed, Reason
from core.text.characters import says_something
from core.text.readable import readable
from people.models import User
from tickets import lifecycle


def one_approval_at_a_time(revision: Revision) -> None:
    """Let approvals of one account pass one after the other, until the end of the transaction.

    Each then sees what the one before it approved. Taken before any row is locked, so that nobody
    who waits here holds what somebody else waits for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('approvals_one_at_a_time'), %s::int)",
            [revision.draft.ticket.account_id],
        )


def since_submitted(revision: Revision) -> list[Found]:
    """Return the findings of now that did not stand when the text was frozen.

    Or that weigh more than then.

    A finding is the same while the same words break the same check, in whichever paragraph.
    """
    stood: dict[tuple[str, str, str], int] = {}
    for one in revision.findings.filter(review__isnull=True):
        key = (one.kind, one.detail, one.words)
        stood[key] = max(SEVERITIES.index(one.severity), stood.get(key, -1))
    draft = revision.draft
    typed = payload.body_of(revision.text, revision.initials)
    found = checking.examined(
        draft.ticket,
        typed,
        author=draft.writer.person,
        alts=[one["alt"] for one in revision.attachments],
    )
    return [
        one
        for one in found
        if SEVERITIES.index(one.severity) > stood.get((one.kind, one.detail, one.words), -1)
    ]


def why_not_now(revision: Revision, found: list[Found], by: User) -> Reason | None:
    """Whether what is new keeps this person from approving, whatever they would explain."""
    blocking = next((one for one in found if one.severity == "blocks"), None)
    if blocking:
        return Reason(
            "finding_blocks",
            _(
                "Since this text was submitted, a finding blocks it: {title}, paragraph "
                "{n}. Request "
                "changes, or correct the marked place."
            ).format(title=finding_messages.title_of(blocking), n=blocking.paragraph),
        )
    needing = next((one for one in found if one.severity == "needs_lead"), None)
    if needing is None or lifecycle.open_escalation(revision.draft.ticket):
        return None
    if policies.a_lead_stands_behind(revision, by):
        return None
    return Reason(
        "needs_lead",
        _(
            "Since this text was submitted, it needs the lead: {title}, paragraph {n}. The "
            "decision is now "
            "with {names}; send it to the lead."
        ).format(
            title=finding_messages.title_of(needing),
            n=needing.paragraph,
            names=policies.names_of_leads(revision.draft.ticket),
        ),
    )


def passed(revision: Revision, explanations: dict[str, str], *, by: User) -> list[Found]:
    """Return what is new, if this person may approve all the same.

    Refuses with the findings otherwise.
    """
    found = since_submitted(revision)
    shown = [finding_messages.shown(one) for one in found]
    for explanation in explanations.values():
        readable(explanation, "explanations")
    if reason := why_not_now(revision, found, by):
        if reason.code == "needs_lead":
            raise NotAllowed(reason, findings=shown)
        raise Invalid(reason, "text", findings=shown)
    unsaid = next(
        (
            one
            for one in found
            if one.severity == "must_explain" and not says_something(explanations.get(one.key, ""))
        ),
        None,
    )
    if unsaid:
        raise Invalid(
            Reason(
                "finding_explain",
                _(
                    "Since this text was submitted, there is a new finding: {title}, paragraph "
                    "{n}. Explain in a sentence why it is right all the same, or request "
                    "changes."
                ).format(title=finding_messages.title_of(unsaid), n=unsaid.paragraph),
            ),
            "explanations",
            findings=shown,
        )
    return found
