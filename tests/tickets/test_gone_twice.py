"""What X calls gone is gone after two findings, an hour apart.

What X shows after all stands again; anything else moves nothing.
"""

import pytest

from approvals.models import Void
from core.models import Event
from posting.sending import delivery
from tests import factories
from tests.support.replies import replies
from tickets.ingestion import polling, refresh, retention
from tickets.models import Feed, Mention, PostVersion, Ticket
from tickets.states import MentionState, TicketStatus

pytestmark = [pytest.mark.campaign, pytest.mark.table]

LOOK_UP = "GET /2/tweets"


@pytest.fixture(params=["old", "new"])
def spoken(request, settings):
    """Both vocabularies."""
    settings.X_VOCABULARY = request.param
    return request.param


def arrived(desk, x, text="@AmselnetzHilfe my words"):
    shown = x.says("grace_adeyemi", text)
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    mention = Mention.objects.get(external_id=shown["id"])
    # What other tests left on X is not asked for
    Mention.objects.exclude(pk=mention.pk).update(seen_at=factories.ago(days=-1))
    return mention


def follow(ahead, at):
    ahead(at)
    refresh.follow_open_tickets()


def test_two_findings_an_hour_apart_empty_it(desk, x, ahead, spoken):
    mention = arrived(desk, x)
    x.control("deletions", id=mention.position)
    follow(ahead, "2 minutes")
    for at in ("13 minutes", "40 minutes", "61 minutes"):
        assert Mention.objects.get(pk=mention.pk).status == MentionState.DELETED
        assert retention.empty_gone() == 0
        follow(ahead, at)
    assert retention.empty_gone() == 0, "59 minutes are no hour"
    follow(ahead, "75 minutes")
    assert retention.empty_gone() == 1
    assert PostVersion.objects.get(mention=mention).text == ""


def test_a_resolved_ticket_s_post_is_asked_for_again_too(desk, x, ahead):
    mention = arrived(desk, x)
    x.control("deletions", id=mention.position)
    follow(ahead, "2 minutes")
    assert Ticket.objects.get(pk=mention.ticket_id).status == TicketStatus.RESOLVED
    follow(ahead, "75 minutes")
    assert retention.empty_gone() == 1


@pytest.mark.parametrize("kind", ["resource-not-found", "not-authorized-for-resource"])
def test_what_x_shows_after_all_stands_again(desk, x, ahead, spoken, kind, client):
    mention = arrived(desk, x)
    x.control("faults", kind=f"errors {kind}", on=LOOK_UP)
    follow(ahead, "2 minutes")
    gone = Mention.objects.get(pk=mention.pk)
    assert gone.is_gone
    client.force_login(desk.aylin)
    assert (
        "its content is kept here"
        in client.get(f"/tickets/{mention.ticket.number}/").content.decode()
    )
    context_version = Ticket.objects.get(pk=mention.ticket_id).context_version
    follow(ahead, "15 minutes")
    back = Mention.objects.get(pk=mention.pk)
    assert (back.status, back.gone_at) == (MentionState.LIVE, None)
    assert Ticket.objects.get(pk=mention.ticket_id).context_version == context_version + 1
    assert "my words" in client.get(f"/tickets/{mention.ticket.number}/").content.decode()
    follow(ahead, "75 minutes")
    assert retention.empty_gone() == 0


def test_a_post_that_was_emptied_and_is_shown_again_has_its_words_back(desk, x, ahead):
    mention = arrived(desk, x)
    x.control("faults", kind="errors not-authorized-for-resource", on=LOOK_UP, times=2)
    follow(ahead, "2 minutes")
    follow(ahead, "75 minutes")
    assert retention.empty_gone() >= 1
    # Its timeline shows it again
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    assert PostVersion.objects.get(mention=mention).text == "", (
        "the look-up is believed, not the timeline"
    )
    follow(ahead, "76 minutes")
    assert PostVersion.objects.get(mention=mention).text == "@AmselnetzHilfe my words"
    assert Mention.objects.get(pk=mention.pk).status == MentionState.LIVE


def test_what_a_timeline_shows_late_does_not_make_a_deleted_post_stand(desk, x, ahead):
    mention = arrived(desk, x)
    x.control("faults", kind="errors resource-not-found", on=LOOK_UP, times=2)
    follow(ahead, "2 minutes")
    context_version = Ticket.objects.get(pk=mention.ticket_id).context_version
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    assert Mention.objects.get(pk=mention.pk).is_gone
    refresh.follow_open_tickets()
    assert Mention.objects.get(pk=mention.pk).is_gone
    assert Ticket.objects.get(pk=mention.ticket_id).context_version == context_version


def test_posts_of_which_x_says_nothing_keep_no_others_waiting(desk, x, ahead, monkeypatch):
    monkeypatch.setattr(refresh, "AT_ONCE", 2)
    stuck = [arrived(desk, x, f"@AmselnetzHilfe stuck {n}").pk for n in range(2)]
    asked = arrived(desk, x, "@AmselnetzHilfe the third")
    Mention.objects.filter(pk__in=stuck).update(seen_at=factories.ago(seconds=5))
    x.control("deletions", id=asked.position)
    Mention.objects.filter(pk=asked.pk).update(seen_at=factories.ago(seconds=-1))
    x.control("faults", kind="errors internal-error", on=LOOK_UP)
    follow(ahead, "2 minutes")
    assert Mention.objects.filter(unclear_since__isnull=False).count() == 2
    follow(ahead, "4 minutes")
    assert Mention.objects.get(pk=asked.pk).is_gone


@pytest.mark.parametrize(
    "kind",
    [
        "errors internal-error",
        "errors resource-unavailable",
        "errors unheard-of",
        "errors not-authorized-for-field",
    ],
)
def test_while_x_does_not_say_whether_its_post_stands_a_reply_waits_alone(
    ready, x, desk, kind, client, ahead, spoken
):
    draft, shown = ready
    other = x.says("dirk", "@AmselnetzHilfe a second one please")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    factories.approved(
        desk,
        factories.submitted(
            desk, Ticket.objects.get(conversation_id=other["id"]), text="Hello Dirk, unplug it."
        ),
    )
    x.control("faults", kind=kind, on=LOOK_UP)
    delivery.send_due()
    assert (len(replies(x, shown)), len(replies(x, other))) == (0, 1)
    assert not Void.objects.exists()
    client.force_login(desk.rita)
    assert (
        "X cannot tell right now whether the post that this answers is still there"
        in client.get("/outbox/").content.decode()
    )
    assert (
        "X cannot tell right now whether this post is still there"
        in client.get(f"/tickets/{draft.ticket.number}/").content.decode()
    )
    delivery.send_due()
    assert replies(x, shown) == [], "not asked again at once"
    ahead("1 minute")
    delivery.send_due()
    assert len(replies(x, shown)) == 1
    assert not Mention.objects.filter(unclear_since__isnull=False).exists()


def test_the_trail_says_which_finding_it_was(desk, x, ahead):
    mention = arrived(desk, x)
    x.control("faults", kind="errors resource-not-found", on=LOOK_UP)
    follow(ahead, "2 minutes")
    follow(ahead, "15 minutes")
    said = [
        one.data["state"]
        for one in Event.objects.filter(name="mention.changed", subject_id=mention.pk).order_by(
            "id"
        )
    ]
    assert said == ["deleted", "shown_again"]
