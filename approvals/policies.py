"""Why this person may not do this with a draft now: one function per verb, a reason or None.

The database has the last word.
"""

from collections.abc import Set

from django.db import connection
from django.utils.translation import gettext as _

from approvals import applicable_guidelines, querysets
from approvals.models import Draft, GuidelineVersion, Review, Revision
from approvals.states import OPEN, Decision, DraftStatus
from core.errors import Invalid, Reason, Stale
from core.text.formatting import NAMED, ago, listed, until, when
from people import access
from people.memberships import endorsement
from people.models import Department, Membership, Person, User
from people.roles import LEADS, REVIEWERS, Role, Standing
from tickets import lifecycle
from tickets import policies as ticket_policies
from tickets.models import Ticket
from tickets.states import BY_THE_CUSTOMER, TicketStatus


def names_who_can(ticket: Ticket, *, but: Set[int] = frozenset()) -> str:
    """Return the people who can decide on this ticket's drafts now.

    Without those who wrote the words.
    """
    lead_side = lifecycle.open_escalation(ticket) is not None
    people = access.entitled_people(
        ticket.department, lead_side=lead_side, owner=ticket.account.department
    )
    writers = {row for one in but for row in access.all_rows_of(one)}
    return listed([person.name for person in people if person.pk not in writers], NAMED)


def why_not_draft(
    ticket: Ticket, by: User, versions: list[GuidelineVersion] | None = None
) -> Reason | None:
    """Leave writing to the ticket's department, on a ticket that is open, with initials.

    `versions` are the guidelines that apply to the department, where they are at hand.
    """
    if reason := ticket_policies.why_not_work(ticket, by):
        return reason
    if ticket.status == TicketStatus.RESOLVED:
        return Reason(
            "ticket_resolved",
            _("This ticket is resolved. Reopen it to reply; your text is kept."),
            kind=Stale,
        )
    if not by.person.initials:
        return Reason(
            "initials_missing",
            _(
                "You have no initials yet, and every reply is signed. The administrator "
                "can give you some; "
                "your text is kept."
            ),
        )
    return why_confirm_first(ticket, by, versions)


def why_confirm_first(
    ticket: Ticket, by: User, versions: list[GuidelineVersion] | None = None
) -> Reason | None:
    """Who has not confirmed a version of the guidelines by its deadline does not go on writing."""
    if versions is None:
        versions = applicable_guidelines.applying_to(ticket.department)
    late = applicable_guidelines.overdue(applicable_guidelines.unconfirmed(by, versions))
    if late is None:
        return None
    return Reason(
        "confirm_first",
        _(
            "Confirm version {n} of the guideline to go on writing. It takes two minutes, "
            "and your text is "
            "kept."
        ).format(n=late.number),
    )


def why_not_save(
    draft: Draft, by: User, versions: list[GuidelineVersion] | None = None
) -> Reason | None:
    """Only who writes the draft; a colleague takes it over first."""
    if reason := why_not_draft(draft.ticket, by, versions):
        return reason
    if draft.status not in OPEN:
        return Reason(
            "not_open", _("This draft is closed. Start a new reply; your text is kept."), kind=Stale
        )
    if draft.writer.person_id != by.person_id:
        return Reason(
            "not_your_draft",
            _("{name} is writing this reply. Take it over to go on writing.").format(
                name=draft.writer.person.name
            ),
        )
    return None


def why_not_submit(
    draft: Draft, by: User, versions: list[GuidelineVersion] | None = None
) -> Reason | None:
    """As for saving, and while nothing of it is on its way to X."""
    return why_not_save(draft, by, versions) or why_too_late(draft)


def why_not_take_over(draft: Draft, by: User) -> Reason | None:
    """Anybody who may write on the ticket, while the draft is open and not on its way."""
    if reason := why_not_draft(draft.ticket, by):
        return reason
    if draft.status not in {DraftStatus.WRITING, DraftStatus.CHANGES_REQUESTED}:
        return Reason(
            "not_open",
            _("This draft is in review or done; there is nothing to take over."),
            kind=Stale,
        )
    return None


def why_too_late(draft: Draft) -> Reason | None:
    """Once the reply is on its way to X, nothing here takes it back."""
    since = on_its_way_since(draft)
    if since is None:
        return None
    return Reason(
        "too_late",
        _(
            "The reply has been on its way to X since {time}, too late to take it back "
            "here. Once posted, a lead can "
            "take it down."
        ).format(time=until(since)),
        kind=Stale,
    )


def on_its_way_since(draft: Draft):
    """Return when sending began, or None.

    Asked of the database, since what sends lies above this package.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT approvals_on_its_way(%s)", [draft.pk])
        return cursor.fetchone()[0]


def why_not_decide(
    revision: Revision, by: User, *, sha256: str | None, context_version: int | None
) -> Reason | None:
    """Return why this person may not decide on the revision now, or None.

    On the newest revision of a draft in review, by somebody else who is entitled, on what was on
    the screen.
    """
    return (
        _why_not_in_review(revision, by)
        or why_not_second_person(revision, by, approving=True)
        or why_other_text(revision, sha256=sha256, context_version=context_version)
    )


def _why_not_in_review(revision: Revision, by: User) -> Reason | None:
    draft = revision.draft
    if draft.status == DraftStatus.IN_REVIEW:
        return None
    if draft.status == DraftStatus.WITHDRAWN:
        return Reason(
            "withdrawn",
            _(
                "{name} withdrew this draft {ago}. There is nothing to decide; the text "
                "stays in the timeline."
            ).format(name=draft.writer.person.name, ago=ago(draft.updated_at)),
            kind=Stale,
        )
    last = revision.reviews.select_related("person").order_by("-id").first()
    if last is None:
        return Reason(
            "not_in_review",
            _("This draft is not in review. Load again to see where it stands now."),
            kind=Stale,
        )
    decided = {
        Decision.APPROVE: _("approved"),
        Decision.REQUEST_CHANGES: _("returned"),
        Decision.REJECT: _("rejected"),
    }
    return Reason(
        "decided_already",
        _("{name} decided this {ago}: {decision}. Nothing is left to do here.").format(
            name=last.person.name, ago=ago(last.at), decision=decided[Decision(last.decision)]
        ),
        kind=Stale,
    )


def why_not_second_person(revision: Revision, by: User, *, approving: bool) -> Reason | None:
    """Whether this person can be the second behind these words.

    The first reason that stands in the way.
    """
    ticket = revision.draft.ticket
    names = names_who_can(ticket, but={revision.person_id})
    if access.same_person(by.person_id, revision.person_id):
        return _own_words(revision, by, names)
    if not by.person.initials:
        return Reason(
            "initials_missing",
            _(
                "You have no initials yet, and every decision is signed. {names} can give you some."
            ).format(names=_administrators()),
        )
    then = access.as_of(by, revision.at)
    wrote_before = approving and wrote_an_earlier_text(revision, by)
    if lifecycle.open_escalation(ticket):
        reason = _why_not_for_the_lead(revision, by, wrote_before, names)
    else:
        reason = _why_not_entitled(revision, by, wrote_before, names)
    if reason:
        return reason
    if access.strongest_membership(by, ticket.department) is None:
        # Wrote an earlier text, and has left the department since.
        return _no_right(ticket, then, names)
    return (_made_by_one(revision, then, names) if approving else None) or _access_changed(
        revision, then, names
    )


def wrote_an_earlier_text(revision: Revision, by: User) -> bool:
    """Whether this person wrote an earlier revision of the same draft."""
    return revision.draft.revisions.filter(
        person__in=access.all_rows_of(by.person_id), number__lt=revision.number
    ).exists()


def _why_not_for_the_lead(
    revision: Revision, by: User, wrote_before: bool, names: str
) -> Reason | None:
    """Refuse, while the ticket is escalated, unless one of the two is lead or deputy."""
    ticket = revision.draft.ticket
    _entitled, writer_leads = _writer_sides(revision)
    if access.decides_escalations(access.as_of(by, revision.at), ticket.department):
        return None
    if wrote_before and writer_leads:
        return None
    return _role_waits(ticket, by, (*LEADS,), names) or Reason(
        "needs_lead",
        _(
            "This reply was escalated, so the decision is with {names}. Leave your view as a "
            "note: it helps."
        ).format(names=names),
    )


def _why_not_entitled(
    revision: Revision, by: User, wrote_before: bool, names: str
) -> Reason | None:
    """Refuse unless this person, or the writer of an earlier text of theirs, is entitled."""
    ticket = revision.draft.ticket
    owner = ticket.account.department
    then = access.as_of(by, revision.at)
    writer_entitled, _leads = _writer_sides(revision)
    if access.may_endorse(then, ticket.department, owner=owner):
        return None
    if wrote_before and writer_entitled:
        return None
    if access.may_endorse(by, ticket.department, owner=owner):
        return Reason(
            "self_made_role",
            _(
                "You gave yourself this role after the text was written, so it does not count "
                "for it. The decision is with {names}."
            ).format(names=names),
        )
    roles = access.endorsing_roles(ticket.department, owner)
    return _role_waits(ticket, by, roles, names) or _no_right(ticket, then, names)


def a_lead_stands_behind(revision: Revision, by: User) -> bool:
    """Whether lead or deputy is one of the two, if this person approves.

    Now, or as the writer whom they countersign.
    """
    wrote_before = revision.draft.revisions.filter(
        person__in=access.all_rows_of(by.person_id), number__lt=revision.number
    ).exists()
    return access.decides_escalations(by, revision.draft.ticket.department) or (
        wrote_before and _writer_sides(revision)[1]
    )


def names_of_leads(ticket: Ticket) -> str:
    """Return the people who decide on what needs the lead."""
    return listed(
        [person.name for person in access.entitled(ticket.department, lead_side=True)], NAMED
    )


def _administrators() -> str:
    """Return the names of those who can set people up."""
    roles = Membership.objects.filter(
        role=Role.ADMINISTRATOR, person__users__is_active=True
    ).counting()
    people = Person.objects.filter(pk__in=roles.values("person_id")).order_by("id")
    return listed([one.name for one in people], 3) or _("The administrator")


def _role_waits(ticket: Ticket, by: User, roles: tuple[Role, ...], names: str) -> Reason | None:
    """Whether this person holds a role that would do, if only somebody had confirmed it."""
    above = access.chain(ticket.department)
    waiting = [
        one
        for one in by.memberships
        if not one.counts
        and one.role in roles
        and (
            one.department_id == ticket.department_id
            or (one.role in LEADS and one.department_id in above)
        )
    ]
    if not waiting:
        return None
    can = listed(
        list(dict.fromkeys(user.person.name for user in endorsement.who_can_confirm(waiting[0]))), 3
    )
    if waiting[0].standing == Standing.REFUSED or not can:
        return Reason(
            "role_refused",
            _(
                "Your role as {role} was not confirmed, so it does not count. {names} can decide."
            ).format(role=waiting[0].get_role_display(), names=names),
        )
    return Reason(
        "role_waits",
        _(
            "Your role as {role} counts once a second person has confirmed it: {names} can do that."
        ).format(role=waiting[0].get_role_display(), names=can),
    )


def _made_by_one(revision: Revision, by: User, names: str) -> Reason | None:
    """Whether one of the two is at the desk by the word of the other alone.

    It counts only while somebody else could confirm it.
    """
    if not (
        access.made_by(revision.person_id, by.person_id)
        or access.made_by(by.person_id, revision.person_id)
    ):
        return None
    return Reason(
        "made_by_one",
        _(
            "So far only one of you two vouches for the other, so together you do not "
            "count as four eyes. A second lead or "
            "administrator has to confirm that role first; {names} can decide."
        ).format(names=names),
    )


def _own_words(revision: Revision, by: User, names: str) -> Reason:
    """Say why nobody approves their own words, and who can."""
    if not names:
        return Reason(
            "nobody_entitled",
            _(
                "Nobody may approve this text at present, because everyone with that right "
                "wrote part of it. Ask the administrator for another team lead, then submit again."
            ),
        )
    if by.pk != revision.user_id:
        return Reason(
            "same_person",
            _(
                "This text is yours, written under {other}. Four eyes means two people, so "
                "the decision is with {names}."
            ).format(other=revision.user.username, names=names),
        )
    if revision.is_correction:
        return Reason(
            "corrected",
            _(
                "You corrected this text, so these words are yours now. {author} can "
                "countersign them, or a third person can approve."
            ).format(author=revision.draft.writer.person.name),
        )
    ticket = revision.draft.ticket
    if access.decides_escalations(by, ticket.department) and lifecycle.open_escalation(ticket):
        sentence = _("You wrote this reply yourself, so another lead decides: {names}.")
        return Reason("lead_wrote", sentence.format(names=names))
    return Reason(
        "own_words",
        _(
            "You wrote this text, so a second person has to approve it. {names} can do that now."
        ).format(names=names),
    )


def _no_right(ticket: Ticket, by: User, names: str) -> Reason:
    if by.is_administrator:
        return Reason(
            "administrator",
            _(
                "Administrators set up the desk; nobody can skip a review. {names} can "
                "approve this text."
            ).format(names=names),
        )
    lost = (
        by.person.membership_set.filter(
            department=ticket.department, role__in=REVIEWERS, ended_at__isnull=False
        )
        .order_by("-ended_at")
        .first()
    )
    if lost:
        return Reason(
            "lost_right",
            _(
                "Your right to approve ended {ago}. Nothing was approved; {names} can decide."
            ).format(ago=ago(lost.ended_at), names=names),
        )
    if not access.may_write(by, ticket.department):
        return Reason(
            "other_department",
            _(
                "This reply belongs to {department} and is decided there. You can leave a note."
            ).format(department=ticket.department.name),
        )
    return Reason(
        "no_right",
        _(
            "In {department}, team leads and the department lead approve. You can leave a "
            "note for {names}."
        ).format(department=ticket.department.name, names=names),
    )


def _writer_sides(revision: Revision) -> tuple[bool, bool]:
    """Whether the writer of the revision is entitled in the ticket's department.

    And whether as lead or deputy.
    """
    writer, ticket = access.as_of(revision.user, revision.at), revision.draft.ticket
    return access.may_endorse(
        writer, ticket.department, owner=ticket.account.department
    ), access.decides_escalations(writer, ticket.department)


def _access_changed(revision: Revision, by: User, names: str) -> Reason | None:
    if not access.access_set_lately(by.person_id, revision.person_id):
        return None
    return Reason(
        "access_changed",
        _(
            "Within the last 7 days {author} set up or changed your access, or you theirs. "
            "So the two of you "
            "cannot stand behind one reply yet; {names} can decide."
        ).format(author=revision.person.name, names=names),
    )


def why_writer_is_gone(revision: Revision) -> Reason | None:
    """Whether who wrote these words can still stand behind them.

    Where not, they are not approved but given back.
    """
    if revision.user.is_active:
        return None
    return Reason(
        "writer_gone",
        _(
            "{author}, who wrote this text, is no longer at this desk and cannot stand "
            "behind it. Request changes; a "
            "colleague then takes the reply over and submits it."
        ).format(author=revision.person.name),
    )


def names_no_text() -> Reason:
    """Refuse a decision that does not say which text was read."""
    sentence = _(
        "An approval names the text it is for. Send the hash of the revision you have read."
    )
    return Reason("hash_missing", sentence, kind=Invalid, field="sha256")


def why_other_text(
    revision: Revision, *, sha256: str | None, context_version: int | None
) -> Reason | None:
    """Whether what was on the screen is still what stands there.

    The newest revision, its hash, the ticket's context version.
    """
    newest = revision.draft.newest
    if newest and newest.pk != revision.pk:
        sentence = _(
            "The text changed while you were reading: {name} saved revision {n} {ago}. Nothing "
            "was approved. You see the change below, and your remark is kept."
        ).format(name=newest.person.name, n=newest.number, ago=ago(newest.at))
        return Reason("stale", sentence, kind=Stale)
    if not sha256:
        return names_no_text()
    if sha256 != revision.sha256:
        sentence = _(
            "This hash belongs to another text. Nothing was approved. Load the review again and "
            "decide on what you see."
        )
        return Reason("hash_foreign", sentence, kind=Stale)
    if context_version != revision.draft.ticket.context_version:
        move = revision.draft.ticket.context_changes.order_by("-number").first()
        sentence = _(
            "Something new happened in this ticket while you were reading: {what}. Nothing was "
            "approved. Read it, then decide again."
        ).format(what=move.get_cause_display() if move else "?")
        return Reason("context_changed", sentence, kind=Stale)
    return None


def why_on_no_screen(ticket: Ticket, context_version: int | None) -> Reason | None:
    """Whether this is a state that the ticket has not come to yet, so that nobody can have seen it.

    Written down, it would hide from the review what the customer does from now on.
    """
    if context_version is None or context_version <= ticket.context_version:
        return None
    sentence = _("The ticket has not got that far yet. Load it again; nothing was submitted.")
    return Reason("context_version_odd", sentence)


def why_read_first(ticket: Ticket, context_version: int | None) -> Reason | None:
    """Whether the customer did something that whoever writes has not had on the screen.

    Wrote, edited or deleted after `context_version`.
    """
    if context_version is None or context_version >= ticket.context_version:
        return None
    move = (
        ticket.context_changes.filter(number__gt=context_version, cause__in=BY_THE_CUSTOMER)
        .order_by("number")
        .first()
    )
    if move is None:
        return None
    return Reason(
        "customer_meanwhile",
        _(
            "Something happened while you were writing: {what} ({time}). Nothing was "
            "submitted and your text is kept. Read it, "
            "then submit."
        ).format(what=move.get_cause_display(), time=when(move.at)),
    )


def why_not_withdraw(draft: Draft, by: User) -> Reason | None:
    """Leave taking a draft back to its writer, until the reply is on its way."""
    if draft.status not in OPEN:
        return Reason("not_open", _("This draft is closed already."), kind=Stale)
    if not access.same_person(
        draft.writer.person_id, by.person_id
    ) and not access.decides_escalations(by, draft.ticket.department):
        return Reason(
            "not_your_draft",
            _("Only {name}, who wrote this draft, can withdraw it.").format(
                name=draft.writer.person.name
            ),
        )
    return why_too_late(draft)


def why_not_revoke(draft: Draft, by: User) -> Reason | None:
    """Who endorsed it, until the reply is on its way."""
    if reason := why_too_late(draft):
        return reason
    if draft.status != DraftStatus.APPROVED:
        return Reason("not_approved", _("There is no approval to revoke."), kind=Stale)
    if approval_of(draft, by) is None:
        return Reason(
            "not_your_approval", _("Only the person who approved a text can revoke the approval.")
        )
    return None


def approval_of(draft: Draft, by: User) -> Review | None:
    """Return this person's approval of the newest revision, if it stands."""
    newest = draft.newest
    if newest is None:
        return None
    standing = newest.reviews.filter(decision=Decision.APPROVE, void__isnull=True)
    return standing.filter(person__in=access.all_rows_of(by.person_id)).first()


def request_for_changes(draft: Draft) -> Review | None:
    """Return the request for changes that the draft went back to its author with."""
    newest = draft.newest if draft.status == DraftStatus.CHANGES_REQUESTED else None
    if newest is None:
        return None
    standing = newest.reviews.filter(decision=Decision.REQUEST_CHANGES, void__isnull=True)
    return standing.select_related("person", "revision").first()


def why_not_take_back_changes(draft: Draft, by: User) -> Reason | None:
    """Who asked for changes, for a few minutes, while nothing new happened in the ticket."""
    asked = request_for_changes(draft)
    if asked is None:
        return Reason(
            "not_returned",
            _("Nothing was undone: the text is not with its author any more. Load again."),
            kind=Stale,
        )
    if not access.same_person(asked.person_id, by.person_id):
        return Reason(
            "not_your_decision",
            _("Only {name}, who requested the changes, can undo that.").format(
                name=asked.person.name
            ),
        )
    if reason := ticket_policies.why_too_late_to_undo(asked.at):
        return reason
    ticket = draft.ticket
    if ticket.status != TicketStatus.OPEN or ticket.context_version != asked.context_version:
        return Reason(
            "moved_on",
            _("Nothing was undone: something new has happened in this ticket. Read it first."),
            kind=Stale,
        )
    return None


def why_not_escalate(ticket: Ticket, by: User) -> Reason | None:
    """Let anybody who works on the ticket escalate, also after an approval.

    Not while it is escalated already, and not while a reply is on its way.
    """
    if reason := ticket_policies.why_not_work(ticket, by):
        return reason
    if lifecycle.open_escalation(ticket):
        return Reason("escalated_already", _("This ticket is with the lead already."), kind=Stale)
    if ticket.status == TicketStatus.RESOLVED:
        return Reason(
            "not_open", _("There is nothing to decide in this ticket at present."), kind=Stale
        )
    sending = querysets.draft_with(ticket, {DraftStatus.APPROVED})
    if sending and (reason := why_too_late(sending)):
        return reason
    if not access.entitled_people(ticket.department, lead_side=True):
        return Reason(
            "nobody_entitled",
            _("This department has no lead at present. Ask the administrator to name one."),
        )
    return None


def why_not_hand_back(ticket: Ticket, by: User) -> Reason | None:
    """Lead or deputy of the department or of one of its parents."""
    if not lifecycle.open_escalation(ticket):
        return Reason("not_escalated", _("This ticket is not escalated."), kind=Stale)
    if not access.decides_escalations(by, ticket.department):
        return Reason(
            "needs_lead",
            _("Only the lead or the deputy can hand an escalated ticket back: {names}.").format(
                names=names_who_can(ticket)
            ),
        )
    return None


def why_not_publish(by: User) -> Reason | None:
    """Administrators keep the guidelines."""
    if by.is_active and by.is_administrator:
        return None
    return Reason(
        "no_right",
        _("Administrators look after the guidelines. Tell one of them what should change."),
    )


def why_not_save_replies(department: Department | None, by: User) -> Reason | None:
    """Lead and deputy keep the saved replies of their department, administrators all of them."""
    if by.is_active and (
        by.is_administrator
        or (department is not None and access.decides_escalations(by, department))
    ):
        return None
    return Reason(
        "no_right",
        _(
            "Lead, deputy and administrators look after the saved replies. Tell one of them "
            "which reply is worth saving."
        ),
    )
