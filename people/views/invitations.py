"""Pages without a sign-in.

Accepting an invitation, and the public list of valid initials with its pictures.
"""

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.screens.form_values import sent
from people import company
from people.forms import JoinForm
from people.identity import signing_in
from people.invitations import invitations
from people.models import Invitation, Person, Portrait, UsedInitials, User
from people.requests import DeskRequest


@login_not_required
def accept(request: DeskRequest, key: str) -> HttpResponse:
    """Join, or choose a new password, and be signed in."""
    invitation = invitations.find(key)
    if invitation is None:
        return render(request, "people/invitation_over.html", status=404)
    here = request.user if isinstance(request.user, User) else None
    form = JoinForm(invitation, sent(request))
    if form.is_valid():
        with form.refusing():
            user = invitations.accept(invitation, **form.chosen(), here=here)
            signing_in.sign_in(request, user)
            begins = invitation.by_id is None and user.is_administrator
            return redirect("first-steps" if begins else "inbox")
    context = {
        "invitation": invitation,
        "role": role_in(invitation),
        "company": company.name(),
        "form": form,
        "why_not": invitations.why_not_accept(invitation, here=here),
    }
    return render(request, "people/invitation.html", context, status=form.status)


def role_in(invitation: Invitation) -> str:
    """Return the role that somebody is invited to, with its department."""
    role = invitation.get_role_display()
    return f"{role} ({invitation.department.name})" if invitation.department else role


@login_not_required
def initials(request: DeskRequest) -> HttpResponse:
    """Who signs for us: the initials that are valid now, and since when.

    First names of who agreed, pictures of who brought one.
    """
    rows = (
        UsedInitials.objects.filter(person__initials=F("initials"), person__users__is_active=True)
        .select_related("person")
        .distinct()
        .order_by("initials")
    )
    return render(
        request,
        "people/initials.html",
        {
            "rows": rows,
            "company": company.name(),
            "pictured": set(Portrait.objects.values_list("person_id", flat=True)),
        },
    )


@login_not_required
def picture(request: DeskRequest, initials: str) -> HttpResponse:
    """Show the picture beside initials that are valid now."""
    portrait = get_object_or_404(
        Portrait, person__in=Person.objects.filter(initials=initials, users__is_active=True)
    )
    return HttpResponse(
        bytes(portrait.image),
        content_type="image/jpeg",
        headers={"Cache-Control": "public, max-age=3600"},
    )
