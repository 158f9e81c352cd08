"""Everything that stands behind one reply, read out of the facts.

What the customer wrote, every revision, who decided what, every attempt.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from approvals.drafts import attachments
from approvals.models import Draft, Review, Revision
from core.models import Event
from posting.models import Attempt, Delivery
from tickets.conversations import post_contents
from tickets.models import ConnectedAccount, Mention, OwnPost


@dataclass
class Step:
    """One event of the story, with its link in the audit chain."""

    event: Event
    number: int | None
    hash: str


@dataclass
class Story:
    """One reply, from the customer's post to X."""

    draft: Draft
    post: Mention
    revisions: list[Revision]
    reviews: list[Review]
    attempts: list[Attempt]
    delivery: Delivery | None
    public: OwnPost | None
    steps: list[Step] = field(default_factory=list)

    @property
    def newest(self) -> Revision | None:
        """The text that was, or would be, posted."""
        return self.revisions[-1] if self.revisions else None

    @property
    def account(self) -> ConnectedAccount:
        """The account that it left, or would leave, from."""
        return self.newest.account if self.newest else self.draft.ticket.account

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The pictures of that text."""
        return attachments.shown(self.newest)

    @property
    def endorsement(self) -> Review | None:
        """The approval of the newest text."""
        return next(
            (
                one
                for one in reversed(self.reviews)
                if one.decision == "approve" and self.newest and one.revision_id == self.newest.pk
            ),
            None,
        )


def of_draft(draft: Draft) -> Story:
    """Return the story of this draft."""
    revisions = list(
        Revision.objects.filter(draft=draft)
        .select_related("person", "user__person")
        .order_by("number")
    )
    reviews = list(
        Review.objects.filter(revision__draft=draft)
        .select_related("person", "revision", "void__by__person", "membership")
        .order_by("id")
    )
    delivery = (
        Delivery.objects.filter(revision__draft=draft)
        .select_related("account", "takedown__by__person")
        .order_by("-id")
        .first()
    )
    attempts = list(
        Attempt.objects.filter(delivery__revision__draft=draft)
        .prefetch_related("results__by__person", "timeline_checks")
        .order_by("id")
    )
    public = None
    if delivery and delivery.external_id:
        public = OwnPost.objects.filter(
            network=delivery.network, external_id=delivery.external_id
        ).first()
    post = revisions[-1].target if revisions else draft.target
    return Story(
        draft,
        post,
        revisions,
        reviews,
        attempts,
        delivery,
        public,
        steps_of(draft, revisions, reviews),
    )


def steps_of(draft: Draft, revisions: list[Revision], reviews: list[Review]) -> list[Step]:
    """Return the events about this draft, in their order, each with number and hash of its link."""
    deliveries = list(Delivery.objects.filter(revision__draft=draft).values_list("pk", flat=True))
    subjects: dict[str, list[int]] = {
        "approvals.draft": [draft.pk],
        "approvals.revision": [one.pk for one in revisions],
        "approvals.review": [one.pk for one in reviews],
        "posting.delivery": deliveries,
    }
    events = [
        event
        for event in Event.objects.filter(topic_kind="tickets.ticket", topic_id=draft.ticket_id)
        .select_related("by__person")
        .order_by("id")
        if event.subject_id in subjects.get(event.subject_kind, [])
        or event.subject_kind in {"tickets.escalation", "posting.takedown"}
    ]
    links = links_of([event.pk for event in events])
    return [Step(event, *links.get(event.pk, (None, ""))) for event in events]


def links_of(numbers: list[int]) -> dict[int, tuple[int | None, str]]:
    """Return number and hash of each event's link."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_id, number, hash FROM core_link WHERE event_id = ANY (%s)", [numbers]
        )
        return {event: (number, digest) for event, number, digest in cursor.fetchall()}


def as_data(story: Story) -> dict[str, Any]:
    """Return the story as JSON for an export.

    Our own words and facts, ids of theirs, never the customer's words or name.

    `customer_post_has` says what their post has besides words, by kind alone. An account is named
    by its number too: its handle is what X calls it today.
    """
    return {
        "draft": story.draft.pk,
        "ticket": story.draft.ticket.number,
        "status": story.draft.status,
        "customer_post": story.post.external_id,
        "customer_post_has": post_contents.kinds(story.post.newest),
        "account": story.account.handle,
        "account_id": story.account.external_id,
        "revisions": [revision_data(revision) for revision in story.revisions],
        "decisions": [decision_data(review) for review in story.reviews],
        "attempts": [attempt_data(attempt) for attempt in story.attempts],
        "post": story.delivery.external_id if story.delivery else None,
        "links": [step.number for step in story.steps],
    }


def revision_data(revision: Revision) -> dict[str, Any]:
    """Return a text as it was frozen, and by whom."""
    return {
        "number": revision.number,
        "payload": revision.payload,
        "sha256": revision.sha256,
        "by": revision.person.name,
        "channel": revision.channel,
        "at": revision.at.isoformat(),
    }


def decision_data(review: Review) -> dict[str, Any]:
    """Return a decision: about which hash, by whom, as what, and whether it is void."""
    return {
        "revision": review.revision.number,
        "sha256": review.sha256,
        "decision": review.decision,
        "by": review.person.name,
        "as": review.membership.role,
        "initials": review.initials,
        "given_by_one": review.rests_on_one,
        "channel": review.channel,
        "context_version": review.context_version,
        "at": review.at.isoformat(),
        "void": getattr(getattr(review, "void", None), "reason", None),
    }


def attempt_data(attempt: Attempt) -> dict[str, Any]:
    """Return an attempt to post, with what came of it."""
    return {
        "number": attempt.number,
        "at": attempt.at.isoformat(),
        "results": [
            {
                "outcome": result.outcome,
                "external_id": result.external_id,
                "code": result.code,
                "at": result.at.isoformat(),
            }
            for result in attempt.results.all()
        ],
    }
