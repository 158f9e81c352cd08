"""Departments, and who holds which role in them, from when to when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language

from core.database.guards import DeskNow, append_only, once_set
from core.database.one_line import on_one_line
from people.guards import ENTITLEMENT, MEMBERSHIP
from people.models import role_guards
from people.models.person import Person, User
from people.roles import COUNTING, ReviewPolicy, Role, Standing


class Department(models.Model):
    """A group of colleagues who answer together.

    Its tickets are seen, drafted and reviewed here.
    """

    name_en = models.CharField(max_length=120, unique=True)
    name_de = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    review_policy = models.CharField(
        max_length=20, choices=ReviewPolicy.choices, default=ReviewPolicy.REVIEWERS
    )
    clock_minutes = models.PositiveSmallIntegerField(
        default=10, help_text="minutes until a waiting review is overdue"
    )
    reply_minutes = models.PositiveSmallIntegerField(
        default=30, help_text="target for the first reply, in minutes"
    )
    time_zone = models.CharField(max_length=60, default="Europe/Berlin")
    # Spans of service by weekday, 0 is Monday: {"0": [["08:00", "12:00"]]}; empty is round the
    # clock.
    hours = models.JSONField(default=dict, blank=True)
    holiday_country = models.CharField(max_length=2, blank=True)
    holiday_state = models.CharField(max_length=6, blank=True)
    holidays_by_hand = ArrayField(models.DateField(), default=list, blank=True)

    app_may = (
        "SELECT, INSERT, UPDATE (name_en, name_de, parent_id, review_policy, "
        "clock_minutes, reply_minutes, time_zone, hours, holiday_country, "
        "holiday_state, holidays_by_hand)"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            on_one_line("department", "name_en", "name_de", "time_zone", "holiday_state"),
            models.CheckConstraint(
                condition=Q(review_policy__in=ReviewPolicy.values), name="department_policy_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="department_not_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(clock_minutes__gt=0), name="department_clock_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of the present reader."""
        return self.name_de if (get_language() or "en").startswith("de") else self.name_en


class Stands(Func):
    """How a role stands: the database's `people_role_standing` of a membership's number."""

    function = "people_role_standing"
    output_field = models.CharField()


class Roles(models.QuerySet["Membership"]):
    """Memberships, with how they stand."""

    def with_standing(self) -> "Roles":
        """Each with its `standing`, in the same query."""
        return self.annotate(standing=Stands("pk"))

    def counting(self) -> "Roles":
        """Return the open ones that count for endorsing."""
        held = self.filter(ended_at__isnull=True).with_standing()
        return held.filter(standing__in=COUNTING)  # type: ignore[misc]


class Membership(models.Model):
    """One role of one person for one period.

    Appended and closed; a role given back is a new row.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=Role.choices)
    given_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(db_default=DeskNow())
    ended_at = models.DateTimeField(null=True, blank=True)

    app_may = "SELECT, INSERT, UPDATE (ended_at)"
    objects = Roles.as_manager()

    class Meta:
        constraints = [
            MEMBERSHIP,
            ENTITLEMENT,
            role_guards.WORD,
            role_guards.FIRM,
            role_guards.GIVERS,
            role_guards.SECOND,
            role_guards.POWERS,
            role_guards.STANDING,
            role_guards.COUNTS,
            role_guards.STEERED,
            role_guards.ACCESS_SET,
            role_guards.MADE_BY,
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(role=Role.ADMINISTRATOR, department__isnull=True)
                | (~Q(role=Role.ADMINISTRATOR) & Q(department__isnull=False)),
                name="membership_department_unless_administrator",
            ),
            models.UniqueConstraint(
                fields=["person", "department", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"

    @cached_property
    def standing(self) -> str:
        """How it stands; asked of the database where the query did not bring it."""
        standings = Membership.objects.with_standing().values_list(  # type: ignore[misc]
            "standing", flat=True
        )
        return standings.get(pk=self.pk)

    @property
    def counts(self) -> bool:
        """Whether it counts for endorsing."""
        return self.standing in COUNTING

    @property
    def is_given_by_one(self) -> bool:
        """Whether it counts by the word of one person alone."""
        return self.standing == Standing.BY_ONE


class RoleConfirmation(models.Model):
    """A second person's word about a role: that it is right, or that it is not.

    `under` is their own role. The newest word holds.
    """

    CONFIRMED = "confirmed"
    REFUSED = "refused"

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="confirmations"
    )
    word = models.CharField(max_length=10)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    under = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("people_roleconfirmation"),
            role_guards.CONFIRMATION,
            models.CheckConstraint(
                condition=Q(word__in=["confirmed", "refused"]), name="role_confirmation_word_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.membership}"


class Absence(models.Model):
    """Somebody is away from a day to a day, both included.

    Meanwhile the deputy is asked in the lead's place.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    first_day = models.DateField()
    last_day = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    app_may = "SELECT, INSERT, UPDATE (ended_at)"

    class Meta:
        constraints = [
            once_set("people_absence", "ended_at"),
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="absence_forwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} away {self.first_day} to {self.last_day}"
