"""One's own sign-ins.

Password, address, the browsers one is signed in with, tokens for programs, a further sign-in.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DeskError, Invalid, Reason
from core.screens.form_values import DeskForm, posted, sent, whole_number
from people.access_changes import recent
from people.forms import FurtherSignInForm, OwnEmailForm, PasswordForm, TokenForm
from people.identity import passwords, provisioning, sessions, signing_in, tokens
from people.identity.throttling import is_password_of
from people.invitations import email_addresses
from people.models import ApiToken, User
from people.requests import DeskRequest

FORMS: dict[str, type[DeskForm]] = {
    "password": PasswordForm,
    "email": OwnEmailForm,
    "token": TokenForm,
    "add": FurtherSignInForm,
}


def show(request: DeskRequest) -> HttpResponse:
    """Everything on one page."""
    return page(request)


def page(
    request: DeskRequest, refused: dict[str, DeskForm] | None = None, key: str = ""
) -> HttpResponse:
    """Show the page; with a form that was refused, or the key of a new token."""
    user = request.user
    forms = {
        verb: kind(initial={"email": user.email}, auto_id=f"id_{verb}_%s")
        for verb, kind in FORMS.items()
    } | (refused or {})
    context = {
        "sign_ins": user.person.users.order_by("id"),
        "sessions": sessions.of(user.person, this=request.session.session_key),
        "tokens": ApiToken.objects.filter(user__person=user.person, revoked_at__isnull=True)
        .select_related("user")
        .order_by("id"),
        "changes": recent(user.person),
        "forms": forms,
        "key": key,
    }
    status = max(form.status for form in forms.values())
    return render(request, "people/sign_ins.html", context, status=status)


@require_POST
def act(request: DeskRequest, verb: str) -> HttpResponse:
    """One change; a refused form comes back with what was typed, except passwords."""
    if verb not in VERBS:
        raise Http404
    try:
        answer = VERBS[verb](request, request.user)
    except DeskError as refusal:
        if verb not in FORMS:
            raise
        form = FORMS[verb](sent(request), auto_id=f"id_{verb}_%s")
        form.refuse(refusal)
        return page(request, {verb: form})
    return answer or redirect("sign-ins")


def prove(request: DeskRequest, user: User) -> None:
    """Ask for the present password, whatever an open browser says.

    Too many wrong ones wait as at sign-in.
    """
    if not is_password_of(user, posted(request, "old"), request=request):
        raise Invalid(
            Reason("password_wrong", _("This is not your present password. Nothing was changed.")),
            "old",
        )


def _password(request: DeskRequest, user: User) -> None:
    typed = PasswordForm(sent(request)).values()
    prove(request, user)
    passwords.change(user, typed["password"])
    signing_in.sign_in(request, User.objects.select_related("person").get(pk=user.pk))
    messages.success(
        request, _("Your new password is set. Every other session and every token has ended.")
    )


def _email(request: DeskRequest, user: User) -> None:
    typed = OwnEmailForm(sent(request)).values()
    prove(request, user)
    email_addresses.set_email(user, email=typed["email"], by=user)
    messages.success(request, _("Saved."))


def _add(request: DeskRequest, user: User) -> None:
    typed = FurtherSignInForm(sent(request)).values()
    prove(request, user)
    passwords.check(typed["password"])
    added = provisioning.add_sign_in(
        typed["username"], person=user.person, password=typed["password"], by=user
    )
    messages.success(
        request, _("You can sign in as {username} too.").format(username=added.username)
    )


def _token(request: DeskRequest, user: User) -> HttpResponse:
    typed = TokenForm(sent(request)).values()
    key = tokens.issue(user, name=typed["name"])
    return page(request, key=key)


def _confirm(request: DeskRequest, user: User) -> None:
    email_addresses.confirm(
        get_object_or_404(User, pk=whole_number(request, "user"), person=user.person), by=user
    )
    messages.success(request, _("Confirmed."))


def _revoke(request: DeskRequest, user: User) -> None:
    tokens.revoke(
        get_object_or_404(
            ApiToken.objects.select_related("user"),
            pk=whole_number(request, "token"),
            user__person=user.person,
        ),
        by=user,
    )
    messages.success(request, _("The token no longer works."))


def _end(request: DeskRequest, user: User) -> None:
    sessions.end(user.person, mark=posted(request, "session"), by=user)
    messages.success(request, _("The session has ended."))


def _end_others(request: DeskRequest, user: User) -> None:
    sessions.end_all_of(user.person, by=user, but=request.session.session_key)
    messages.success(request, _("You are now signed in only here."))


def _known(request: DeskRequest, user: User) -> HttpResponse:
    newest = recent(user.person).first()
    request.session["known_access_change"] = newest.pk if newest else 0
    return redirect("sign-ins")


VERBS: dict[str, Callable[[DeskRequest, User], HttpResponse | None]] = {
    "password": _password,
    "email": _email,
    "confirm-email": _confirm,
    "add": _add,
    "token": _token,
    "revoke-token": _revoke,
    "end-session": _end,
    "end-others": _end_others,
    "known": _known,
}
