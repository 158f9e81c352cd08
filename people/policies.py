"""Why this person may not set up people and departments, why nobody adds a sign-in to somebody else, and why a link cannot go by mail."""

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Reason
from people.models import Invitation, Person, User


def why_not_manage(by: User | None) -> Reason | None:
    """Administrators set up the desk; so do commands, which nobody signs in for."""
    if by is None or (by.is_active and by.is_administrator):
        return None
    return Reason("no_right", _("Administrators set up people and departments. Tell one of them what should change."))


def why_not_add_sign_in(person: Person, *, by: User | None, invitation: Invitation | None = None) -> Reason | None:
    """A person's first sign-in comes with them. A further one is added by themselves, signed in, or by a link that was mailed and shown to nobody."""
    if not person.users.exists() or (by and by.is_active and by.person_id == person.pk):
        return None
    if invitation and invitation.person_id == person.pk and invitation.only_by_mail:
        return None
    return Reason("not_own_sign_in", _("{name} is at this desk already and adds a further sign-in themselves, under “Sign-in and security”.").format(
        name=person.name))


def why_not_by_mail(user: User) -> Reason | None:
    """Why no link can go to this sign-in's address: no mail server, no address, switched off, or an address that its owner has not confirmed."""
    if not user.is_active:
        return Reason("switched_off", _("{name} is switched off.").format(name=user.person.name))
    if not settings.EMAIL_HOST:
        return Reason("no_mail", _("This desk has no mail server, so no link can be sent."))
    if not user.email:
        return Reason("no_address", _("{name} has no e-mail address here.").format(name=user.person.name))
    if not user.email_confirmed:
        return Reason("address_not_confirmed", _(
            "Somebody else set the e-mail address of {name}; no link goes there before {name} has confirmed it.").format(name=user.person.name))
    return None


def why_not_invite_known(user: User) -> Reason | None:
    """Why somebody whose address is known cannot be invited once more: the link could not reach them unseen. It says what to do instead."""
    if (reason := why_not_by_mail(user)) is None:
        return None
    return Reason(f"known_{reason.code}", str(reason) + " " + _(
        "{name} is at this desk already: give the role on their page. A further sign-in they add themselves, under “Sign-in and security”.").format(
        name=user.person.name))


def why_not_new_password(user: User, *, by: User) -> Reason | None:
    """Why this administrator makes no link for a new password: their own they change themselves, and no link follows an address they set."""
    if by.person_id == user.person_id:
        return Reason("own_password", _("You change your own password under “Sign-in and security”."))
    if not user.is_active:
        return why_not_by_mail(user)
    if settings.EMAIL_HOST and not user.email_confirmed:
        return Reason("address_not_confirmed", _(
            "The e-mail address was set by somebody else and is not confirmed. Put the former one back, or let {name} confirm it.").format(
            name=user.person.name))
    return None
