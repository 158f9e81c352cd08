"""What a customer does behind their link: answer, answer anew for an hour, be asked no more."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.database.db_time import desk_now
from core.errors import Invalid, Reason, Stale
from satisfaction import events
from satisfaction.asking import hash_of
from satisfaction.models import Answer, Asking, AskingStopped

CHANGES = timedelta(hours=1)
LONGEST = 500


def asking_behind(key: str) -> Asking | None:
    """Return what is asked behind this key; None for a wrong key, an old and a used one."""
    found = Asking.objects.select_related("ticket", "survey").filter(key_hash=hash_of(key)).first()
    return found if found and is_open(found) else None


def is_open(asking: Asking) -> bool:
    """Whether it can be answered now: it lasts still, and an answer is younger than an hour."""
    first = asking.answers.order_by("at").first()
    now = desk_now()
    return now <= asking.expires_at and (first is None or now <= first.at + CHANGES)


@transaction.atomic
def answer(asking: Asking, *, value: str, text: str) -> Answer:
    """Keep what a customer answers; the newest answer within the hour is the one that counts.

    Refuses what is none of the five, and a text that is too long (`Invalid`); a link that is over
    (`Stale`).
    """
    if value not in {"1", "2", "3", "4", "5"}:
        raise Invalid(Reason("answer_unknown", _("Choose one of the five answers.")), "value")
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST:
        sentence = _("At most {n} characters, please.").format(n=LONGEST)
        raise Invalid(Reason("text_long", sentence), "text")
    if not is_open(asking):
        raise Reason("link_over", _("This link is over."), kind=Stale).error()
    given = Answer.objects.create(asking=asking, value=int(value), text=text)
    tell(events.SURVEY_ANSWERED, asking)
    return given


@transaction.atomic
def stop_asking(asking: Asking) -> None:
    """Never ask this customer again; said twice it is done once."""
    _stopped, is_new = AskingStopped.objects.get_or_create(customer=asking.ticket.customer)
    if is_new:
        tell(events.SURVEY_STOPPED, asking)


def tell(name: str, asking: Asking) -> None:
    """Record what the customer did in the trail of the ticket, without what they answered."""
    ticket = asking.ticket
    record(name, asking, by=None, topic=ticket, department_id=ticket.department_id)
