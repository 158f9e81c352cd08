"""Invitations, tokens for the API, and the facts about changed access.

Who set whose, and which persons are one.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.database.guards import DeskNow, append_only
from core.database.one_line import on_one_line
from people.guards import LINK, NATURAL
from people.identity.guards import INVITATION, TOKEN
from people.models.department import Department
from people.models.person import Person, User
from people.roles import Role

ACCESS_WORDS = {
    "email": _("e-mail address"),
    "password": _("password"),
    "person": _("name, initials or person"),
    "role": _("role"),
    "sign_in": _("further sign-in"),
}


class ApiToken(models.Model):
    """A key for the API. Only its SHA-256 is stored; the key itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=DeskNow())
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    app_may = "SELECT, INSERT, UPDATE (revoked_at, used_at)"

    class Meta:
        constraints = [TOKEN, on_one_line("api_token", "name")]

    def __str__(self) -> str:
        return self.name


class AccessChange(models.Model):
    """`setter` set `subject`'s e-mail, password, second factor, person or role.

    For 7 days the two form no pair.
    """

    setter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [append_only("people_accesschange")]
        indexes = [models.Index(fields=["setter", "subject", "at"], name="access_change_pair")]

    def __str__(self) -> str:
        return f"{self.setter} → {self.subject}: {self.kind}"

    @property
    def what(self) -> str:
        """What was set, in words."""
        return str(ACCESS_WORDS.get(self.kind, self.kind))


class PersonLink(models.Model):
    """Two persons are one human being, for ever: an administrator found out.

    The four-eyes rule then takes them for one.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="link")
    same_as = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("people_personlink"),
            NATURAL,
            LINK,
            models.CheckConstraint(
                condition=~Q(person=models.F("same_as")), name="person_link_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} is {self.same_as}"


class Invitation(models.Model):
    """Somebody is asked to join, or to choose a new password.

    Only the SHA-256 of the key in the link is stored; it works once, for a week.

    With a `user` it is for that sign-in's new password, with a `person` for a further sign-in of
    that person, without either for a new person. One without `by` was made by command or, with a
    `user`, asked for at sign-in. A link that goes `only_by_mail` went to `email` and was shown to
    nobody.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=4, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    only_by_mail = models.BooleanField(default=False)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    app_may = "SELECT, INSERT, UPDATE (accepted_at, accepted_by_id, revoked_at)"

    class Meta:
        constraints = [
            INVITATION,
            on_one_line("invitation", "name", "initials", "email"),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name=""), name="invitation_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.name or self.user}"
