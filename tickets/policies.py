"""Why this person may not do this with a ticket now: one function per verb, a reason or None."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core.database import lineage
from core.database.db_time import desk_now
from core.errors import IllegalMove, Reason, Stale
from core.text.formatting import until
from people import access
from people.models import Department, Person, User
from tickets.merging import merge_policies
from tickets.models import ConnectedAccount, CustomerNote, Incident, Ticket
from tickets.querysets import open_in_conversation
from tickets.states import AccountState, TicketStatus

# A message with its button stays as long as its page where there are no scripts
UNDO_MINUTES = 10


def why_not_work(ticket: Ticket, by: User) -> Reason | None:
    """Let the members of its department work on a ticket.

    Drafting, notes, assigning, snoozing. With a merged ticket in the one that it is merged into.
    """
    return why_not_member(ticket, by) or merge_policies.why_merged(ticket)


def why_not_member(ticket: Ticket, by: User) -> Reason | None:
    """Let the members of its department change anything about a ticket."""
    if access.may_write(by, ticket.department):
        return None
    if by.is_administrator:
        return Reason(
            "no_right",
            _("The administrator sets up the desk; answering is for {department}.").format(
                department=ticket.department.name
            ),
        )
    return Reason(
        "other_department",
        _("This reply belongs to {department} and is decided there. You can leave a note.").format(
            department=ticket.department.name
        ),
    )


def why_not_keep_incidents(department: Department, by: User) -> Reason | None:
    """Who works in the department opens and ends its incidents."""
    if access.may_write(by, department):
        return None
    return Reason(
        "no_right",
        _("Incidents are opened by the people of {department}.").format(department=department.name),
    )


def why_not_join(ticket: Ticket, incident: Incident, by: User) -> Reason | None:
    """To an incident of the ticket's department that is not over."""
    if reason := why_not_work(ticket, by):
        return reason
    if incident.ended_at is not None:
        return Reason(
            "incident_over", _("{name} is over. Open a new incident.").format(name=incident.name)
        )
    if incident.department_id != ticket.department_id:
        return Reason(
            "incident_elsewhere",
            _("{name} belongs to {department}.").format(
                name=incident.name, department=incident.department.name
            ),
        )
    return None


def why_not_route(by: User) -> Reason | None:
    """Administrators write the routing rules."""
    if by.is_active and by.is_administrator:
        return None
    return Reason(
        "no_right",
        _("Administrators write the routing rules. Tell one of them what should change."),
    )


def why_not_connect(by: User | None) -> Reason | None:
    """Administrators connect accounts; so do commands, which nobody signs in for."""
    if by is None or (by.is_active and by.is_administrator):
        return None
    return Reason("no_right", _("Administrators connect accounts. Ask one of them."))


def why_not_note(ticket: Ticket, by: User) -> Reason | None:
    """Who may read the ticket may leave a note."""
    return (
        None
        if by.is_active
        else Reason("no_right", _("This sign-in is switched off. The administrator can say why."))
    )


def why_not_end_person_note(note: CustomerNote, by: User) -> Reason | None:
    """Let those of the department that wrote a remark take it down."""
    if note.department is None or access.may_write(by, note.department):
        return None
    return Reason(
        "other_department",
        _("This remark belongs to {department} and is removed there.").format(
            department=note.department.name
        ),
    )


def why_not_share_person_note(note: CustomerNote, by: User) -> Reason | None:
    """Let the lead's side decide whether the whole company reads a remark.

    Of the department that wrote it.
    """
    if note.department is not None and access.decides_escalations(by, note.department):
        return None
    return Reason(
        "no_right", _("The lead of the department that wrote a remark decides who reads it.")
    )


def why_not_read_pause(account: ConnectedAccount, by: User) -> Reason | None:
    """Why an account is paused is read by who sees its department, and by administrators."""
    if by.is_administrator or account.department_id in access.department_ids(by):
        return None
    return Reason(
        "other_department",
        _("The people of {department} know why.").format(department=account.department.name),
    )


def why_not_assign(ticket: Ticket, to: Person | None, by: User) -> Reason | None:
    """Only to somebody of the ticket's department."""
    if reason := why_not_work(ticket, by):
        return reason
    if to and not access.members(ticket.department).filter(pk=to.pk).exists():
        return Reason(
            "not_a_member",
            _("{name} does not belong to {department}.").format(
                name=to.name, department=ticket.department.name
            ),
        )
    return None


def why_not_hand_off(ticket: Ticket, to: Department, by: User) -> Reason | None:
    """To another department, at any time.

    An approval given here becomes void, unless the reply is on its way already.
    """
    if reason := why_not_work(ticket, by):
        return reason
    if to.pk == ticket.department_id:
        return Reason(
            "same_department",
            _("The ticket is in {department} already.").format(department=to.name),
        )
    return merge_policies.why_not_leave(ticket)


def said_before_hand_off(ticket: Ticket, to: Department) -> str:
    """Return what whoever hands over should know about who approves there.

    Where the account's department is stricter, its rule goes along; else empty.
    """
    owner = ticket.account.department
    if access.policy_of(to, owner) == to.review_policy:
        return ""
    return _(
        "{department}: any colleague approves there, but {account} belongs to {owner}, "
        "where team leads and the lead do. The stricter rule goes "
        "along: in {department} too only team leads and the lead will approve replies of "
        "this ticket."
    ).format(department=to.name, account=ticket.account, owner=owner.name)


def why_not_resolve(ticket: Ticket, by: User) -> Reason | None:
    """Not while a reply waits for its second signature or is on its way."""
    if reason := why_not_work(ticket, by):
        return reason
    if ticket.status == TicketStatus.RESOLVED:
        return Reason("resolved_already", _("This ticket is resolved already."), kind=IllegalMove)
    if ticket.status in {TicketStatus.IN_APPROVAL, TicketStatus.SENDING}:
        return Reason(
            "reply_waits",
            _(
                "A reply is waiting for approval or is on its way. Withdraw it first, then "
                "resolve the ticket."
            ),
            kind=IllegalMove,
        )
    return None


def why_not_reopen(ticket: Ticket, by: User) -> Reason | None:
    """Reopen only what is resolved.

    And only while the customer has no other open ticket in this conversation.
    """
    if reason := why_not_work(ticket, by):
        return reason
    if ticket.status != TicketStatus.RESOLVED:
        return Reason("not_resolved", _("This ticket is open already."), kind=IllegalMove)
    if open_in_conversation(ticket).exists():
        return Reason(
            "newer_ticket",
            _("A newer ticket of this conversation is open. Reply there."),
            kind=IllegalMove,
        )
    return None


def why_not_merge(ticket: Ticket, into: Ticket, by: User) -> Reason | None:
    """Who works on both tickets merges the first into the second."""
    return (
        why_not_work(into, by)
        or why_not_work(ticket, by)
        or merge_policies.why_not_merge(ticket, into)
    )


def why_not_unmerge(ticket: Ticket, by: User) -> Reason | None:
    """Who works in the department takes a merged ticket out again."""
    return why_not_member(ticket, by) or merge_policies.why_not_unmerge(ticket)


def why_too_late_to_undo(done_at: datetime) -> Reason | None:
    """Refuse to undo what was done more than some minutes ago."""
    if desk_now() < done_at + timedelta(minutes=UNDO_MINUTES):
        return None
    return Reason(
        "undo_over",
        _(
            "Nothing was undone: that is possible for {n} minutes only. Put it right by hand, "
            "so that everybody sees why."
        ).format(n=UNDO_MINUTES),
        kind=Stale,
    )


def why_not_know(account: ConnectedAccount, by: User) -> Reason | None:
    """Let a lead, a deputy or an administrator say that a post past the desk is known."""
    if access.decides_escalations(by, account.department) or (by.is_active and by.is_administrator):
        return None
    return Reason(
        "no_right",
        _("The department lead, the deputy and administrators can mark a post as known."),
    )


def why_not_pause(account: ConnectedAccount, by: User) -> Reason | None:
    """Any team lead, deputy or lead may stop an account at once."""
    if not access.may_endorse(by, account.department) and not by.is_administrator:
        return Reason(
            "no_right",
            _("Team leads, the department lead and administrators can pause an account."),
        )
    if account.status != AccountState.ACTIVE:
        return Reason(
            "paused_already",
            _("{account} is paused already.").format(account=account),
            kind=IllegalMove,
        )
    return None


def why_not_resume(account: ConnectedAccount, by: User) -> Reason | None:
    """Let a lead, a deputy or an administrator resume sending."""
    if not access.decides_escalations(by, account.department) and not by.is_administrator:
        return Reason(
            "no_right",
            _("The department lead, the deputy and administrators can resume an account."),
        )
    if account.status != AccountState.PAUSED:
        return Reason(
            "not_paused", _("{account} is not paused.").format(account=account), kind=IllegalMove
        )
    if ends := lineage.settled_at():
        return Reason(
            "may_still_appear",
            _(
                "The database is on another server. What was being sent may still appear on X "
                "until {time}; resume after that."
            ).format(time=until(ends)),
            kind=IllegalMove,
        )
    return None
