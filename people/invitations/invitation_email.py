"""The e-mails about sign-ins.

The link of an invitation, and word to an address that was given up.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from people import company, mail
from people.models import Invitation, User
from people.preferences.zones import as_read_by


def link_of(key: str) -> str:
    """Return the address that an invitation's link opens."""
    return settings.DESK_URL + reverse("invitation", args=[key])


def send(invitation: Invitation, link: str) -> bool:
    """Send an invitation's link.

    False where there is no address or no mail server, or the server would not take it.
    """
    user = invitation.user or (
        User.objects.filter(person=invitation.person).order_by("id").first()
        if invitation.person
        else None
    )
    with as_read_by(user):
        subject, text = words_of(invitation, user, link)
    return post(invitation.email, subject, text, user=user)


def words_of(invitation: Invitation, user: User | None, link: str) -> tuple[str, str]:
    """Subject and text, in the present language."""
    by = invitation.by.person.name if invitation.by else company.name() or "Paraph"
    if invitation.user and not invitation.by:
        return _("A new password for the desk"), _(
            "Hello {name},\n\nsomebody asked for a new password for {username}. Choose it "
            "within seven days:\n{link}\n\n"
            "If that was not you, do nothing: your password stays as it is."
        ).format(name=invitation.user.person.name, username=invitation.user.username, link=link)
    if invitation.user:
        return _("A new password for the desk"), _(
            "Hello {name},\n\n{by} sends you this link, which nobody else has seen. Choose "
            "a new password for {username} within seven days:\n{link}"
        ).format(
            name=invitation.user.person.name, by=by, username=invitation.user.username, link=link
        )
    return _("Your invitation to the desk"), _(
        "Hello {name},\n\n{by} invites you to the desk. Choose your password within seven "
        "days:\n{link}"
    ).format(name=user.person.name if user else invitation.name, by=by, link=link)


def tell_former(user: User, address: str, *, by: User | None) -> bool:
    """Tell an address that it is this person's no longer."""
    with as_read_by(user):
        return post(
            address,
            _("Your e-mail address at the desk was changed"),
            _(
                "Hello {name},\n\n{by} changed the e-mail address of {username}. E-mails of the "
                "desk no longer come here. If that is not right, tell an administrator."
            ).format(
                name=user.person.name,
                by=by.person.name if by else company.name() or "Paraph",
                username=user.username,
            ),
            user=user,
        )


def post(address: str, subject: str, text: str, *, user: User | None = None) -> bool:
    """One e-mail.

    False where there is no address or no mail server, or the server would not take it.
    """
    try:
        return mail.send(address, subject, text, user=user)
    except mail.Deaf as deaf:  # nobody asks again for this one
        mail.set_aside(address, subject, str(deaf), user=user)
        return False
