"""What customers are asked, who was asked by which link, and what they answered."""

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow, Guard, append_only, sql
from core.database.one_line import on_one_line
from people.models import Department, User
from tickets.models import Customer, Ticket


class Via(models.TextChoices):
    """By which way a customer is asked; private ways come with private messages."""

    PUBLIC_LINK = "public_link", "link in the public reply"


class Survey(models.Model):
    """One version of what a department asks: its question in both languages, and of how many.

    The newest version holds; `rate` is how many of a hundred tickets are asked, 0 is nobody.
    """

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    question_en = models.CharField(max_length=120)
    question_de = models.CharField(max_length=120)
    rate = models.PositiveSmallIntegerField()
    via = models.CharField(max_length=12, choices=Via.choices, default=Via.PUBLIC_LINK)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("satisfaction_survey"),
            on_one_line("survey", "question_en", "question_de"),
            models.UniqueConstraint(fields=["department", "version"], name="survey_version_once"),
            models.CheckConstraint(condition=Q(rate__lte=100), name="survey_rate_of_hundred"),
        ]

    def __str__(self) -> str:
        return f"survey {self.version} of {self.department}"


class Asking(models.Model):
    """A customer is asked about one ticket, once, by a link of which only the key's hash is kept.

    It bears nobody's name: who wrote the reply is known to the ticket alone.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="asking")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=12, choices=Via.choices)
    key_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [append_only("satisfaction_asking")]

    def __str__(self) -> str:
        return f"asking about {self.ticket}"


class Answer(models.Model):
    """What the customer answered; for an hour a newer row takes the place of the first.

    The database takes none later, and none to a link that is over.
    """

    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, related_name="answers")
    value = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=500, blank=True)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("satisfaction_answer"),
            Guard(
                name="satisfaction_answer_rule",
                when="BEFORE INSERT",
                definer=True,
                body=sql("satisfaction_answer_rule"),
            ),
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="answer_of_five"),
        ]

    def __str__(self) -> str:
        return f"answer to {self.asking}"


class AskingStopped(models.Model):
    """A customer does not want to be asked again."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [append_only("satisfaction_askingstopped")]

    def __str__(self) -> str:
        return f"{self.customer} is not asked"
