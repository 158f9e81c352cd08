"""Setting up people: invite, change, give and end roles, switch off, link.

By administrators, each with a sentence on what follows from it.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Invalid, NotAllowed, Reason
from core.models import Event
from core.screens.form_values import posted, sent, whole_number
from core.screens.truncated_lists import cut
from people import policies
from people.forms import AbsenceForm, EmailForm, InviteForm, RenameForm, RoleForm
from people.hours import absences
from people.identity import persons, sessions, tokens
from people.invitations import email_addresses, invitation_email, invitations
from people.memberships import endorsement, memberships
from people.models import (
    Absence,
    ApiToken,
    Invitation,
    Membership,
    Person,
    Portrait,
    User,
)
from people.preferences import portraits
from people.requests import DeskRequest
from people.roles import Standing

UNSETTLED = {Standing.WAITS, Standing.BY_ONE}

EVENTS = 40


def invite(request: DeskRequest) -> HttpResponse:
    """Ask somebody to join.

    The link is sent by e-mail where one is given; that of a new person is also shown this once to
    hand over.
    """
    user = request.user
    if reason := policies.why_not_manage(user):
        raise NotAllowed(reason)
    form = InviteForm(sent(request))
    if form.is_valid():
        with form.refusing():
            invitation, key = invitations.invite(**form.cleaned_data, by=user)
            return handed_over(request, invitation, key)
    return render(request, "people/invite.html", {"form": form}, status=form.status)


def handed_over(request: DeskRequest, invitation: Invitation, key: str) -> HttpResponse:
    """Show the page that says where the link went.

    One that goes by mail alone is not on it, and is over at once where no mail server took it.
    """
    link = invitation_email.link_of(key)
    is_mailed = invitation_email.send(invitation, link)
    if invitation.only_by_mail and not is_mailed:
        invitations.revoke(invitation, by=invitation.by)
        raise Invalid(
            Reason(
                "mail_refused",
                _(
                    "The mail server did not accept the e-mail, and this link is shown to "
                    "nobody. Nothing was sent; try again."
                ),
            )
        )
    return render(
        request,
        "people/invited.html",
        {
            "invitation": invitation,
            "link": "" if invitation.only_by_mail else link,
            "sent": is_mailed,
        },
    )


def person(request: DeskRequest, pk: int) -> HttpResponse:
    """One person: name, initials, sign-ins, roles, absences, and what was done about them."""
    one = get_object_or_404(Person.objects.select_related("link__same_as"), pk=pk)
    user = request.user
    return render(
        request,
        "people/person.html",
        {
            "person": one,
            "portrait": Portrait.objects.filter(person=one).only("at").first(),
            "memberships": roles_of(one, user),
            "why_not": policies.why_not_manage(user),
            "own": user.person_id == one.pk,
            "sessions": sessions.of(one) if not policies.why_not_manage(user) else [],
            "tokens": ApiToken.objects.filter(user__person=one, revoked_at__isnull=True)
            .select_related("user")
            .order_by("id"),
            "absences": Absence.objects.filter(person=one, ended_at__isnull=True).order_by(
                "first_day"
            ),
            "others": Person.objects.exclude(pk=pk).order_by("name"),
            "events": cut(
                Event.objects.filter(topic_kind="people.person", topic_id=one.pk).order_by("-id"),
                "events",
                EVENTS,
                request.GET,
            ),
        }
        | forms_of(one),
    )


def forms_of(one: Person) -> dict[str, Any]:
    """Return the forms of the page, and the person's sign-ins each with that of its address."""
    as_it_is = {
        "name": one.name,
        "initials": one.initials or "",
        "listed": one.is_listed_by_name,
    }
    return {
        "renaming": RenameForm(initial=as_it_is),
        "giving": RoleForm(),
        "absent": AbsenceForm(),
        "sign_ins": [
            (each, EmailForm(initial={"email": each.email}, auto_id=f"id_%s_{each.pk}"))
            for each in one.users.order_by("id")
        ],
    }


def roles_of(one: Person, user: User) -> list[dict[str, Any]]:
    """Return this person's roles with how they stand.

    Who said what about them, and whether who looks may confirm them.
    """
    rows = (
        one.membership_set.with_standing()
        .select_related("department", "given_by")
        .order_by("ended_at", "-id")
    )
    return [
        {
            "role": row,
            "shown": row.ended_at is None
            and row.given_by_id is not None
            and endorsement.endorses(row),
            "why_not": policies.why_not_confirm(row, user),
            "mine": endorsement.said_already(row, user),
            "words": row.confirmations.select_related("person").order_by("id"),
            "can": list(
                dict.fromkeys(each.person.name for each in endorsement.who_can_confirm(row))
            )
            if row.standing in UNSETTLED
            else [],
        }
        for row in rows
    ]


@require_POST
def act(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """One change from the person's page; a refusal is answered by the middleware."""
    one = get_object_or_404(Person, pk=pk)
    user = request.user
    if verb == "new-password":
        invitation, key = invitations.invite_to_new_password(
            get_object_or_404(User, pk=whole_number(request, "user"), person=one), by=user
        )
        return handed_over(request, invitation, key)
    said = VERBS[verb](request, one, user) if verb in VERBS else None
    if said:
        messages.success(request, said)
    return redirect("person", pk=pk)


def _rename(request: DeskRequest, one: Person, by: User) -> str:
    wanted = RenameForm(sent(request)).values()
    persons.rename(
        one,
        name=wanted["name"],
        initials=wanted["initials"],
        is_listed_by_name=wanted["listed"],
        by=by,
    )
    return _("Saved.")


def _set_email(request: DeskRequest, one: Person, by: User) -> str:
    email_addresses.set_email(
        get_object_or_404(User, pk=whole_number(request, "user"), person=one),
        **EmailForm(sent(request)).values(),
        by=by,
    )
    return _("Saved.")


def _give_role(request: DeskRequest, one: Person, by: User) -> str:
    memberships.give_role(one, **RoleForm(sent(request)).values(), by=by)
    return _(
        "The role applies from the next request on; for approvals it counts once a second lead "
        "or administrator has confirmed it."
    )


def _end_role(request: DeskRequest, one: Person, by: User) -> str:
    memberships.end_role(
        get_object_or_404(Membership, pk=whole_number(request, "membership"), person=one), by=by
    )
    return _("The role has ended; approvals given under it no longer count.")


def _confirm(request: DeskRequest, one: Person, by: User) -> str:
    endorsement.confirm(
        get_object_or_404(Membership, pk=whole_number(request, "membership"), person=one), by=by
    )
    return _("Confirmed. The role counts.")


def _refuse(request: DeskRequest, one: Person, by: User) -> str:
    endorsement.refuse(
        get_object_or_404(Membership, pk=whole_number(request, "membership"), person=one), by=by
    )
    return _("Not confirmed. The role does not count for approvals.")


def _deactivate(request: DeskRequest, one: Person, by: User) -> str:
    memberships.deactivate(one, by=by)
    return _("Switched off. Every session, token and open link has ended for good.")


def _reactivate(request: DeskRequest, one: Person, by: User) -> str:
    memberships.reactivate(one, by=by)
    return _("Switched on again. Give the roles again.")


def _link(request: DeskRequest, one: Person, by: User) -> str:
    persons.link(one, same_as=get_object_or_404(Person, pk=whole_number(request, "same_as")), by=by)
    return _("From now on these two are one person.")


def _add_absence(request: DeskRequest, one: Person, by: User) -> str:
    absences.add_absence(one, **AbsenceForm(sent(request)).values(), by=by)
    return _("Absence added. The deputy is asked in the meantime.")


def _end_absence(request: DeskRequest, one: Person, by: User) -> str:
    absences.end_absence(
        get_object_or_404(Absence, pk=whole_number(request, "absence"), person=one), by=by
    )
    return _("Absence removed.")


def _picture(request: DeskRequest, one: Person, by: User) -> str:
    portraits.upload(one, picture=request.FILES.get("picture"), by=by)
    return _("Your picture is in the list of initials.")


def _no_picture(request: DeskRequest, one: Person, by: User) -> str:
    portraits.take_away(one, by=by)
    return _("Picture removed.")


def _end_session(request: DeskRequest, one: Person, by: User) -> str:
    sessions.end(one, mark=posted(request, "session"), by=by)
    return _("The session has ended.")


def _end_sessions(request: DeskRequest, one: Person, by: User) -> str:
    sessions.end_all_of(one, by=by, but=request.session.session_key)
    return _("Every session of {name} has ended.").format(name=one.name)


def _revoke_token(request: DeskRequest, one: Person, by: User) -> str:
    tokens.revoke(
        get_object_or_404(
            ApiToken.objects.select_related("user__person"),
            pk=whole_number(request, "token"),
            user__person=one,
        ),
        by=by,
    )
    return _("The token no longer works.")


VERBS = {
    "rename": _rename,
    "email": _set_email,
    "give-role": _give_role,
    "end-role": _end_role,
    "confirm": _confirm,
    "refuse": _refuse,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "link": _link,
    "absence": _add_absence,
    "end-absence": _end_absence,
    "picture": _picture,
    "no-picture": _no_picture,
    "end-session": _end_session,
    "end-sessions": _end_sessions,
    "revoke-token": _revoke_token,
}
