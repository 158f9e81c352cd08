"""Writing the audit trail: one event per verb, in the verb's own transaction."""

from typing import Any

from django.db import models, transaction

from core.broker import page_updates
from core.channel import current_channel
from core.models import Event


def record(
    name: str,
    subject: models.Model,
    *,
    by: Any = None,
    topic: models.Model | None = None,
    department_id: int | None = None,
    **data: Any,
) -> Event:
    """Record that `name` happened to `subject`, and wake the open pages after the commit.

    `data` holds ids, hashes, numbers and reasons' codes; never the text of a post or draft and
    never a customer's name.
    """
    topic = topic or subject
    event = Event.objects.create(
        name=name,
        by=by,
        channel=current_channel(),
        topic_kind=topic._meta.label_lower,
        topic_id=topic.pk,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        department_id=department_id,
        data=data,
    )
    transaction.on_commit(lambda: page_updates.publish(page_updates.message(event)), robust=True)
    return event


def repeats(
    name: str, subject: models.Model, *, by: Any, topic: models.Model | None = None, **data: Any
) -> bool:
    """Whether the last thing that happened to the topic is just this, by the same sign-in.

    The same asked twice.

    A double click or a client that tries again is then answered like the first time, and leaves no
    second event.
    """
    topic = topic or subject
    last = (
        Event.objects.filter(topic_kind=topic._meta.label_lower, topic_id=topic.pk)
        .order_by("-id")
        .first()
    )
    if last is None or (last.name, last.by_id, last.subject_id) != (name, by.pk, subject.pk):
        return False
    return all(last.data.get(key) == value for key, value in data.items())
