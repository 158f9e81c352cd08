"""A person is the human being; a user is a sign-in and belongs to exactly one person.

Every rule compares persons.
"""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from core.database.guards import DeskNow
from core.database.one_line import on_one_line
from people.guards import INITIALS, KEPT_INITIALS, SAME_PERSON
from people.identity.guards import ENDED, FURTHER, NAMES
from people.roles import Role


class Person(models.Model):
    """A human being with a name and, if they write, initials.

    Initials are unique for ever in this installation.
    """

    name = models.CharField(max_length=200)
    initials = models.CharField(
        max_length=4,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^[a-z]{2,4}$")],
    )
    is_listed_by_name = models.BooleanField(
        default=False,
        help_text="the person agreed to stand by first name in the public list of initials",
    )
    created_at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (name, initials, is_listed_by_name)"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(initials__isnull=True) | Q(initials__regex=r"^[a-z]{2,4}$"),
                name="person_initials_letters",
            ),
            KEPT_INITIALS,
            INITIALS,
            on_one_line("person", "name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What stands in the public list of initials, if the person agreed."""
        return self.name.split()[0] if self.name.split() else ""

    @property
    def stamp(self) -> str:
        """What stands in the square stamp: the initials that were given, or nothing.

        Never letters made from the name.
        """
        return self.initials or ""


class Portrait(models.Model):
    """A small square picture that the person brought for the public list of initials; JPEG."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True)
    image = models.BinaryField(max_length=200_000)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (image, at), DELETE"

    def __str__(self) -> str:
        return f"picture of {self.person}"


class UsedInitials(models.Model):
    """Initials that somebody bore at some time, and since when: nobody else ever bears them again.

    Written by the database alone.
    """

    initials = models.CharField(max_length=4, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT"

    def __str__(self) -> str:
        return self.initials


class Folded(models.Func):
    """A name or address as the database compares it: `people_folded()`."""

    function = "people_folded"
    output_field = models.TextField()


class Users(BaseUserManager["User"]):
    """Sign-ins by user name."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """User names and e-mail addresses are one space and compared folded.

        Without case, in the usual form, without what is not seen.
        """
        return self.get(login_names__folded=Folded(models.Value(username or "")))


class User(AbstractBaseUser):
    """A sign-in. Never deleted, and never moved to another person."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    confirmed_email = models.EmailField(
        blank=True,
        help_text="the address that the person last said is theirs; links go to no other one",
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="users")
    added_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the person's own sign-in that added this one",
    )
    invitation = models.ForeignKey(
        "people.Invitation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the invitation through which it came",
    )
    language = models.CharField(max_length=5, blank=True)
    theme = models.CharField(
        max_length=5, blank=True, choices=[("light", "light"), ("dark", "dark")]
    )
    density = models.CharField(max_length=11, blank=True, choices=[("compact", "compact")])
    time_zone = models.CharField(
        max_length=40, blank=True, db_default="", help_text="for reading times; empty: the desk’s"
    )
    hours = models.CharField(
        max_length=2,
        blank=True,
        db_default="",
        choices=[("12", "12"), ("24", "24")],
        help_text="how the hours of a day are counted; empty: as the language does",
    )
    letters = models.BooleanField(default=True, help_text="single letters act")
    own_letters = models.JSONField(
        default=dict, blank=True, help_text="letters of this person's own, by the desk's letter"
    )
    sound = models.BooleanField(default=False)
    moves_on = models.BooleanField(
        default=True, help_text="the next ticket opens when one is done with"
    )
    notices = models.JSONField(
        default=dict, blank=True, help_text="ways chosen for each kind of notice"
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    quiet_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=DeskNow())

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["email"]
    objects = Users()
    app_may = """SELECT, INSERT, UPDATE (
        password, last_login, username, email, confirmed_email, language, theme, density, time_zone,
        hours, letters, own_letters, sound, moves_on, notices, quiet_from, quiet_until, quiet_days,
        is_active)"""

    class Meta:
        constraints = [
            SAME_PERSON,
            NAMES,
            FURTHER,
            ENDED,
            on_one_line("sign_in", "username", "email", "confirmed_email"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def email_confirmed(self) -> bool:
        """Whether the person said that the present address is theirs."""
        return self.email == self.confirmed_email

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password.

        It is not hashed anew on the way: another hash ends sessions and tokens.
        """
        return check_password(raw_password, self.password)

    @cached_property
    def memberships(self) -> list:
        """Return this person's present memberships, with their departments.

        Asked once per request.
        """
        return list(
            self.person.membership_set.filter(ended_at__isnull=True)
            .with_standing()
            .select_related("department")
        )

    @property
    def is_administrator(self) -> bool:
        """Whether this person configures the desk, under a role that counts.

        It gives no right to decide on a reply.
        """
        return any(one.role == Role.ADMINISTRATOR and one.counts for one in self.memberships)

    @property
    def is_staff(self) -> bool:
        """Django's admin site is open to administrators."""
        return self.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Rights in Django's admin site; the desk itself asks `people.access`."""
        return self.is_active and self.is_administrator

    def has_module_perms(self, app_label: str) -> bool:
        """As `has_perm`."""
        return self.has_perm("")
