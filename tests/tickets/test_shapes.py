"""A customer shows more than words.

Everybody at the desk sees what it is, nobody takes X's notice for the customer's own words.

Each post is made on the simulated X and read from it, in both vocabularies.
"""

import re

import pytest
from django.urls import reverse

from approvals.drafts import drafting
from servicedesk.evidence import story
from tests import factories
from tickets.conversations import post_contents
from tickets.conversations.reply_permission import light_of
from tickets.ingestion import polling, refresh, retention
from tickets.models import Feed, Mention, OwnPost, PostVersion, Ticket
from tickets.states import MentionState
from xapi.payloads import read_post

pytestmark = [pytest.mark.campaign, pytest.mark.table]

PHOTO = {"type": "photo", "url": "https://pbs.twimg.com/a.jpg", "alt_text": "a router"}
VIDEO = {
    "type": "video",
    "preview_image_url": "https://pbs.twimg.com/still.jpg",
    "alt_text": "it blinks",
    "duration_ms": 72_000,
}
HOSTILE = '<b onmouseover="x">\u202eyes</b>'


@pytest.fixture(params=["old", "new"])
def told(request, desk, x, settings):
    """Somebody posts on X, and the desk has read it: the ticket's newest post."""
    settings.X_VOCABULARY = request.param

    def tell(text="@AmselnetzHilfe look", **fields) -> Mention:
        posted = x.says("grace_adeyemi", text, **fields)
        polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
        return Mention.objects.select_related("ticket", "newest").get(external_id=posted["id"])

    return tell


@pytest.fixture
def screens(desk, client):
    """What Rita sees of this post: ticket, review, inbox, queue."""

    def look(mention: Mention) -> dict[str, str]:
        revision = factories.submitted(desk, mention.ticket)
        client.force_login(desk.rita)
        paths = {
            "ticket": reverse("ticket", args=[mention.ticket.number]),
            "review": reverse("review", args=[revision.draft_id]),
            "inbox": f"/inbox/?q={mention.ticket.number}",
            "queue": reverse("queue"),
            "evidence": reverse("evidence", args=[revision.draft_id]),
        }
        return {name: client.get(path).content.decode() for name, path in paths.items()}

    return look


def in_api(client, desk, mention: Mention) -> dict:
    client.force_login(desk.aylin)
    return client.get(f"/api/v1/tickets/{mention.ticket.number}/").json()["post"]


def test_a_video_is_a_video_on_every_screen_and_in_the_api(told, screens, desk, client):
    mention = told(media=[VIDEO])
    shown = screens(mention)
    for name in ("ticket", "review"):
        assert 'Video (1:12): <bdi dir="ltr">it blinks</bdi>' in shown[name]
        assert 'src="https://pbs.twimg.com/still.jpg"' in shown[name]
        assert "play it on X" in shown[name]
        assert 'href="https://pbs.twimg.com/still.jpg"' not in shown[name]
    assert "Video: it blinks" in shown["evidence"]
    assert in_api(client, desk, mention)["media"] == [
        {"type": "video", "url": VIDEO["preview_image_url"], "alt_text": "it blinks", "seconds": 72}
    ]


@pytest.mark.parametrize(
    ("kind", "name"), [("photo", "Picture"), ("video", "Video"), ("animated_gif", "GIF")]
)
def test_a_medium_without_an_address_is_named_and_looked_at_on_x(told, screens, kind, name):
    mention = told(media=[{"type": kind}, {"type": kind, "hidden": True}])
    shown = screens(mention)
    for page in (shown["ticket"], shown["review"]):
        assert page.count(f"<b>{name}</b>") == 2
        assert page.count("2 without a description") == 1
        assert '<img src="">' not in page
        assert re.findall(r'(?:src|href)=""', page) == []
        assert (
            f'/post/{mention.external_id}" rel="noopener" target="_blank">Look at it on X' in page
        )


def test_a_picture_and_a_quoted_post_leave_no_short_link_in_the_words(told, screens, x):
    quoted = x.says("brodersen_dirk", "nothing works")
    mention = told("@AmselnetzHilfe see this", media=[PHOTO], quoted=quoted["id"])
    assert mention.newest.text == "@AmselnetzHilfe see this"
    shown = screens(mention)
    assert "t.co/" not in shown["ticket"] + shown["review"] + shown["inbox"] + shown["queue"]
    assert 'Picture: <bdi dir="ltr">a router</bdi>' in shown["ticket"]
    assert f"/post/{quoted['id']}" in shown["ticket"]


def test_a_poll_shows_its_options_and_lists_name_what_a_post_without_words_has(
    told, screens, desk, client
):
    mention = told("@AmselnetzHilfe", poll={"options": ["orange", HOSTILE]})
    shown = screens(mention)
    for name in ("ticket", "review"):
        assert '<li dir="ltr">orange</li>' in shown[name]
        assert "&lt;b onmouseover=" in shown[name]
        assert "open until" in shown[name]
    assert "Poll: orange / &lt;b" in shown["evidence"]
    assert not any(HOSTILE in page for page in shown.values())
    assert in_api(client, desk, mention)["extras"][0]["options"] == ["orange", HOSTILE]
    bare = told(
        "@AmselnetzHilfe https://x.com/i/article/1",
        reply_to=mention.position,
        article={"title": "My router and me"},
    )
    assert bare.pk
    assert (
        'Article</b>: <bdi dir="ltr">My router and me</bdi>'
        in client.get(reverse("conversation", args=[mention.ticket.number])).content.decode()
    )


def test_place_card_and_community_note_are_named(told, screens):
    mention = told(
        "@AmselnetzHilfe here",
        place={"full_name": "Kranstedt", "country": "Germany"},
        card="card://1",
        notes=["77"],
    )
    page = screens(mention)["review"]
    assert 'Place</b>: <bdi dir="ltr">Kranstedt, Germany</bdi>' in page
    assert "<b>Card</b>" in page
    assert "Readers added context" in page


def test_xs_notice_is_not_shown_as_the_customers_words(told, screens, desk, client):
    mention = told("@AmselnetzHilfe my own words", withheld=["DE"])
    assert mention.newest.text == ""
    shown = screens(mention)
    for name in ("ticket", "review"):
        assert "Withheld by X" in shown[name]
        assert "In place of the customer’s words X shows:" in shown[name]
        assert '<q dir="ltr">This Post from @grace_adeyemi has been withheld in DE' in shown[name]
        assert 'class="post__words"' not in shown[name].split('id="post-')[1]
    assert "Withheld by X: This Post" in shown["inbox"]
    assert "Withheld by X: This Post" in shown["queue"]
    assert "The post is gone on X" not in shown["evidence"]
    assert in_api(client, desk, mention)["text"] == ""
    assert light_of(mention).code == "named", "X shows it as one that reached us"


def test_words_that_x_withheld_are_read_once_x_shows_them(told, desk, x):
    mention = told("@AmselnetzHilfe my own words", withheld=["DE"])
    context_version = mention.ticket.context_version
    for countries, words in ((["DE", "FR"], ""), ([], "@AmselnetzHilfe my own words")):
        x.control("withholdings", id=mention.position, countries=countries)
        Mention.objects.filter(pk=mention.pk).update(seen_at=factories.ago(minutes=5))
        refresh.follow_open_tickets()
        mention.newest.refresh_from_db()
        assert mention.newest.text == words
    assert Ticket.objects.get(pk=mention.ticket_id).context_version == context_version + 1
    assert Mention.objects.get(pk=mention.pk).names_us


def test_a_quoted_post_without_words_is_not_called_gone(told, desk, client):
    first = told("@AmselnetzHilfe look", media=[VIDEO], withheld=["DE"])
    assert first.newest.text == ""
    second = told("@AmselnetzHilfe look at that", quoted=first.position)
    client.force_login(desk.aylin)
    inside = (
        client.get(reverse("conversation", args=[second.ticket.number]))
        .content.decode()
        .split('class="quoted"')[1]
    )
    assert "The quoted post is gone on X." not in inside
    assert 'Video (1:12): <bdi dir="ltr">it blinks</bdi>' in inside


def test_all_of_it_goes_when_the_post_is_surely_gone(told, desk, client, ahead):
    mention = told(
        media=[VIDEO], poll={"options": ["secret", "no"]}, place={"full_name": "Kranstedt"}
    )
    for said_at in ("", "61 minutes"):
        ahead(said_at)
        refresh.note_gone(mention, MentionState.DELETED)
    assert retention.empty_gone() == 1
    version = PostVersion.objects.get(mention=mention)
    assert version.is_empty
    assert [getattr(version, name) for name in PostVersion.CONTENT] == ["", [], [], [], []]
    assert retention.empty_gone() == 0
    client.force_login(desk.aylin)
    page = client.get(reverse("conversation", args=[mention.ticket.number])).content.decode()
    page = page.split("Other tickets of this person")[0]
    assert "secret" not in page
    assert "it blinks" not in page


def test_the_export_names_kinds_and_nothing_that_anybody_wrote(told, desk):
    mention = told(media=[VIDEO], poll={"options": ["secret", "no"]})
    draft = drafting.open_draft(mention.ticket, by=desk.aylin)
    drafting.submit(
        draft,
        text="Hi Grace, hold the button.",
        context_version=mention.ticket.context_version,
        by=desk.aylin,
    )
    data = story.as_data(story.of_draft(draft))
    assert data["customer_post_has"] == ["video", "poll"]
    assert data["account_id"] == "901"
    assert "secret" not in str(data)
    assert "blinks" not in str(data)


def test_a_post_of_ours_from_outside_the_desk_shows_what_it_has(told, desk, client):
    mention = told()
    raw = {
        "id": str(mention.position + 5),
        "author_id": "901",
        "text": "",
        "conversation_id": mention.conversation_id,
        "attachments": {"media_keys": ["7_1"]},
    }
    refresh.appear(read_post({**raw, "text": " "}), desk.account, through_desk=False)
    assert [one.kind for one in post_contents.of(OwnPost.objects.get())] == ["video"]
    client.force_login(desk.lena)
    assert (
        "<b>Video</b>"
        in client.get(reverse("conversation", args=[mention.ticket.number])).content.decode()
    )
    assert "Video" in client.get("/outbox/?tab=without").content.decode()


@pytest.mark.parametrize(
    "odd",
    [
        {"kind": "later"},
        {"kind": "poll"},
        {"kind": "withheld"},
        {"kind": "poll", "ends_at": "soon"},
        {},
        "words",
    ],
)
def test_what_was_kept_by_another_version_of_the_desk_is_shown_all_the_same(odd):
    version = PostVersion(text="", media=[{}], extras=[odd])
    assert post_contents.in_a_line(version)


def test_a_ticket_without_a_post_has_an_empty_line():
    assert [post_contents.in_a_line(nothing) for nothing in (None, "")] == ["", ""]
    assert [post_contents.of(nothing) for nothing in (None, "")] == [[], []]
