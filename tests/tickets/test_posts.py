"""Posts, notes and folds of a conversation are prepared in Python, and drawn without asking."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from core.models import Event
from people.models import Person
from tests import factories
from tests.support.components import draws
from tickets import lifecycle
from tickets.conversations import folding, notes, posts, thread, timeline
from tickets.ingestion import refresh
from tickets.models import Mention, OwnPost, Ticket
from tickets.states import MentionState
from xapi.payloads import XUser

DIRK = XUser(id=7002, handle="dirk_b", name="Dirk <b>Brodersen</b>")


def shown(ticket, **around) -> list:
    """The conversation as the screen has it."""
    entries = thread.of_ticket(Ticket.objects.get(pk=ticket.pk))
    return posts.prepared(entries, posts.Around(ticket, **around))


@pytest.fixture
def talk(desk):
    """Grace wrote, Dirk too, somebody answered by hand, and a colleague left a note."""
    ticket = factories.a_ticket(desk, at=factories.ago(hours=3))
    conversation = ticket.conversation_id
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe same <i>here</i>",
            by=DIRK,
            conversation=conversation,
            at=factories.ago(hours=2),
        ),
        users=(DIRK,),
    )
    ours = factories.post("We look. ^an", conversation=conversation, at=factories.ago(hours=1))
    refresh.appear(ours, desk.account, through_desk=False)
    notes.add_note(ticket, text="Called her, <too>.", by=desk.aylin)
    return ticket


def test_each_kind_of_entry_has_what_is_shown_of_it(desk, talk):
    first, third, own, note = shown(talk)
    assert [one.kind for one in (first, third, own, note)] == ["post", "third", "own", "note"]
    assert (first.name, first.handle, first.chip) == ("Grace Adeyemi", "grace_adeyemi", "")
    assert (first.gone, first.language, first.direction) == ("", "und", "ltr")
    assert first.url.endswith(f"/{first.place}")
    assert (third.name, third.chip) == ("Dirk <b>Brodersen</b>", "Third person")
    assert (own.name, own.chip, own.pair) == ("Amselnetz Hilfe", "Without desk", None)
    assert (note.text, note.by) == ("Called her, <too>.", "Aylin Nergiz")


def test_words_of_others_are_escaped_once(talk):
    _first, third, _own, note = shown(talk)
    assert isinstance(third.html, SafeString)
    assert third.html.endswith("same &lt;i&gt;here&lt;/i&gt;")
    assert not isinstance(third.name, SafeString)
    drawn = render_to_string("screens/_entry.html", {"entry": third})
    assert "Dirk &lt;b&gt;Brodersen&lt;/b&gt;" in drawn
    assert "same &lt;i&gt;here&lt;/i&gt;</p>" in drawn
    assert "Called her, &lt;too&gt;." in render_to_string("screens/_entry.html", {"entry": note})


def test_the_target_our_pictures_and_what_may_be_kept_come_from_around(talk):
    target, own = Mention.objects.order_by("id").first(), OwnPost.objects.get()
    around = {"target": target, "pictures": {own.external_id: ["a picture"]}, "keeps": True}
    first, third, ours, _note = shown(talk, **around)
    assert [one.is_target for one in (first, third, ours)] == [True, False, False]
    assert [one.may_be_kept for one in (first, third, ours)] == [False, False, True]
    assert [list(one.pictures) for one in (first, third, ours)] == [[], [], ["a picture"]]
    assert not any(one.may_be_kept for one in shown(talk)[:3])


GONE = [
    (MentionState.DELETED, False, "X no longer finds this post. The desk asks again"),
    (MentionState.HIDDEN, False, "X no longer shows us this post. The desk asks again"),
    (MentionState.DELETED, True, "Deleted on X. It cannot be answered any more."),
    (MentionState.HIDDEN, True, "No longer visible to us on X."),
]


@pytest.mark.parametrize(("status", "is_confirmed", "sentence"), GONE)
def test_a_post_that_is_gone_says_what_became_of_it(talk, status, is_confirmed, sentence):
    mention = Mention.objects.select_related("customer", "newest").order_by("id").first()
    mention.status, mention.unclear_since = status, factories.ago(hours=1)
    mention.gone_at = factories.ago(hours=2)
    mention.gone_confirmed_at = factories.ago(hours=1) if is_confirmed else None
    entry = thread.entries_of(talk, [mention], [])[0]
    post = posts.post_of(entry, posts.Around(talk))
    assert post.gone.startswith(sentence)
    assert (post.is_unclear, post.shapes) == (False, ())
    drawn = render_to_string("screens/_post.html", {"entry": post})
    assert 'class="post post--post post--gone"' in drawn
    assert "the router blinks" not in drawn


def test_our_reply_that_is_gone_is_struck_through(talk):
    OwnPost.objects.update(gone_at=factories.ago(minutes=1))
    own = shown(talk, keeps=True)[2]
    assert (own.gone, own.may_be_kept) == ("Our reply, no longer on X:", False)
    drawn = render_to_string("screens/_post.html", {"entry": own})
    assert 'Our reply, no longer on X: <s><bdi dir="ltr">We look. ^an</bdi></s></p>' in drawn


def test_posts_speak_the_reader_s_language(talk):
    with translation.override("de"):
        _first, third, own, _note = shown(talk)
    assert (third.chip, own.chip) == ("Dritte Person", "Ohne Desk")


def test_a_fold_names_its_page_and_its_part(desk, talk):
    run = folding.Run("11", "22", 7, factories.ago(hours=1), 11)
    entry = thread.Entry("crowd", run.at, run, place=run.position)
    (fold,) = posts.prepared([entry], posts.Around(talk))
    assert fold.address == f"/tickets/{talk.number}/between/?first=11&last=22"
    assert fold.part == f"{fold.address}&part=1"
    drawn = render_to_string("screens/_entry.html", {"entry": fold})
    assert f'data-url="/tickets/{talk.number}/between/?first=11&amp;last=22&amp;part=1"' in drawn
    assert "7 more posts in between" in drawn


@pytest.mark.parametrize("number", [1, 12])
def test_posts_are_prepared_and_drawn_without_a_query(desk, django_assert_num_queries, number):
    ticket = factories.a_ticket(desk)
    for count in range(number):
        factories.arrive(
            desk,
            factories.post(f"@AmselnetzHilfe and {count}", conversation=ticket.conversation_id),
        )
    entries = thread.of_ticket(ticket)
    with django_assert_num_queries(0):
        prepared = posts.prepared(entries, posts.Around(ticket))
        drawn = [render_to_string("screens/_entry.html", {"entry": one}) for one in prepared]
    assert len(drawn) == number + 1


def test_an_event_is_told_once_for_the_fold_and_the_timeline(desk, django_assert_num_queries):
    ticket = factories.a_ticket(desk)
    lifecycle.take(ticket, by=desk.aylin)
    notes.add_note(ticket, text="Called her.", by=desk.aylin)
    events = list(Event.objects.select_related("by__person").order_by("-id"))
    with django_assert_num_queries(0):
        told = timeline.told(events)
    assert [one.name for one in told] == [one.name for one in events]
    entries = thread.of_ticket(Ticket.objects.get(pk=ticket.pk))
    thread.fold_in(entries, told)
    note = posts.prepared(entries, posts.Around(ticket))[-1]
    assert [one.words for one in note.before if one.name == "ticket.taken"] == [
        "<bdi>Aylin Nergiz</bdi> took the ticket."
    ]
    assert all(any(one is other for other in told) for one in note.before)


def test_an_event_is_told_plainly_for_refusals(desk):
    ticket = factories.a_ticket(desk)
    Person.objects.filter(pk=desk.aylin.person_id).update(name="A & <b>Nergiz</b>")
    desk.aylin.person.refresh_from_db()
    lifecycle.take(ticket, by=desk.aylin)
    event = Event.objects.select_related("by__person").get(name="ticket.taken")
    assert timeline.plain_words_of(event) == "A & <b>Nergiz</b> took the ticket."
    assert timeline.words_of(event) == (
        "<bdi>A &amp; &lt;b&gt;Nergiz&lt;/b&gt;</bdi> took the ticket."
    )


@pytest.mark.parametrize("picture", ["https://pbs.twimg.com/a.jpg", ""])
def test_a_post_draws_its_picture_as_the_component_does(talk, picture):
    talk.customer.avatar_url = picture
    talk.customer.save(update_fields=["avatar_url"])
    drawn = render_to_string("screens/_post.html", {"entry": shown(talk)[0]})
    assert draws(drawn, "avatar", {"url": picture, "size": 40})
