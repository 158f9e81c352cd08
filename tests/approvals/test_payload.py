"""What a submitted text says of itself.

The database takes no payload that differs from its draft, and everything is read out of it.
"""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from approvals.checks import placeholders
from approvals.drafts import drafting
from approvals.escalation import reminder_email
from approvals.models import Call, Draft, Revision, Void
from approvals.reviews import decisions, void_messages
from core.errors import Invalid, NotAllowed
from people.identity.tokens import issue
from people.models import Person
from posting import querysets
from posting.messages import attempt_messages
from posting.models import Delivery
from posting.sending import delivery
from servicedesk.evidence import story
from tests import factories
from tests.approvals.test_attachments import brought, canonical
from tests.approvals.test_four_eyes import guard_refuses, screen
from tests.support.replies import replies
from tickets.models import ConnectedAccount, Mention
from xapi.payloads import XUser

STAMP = "approvals_revision_stamp"
OTHER = XUser(id=7002, handle="bo_lindqvist", name="Bo Lindqvist", followers=3)


def insert(revision, payload, *, user=None, correction=False, context_version=99):
    """A raw insert of a text for the revision's draft, as the application's role."""
    row = {
        "draft_id": revision.draft_id,
        "number": 0,
        "payload": payload,
        "user_id": (user or revision.user).pk,
        "channel": "",
        "person_id": (user or revision.user).person_id,
        "is_correction": correction,
        "context_version": context_version,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO approvals_revision ({', '.join(row)}) "
            f"VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def changed(revision, **fields):
    """The revision's payload with other fields, in the canonical form."""
    return canonical(json.loads(revision.payload) | {"text": "Something else. ^an"} | fields)


WRONG = {
    "another post of the same ticket": lambda desk, one: {
        "target": another_post(desk, one).external_id
    },
    "a post of another ticket": lambda desk, one: {"target": by_bo(desk).last_mention.external_id},
    "a post that is not known": lambda desk, one: {"target": "4242"},
    "another account of ours": lambda desk, one: {"account": "902"},
    "an account that is not ours": lambda desk, one: {"account": "4242"},
    "a colleague's initials": lambda desk, one: {"initials": "rs", "text": "Something else. ^rs"},
    "initials of nobody": lambda desk, one: {"initials": "zz", "text": "Something else. ^zz"},
    "initials that the text does not end in": lambda desk, one: {"text": "Something else. ^rs"},
    "no signature": lambda desk, one: {"text": "Something else."},
    "something after the signature": lambda desk, one: {"text": "Something else. ^an!"},
    "nothing but a signature": lambda desk, one: {"text": " \n ^an"},
    "another draft": lambda desk, one: {"draft": one.draft_id + 1},
    "an open field": lambda desk, one: {"text": "Dear {{ customer }}. ^an"},
    "another version": lambda desk, one: {"version": 1},
    "another network": lambda desk, one: {"network": "mastodon"},
    "another surface": lambda desk, one: {"surface": "private"},
    "a key that nobody knows": lambda desk, one: {"reply_settings": "everyone"},
    "a picture that is not there": lambda desk, one: {
        "attachments": [{"alt": "x", "kind": "image/png", "sha256": "0" * 64}]
    },
    "a picture with a key too many": lambda desk, one: {
        "attachments": [{"alt": "x", "kind": "image/png", "sha256": "0" * 64, "x": 1}]
    },
    "attachments that are no list": lambda desk, one: {"attachments": {}},
    "a target as a number": lambda desk, one: {"target": int(one.content["target"])},
    "a text that is none": lambda desk, one: {"text": None},
}


def by_bo(desk):
    """A ticket of another customer, in another department, on our other account."""
    said = factories.post("@AmselnetzBiz quite another thing", by=OTHER, account="amselnetzbiz")
    return factories.arrive(desk, said, account=desk.business_account, users=(OTHER,))[0]


def another_post(desk, revision):
    """A second post of the customer in the same conversation."""
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe and the television too",
            conversation=revision.draft.ticket.conversation_id,
        ),
    )
    return Mention.objects.filter(ticket=revision.draft.ticket_id).order_by("-id").first()


@pytest.mark.parametrize("what", WRONG)
def test_a_text_that_differs_from_its_draft_is_refused_by_sql(desk, what):
    revision = factories.submitted(desk)
    fields = WRONG[what](desk, revision)
    guard_refuses(lambda: insert(revision, changed(revision, **fields)), STAMP)
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("form", ["blanks", "order", "escapes", "twice", "behind"])
def test_a_text_in_another_form_than_the_canonical_one_is_refused_by_sql(desk, form):
    revision = factories.submitted(desk)
    content = json.loads(changed(revision, text="Für Sie. ^an"))
    written = {
        "blanks": json.dumps(content, sort_keys=True, ensure_ascii=False),
        "behind": canonical(content) + " ",
        "order": json.dumps(
            dict(reversed(content.items())), ensure_ascii=False, separators=(",", ":")
        ),
        "escapes": json.dumps(content, sort_keys=True, separators=(",", ":")),
        "twice": canonical(content).replace('{"account":', '{"account":"902","account":', 1),
    }[form]
    guard_refuses(lambda: insert(revision, written), STAMP)


def test_the_same_text_in_the_canonical_form_is_taken(desk):
    revision = factories.submitted(desk)
    insert(revision, changed(revision, text='Für Sie: "so" \\ \n und 👍. ^an'))
    assert Revision.objects.count() == 2


def test_only_the_author_submits_and_others_correct_also_by_sql(desk):
    revision = factories.submitted(desk)
    guard_refuses(lambda: insert(revision, changed(revision), user=desk.bastian), STAMP)
    insert(revision, changed(revision), user=desk.rita, correction=True)


def test_a_correction_by_sql_bears_the_authors_initials(desk):
    revision = factories.submitted(desk)
    guard_refuses(
        lambda: insert(
            revision,
            changed(revision, initials="rs", text="Mine. ^rs"),
            user=desk.rita,
            correction=True,
        ),
        STAMP,
    )


def test_what_was_submitted_keeps_its_author(desk):
    revision = factories.submitted(desk)
    guard_refuses(
        lambda: Draft.objects.filter(pk=revision.draft_id).update(writer=desk.bastian),
        "approvals_draft_author",
    )


def test_the_account_is_the_tickets_also_where_the_post_names_two_of_ours(desk):
    ticket = factories.a_ticket(desk)
    both = factories.post(
        "@AmselnetzBiz @AmselnetzHilfe and you?",
        conversation=ticket.conversation_id,
        account="amselnetzbiz",
    )
    factories.arrive(desk, both, account=desk.business_account)
    revision = factories.submitted(desk, ticket)
    assert revision.target.account == desk.business_account
    assert (revision.account_external_id, revision.account) == ("901", desk.account)
    factories.approved(desk, revision)
    assert [one.pk for one in querysets.ready_to_send(desk.account)] == [revision.draft_id]


OPEN = [
    "{customer}",
    "{ customer }",
    "{{ order }}",
    '{{order|default:"x"}}',
    "{two words}",
    "{1st name}",
    "{Kunde/Kundin}",
    "{order-no.}",
    "{größe}",
    "{名前}",
    "${amount}",
    "{a\nb}",
    "｛customer｝",
    "{{x}",
    "{…}",
    "{CUSTOMER'S NAME?}",
]
ORDINARY = [
    "{}",
    "{ }",
    ":{",
    "}:-)",
    "{1}",
    "{1, 2}",
    '{"a": 1}',
    "{a: 1}",
    "p { color: red; }",
    "{{ }}",
    "{{1}}",
    "a } b {",
    "{ open",
    "x = {a = 1}",
]


@pytest.mark.parametrize("words", OPEN)
def test_an_open_field_is_found(words):
    assert placeholders.left(f"Hello {words}, bye")


@pytest.mark.parametrize("words", ORDINARY)
def test_ordinary_braces_are_text(words):
    assert placeholders.left(f"Hello {words}, bye") == []


TRICKY = st.text(st.sampled_from("{}{}｛｝ab Zß名0 9_-.:;=<>\"'|\\$\n\t\x7f\xa0…👍"), max_size=24)


@pytest.mark.campaign
@settings(
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    words=TRICKY
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
)
@example(words="{{ order }}")
def test_sql_and_python_agree_on_open_fields(db, words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT approvals_open_field(%s)", [words])
        assert cursor.fetchone()[0] == bool(placeholders.left(words)), words


@pytest.mark.campaign
@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    words=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60
    )
)
def test_sql_and_python_write_the_same_canonical_form(desk, revision_of_aylin, words):
    written = changed(revision_of_aylin, text=f"x{words} ^an")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT approvals_wording_fault(%s, %s)", [revision_of_aylin.draft_id, written]
        )
        assert cursor.fetchone()[0] in {None, "open_field"}
        cursor.execute(
            "SELECT approvals_wording_fault(%s, %s)",
            [revision_of_aylin.draft_id, written.replace(":", ": ", 1)],
        )
        assert cursor.fetchone()[0] == "shape"


@pytest.fixture
def revision_of_aylin(desk):
    """One submitted text."""
    return factories.submitted(desk)


@pytest.mark.campaign
@pytest.mark.parametrize("words", ["{customer}", "{{ order }}", "{two words}"])
def test_an_open_field_is_refused_by_submit_correct_and_api_and_nothing_is_lost(
    desk, client, words
):
    revision = factories.submitted(desk)
    text = f"Hello {words}, unplug it."
    with pytest.raises(Invalid) as refused:
        drafting.submit(revision.draft, text=text, context_version=1, by=desk.aylin)
    assert (refused.value.code, refused.value.field) == ("field_open", "text")
    assert words in str(refused.value)
    with pytest.raises(Invalid, match="is not filled in yet"):
        decisions.correct(revision, text=text, **screen(revision, desk.rita))
    key = {"Authorization": f"Token {issue(desk.rita, name='mine')}"}
    body = {"text": text, "sha256": revision.sha256, "context_version": 1}
    answer = client.post(
        f"/api/v1/drafts/{revision.draft_id}/correct/",
        body,
        content_type="application/json",
        headers=key,
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "field_open")
    client.force_login(desk.rita)
    page = client.post(reverse("review-decide", args=[revision.draft_id, "correct"]), body)
    assert page.status_code == 400
    assert "unplug it.</textarea>" in page.content.decode()
    assert Revision.objects.count() == 1


def test_an_open_field_in_the_description_of_a_picture_is_refused(desk):
    draft = factories.submitted(desk).draft
    brought(draft, desk.aylin, alt="A light of {customer}.")
    with pytest.raises(Invalid, match="is not filled in yet") as refused:
        drafting.submit(draft, text="Look at this.", context_version=1, by=desk.aylin)
    assert refused.value.field.startswith("alt:")
    newest = draft.newest
    picture = {
        "alt": "A light of {customer}.",
        "kind": "image/png",
        "sha256": draft.attachments.get().sha256,
    }
    guard_refuses(lambda: insert(newest, changed(newest, attachments=[picture])), STAMP)


def torn(desk, owner, revision):
    """Move a submitted text behind its back, as who may do everything.

    Since it was submitted the draft names another post, the ticket another account, the
    draft another writer.
    """
    elsewhere = by_bo(desk)
    owner.execute(f"""BEGIN; SET LOCAL session_replication_role = replica;
        UPDATE approvals_draft
        SET target_id = {elsewhere.last_mention_id}, writer_id = {desk.bastian.pk}
        WHERE id = {revision.draft_id};
        UPDATE tickets_ticket SET account_id = {desk.business_account.pk}
        WHERE id = {revision.draft.ticket_id};
        COMMIT""")


@pytest.mark.campaign
def test_every_screen_shows_what_the_signed_text_names(open_desk, owner, client):
    revision = factories.submitted(open_desk)
    torn(open_desk, owner, revision)
    client.force_login(open_desk.rita)
    number = Draft.objects.get(pk=revision.draft_id).ticket.number
    pages = {
        reverse("queue"): [],
        reverse("queue-list"): [],
        reverse("review", args=[revision.draft_id]): ["@AmselnetzHilfe"],
        reverse("review-state", args=[revision.draft_id]): ["@AmselnetzHilfe"],
        reverse("evidence", args=[revision.draft_id]): ["@AmselnetzHilfe"],
        reverse("ticket", args=[number]): ["The reply goes to this post"],
        reverse("conversation", args=[number]): ["The reply goes to this post"],
    }
    for page, words in pages.items():
        shown = client.get(page).content.decode()
        assert all(one in shown for one in ["grace_adeyemi", *words]), page
        assert not any(
            one in shown for one in ("bo_lindqvist", "Bo Lindqvist", "quite another thing")
        ), page
        if words == ["@AmselnetzHilfe"]:
            assert "AmselnetzBiz" not in shown, page
    told = story.as_data(story.of_draft(Draft.objects.get(pk=revision.draft_id)))
    assert (told["customer_post"], told["account"]) == (
        revision.target.external_id,
        "AmselnetzHilfe",
    )
    answer = client.get(
        f"/api/v1/drafts/{revision.draft_id}/",
        headers={"Authorization": f"Token {issue(open_desk.rita, name='mine')}"},
    ).json()
    signed = answer["revisions"][0]
    assert (signed["target"], signed["account"], signed["initials"]) == (
        revision.target.external_id,
        "901",
        "an",
    )


@pytest.mark.campaign
def test_outbox_letters_sentences_and_sender_name_what_was_signed(open_desk, owner, client):
    draft = factories.approved(open_desk)
    revision = draft.newest
    torn(open_desk, owner, revision)
    client.force_login(open_desk.rita)
    waiting = client.get(reverse("outbox")).content.decode()
    sent = Delivery.objects.create(
        revision=revision,
        sha256=revision.sha256,
        account=open_desk.account,
        target_id=revision.target_external_id,
    )
    for shown in (waiting, client.get(reverse("outbox")).content.decode()):
        assert "@grace_adeyemi" in shown
        assert "bo_lindqvist" not in shown
    assert [one.pk for one in querysets.ready_to_send(open_desk.account)] == [draft.pk]
    assert not querysets.ready_to_send(open_desk.business_account).exists()
    key = {"Authorization": f"Token {issue(open_desk.rita, name='mine')}"}
    [listed] = client.get("/api/v1/deliveries/", headers=key).json()["results"]
    assert (listed["account"], listed["target"]) == (
        "AmselnetzHilfe",
        revision.target_external_id,
    )
    sent.code, sent.status = "reply_rule", "refused"
    assert "@grace_adeyemi has not named @AmselnetzHilfe" in attempt_messages.sentence(sent)
    call = Call.objects.create(
        revision=revision, step=1, person=open_desk.lena.person, due_at=factories.ago(minutes=1)
    )
    assert "@grace_adeyemi" in reminder_email.what_waits(call)
    void = Void.objects.create(review=revision.reviews.get(), reason="target_hidden")
    sentence = void_messages.for_author(void)
    assert "@grace_adeyemi" in sentence
    assert "@AmselnetzHilfe" in sentence


def test_the_sender_looks_at_and_answers_what_was_signed(ready, x, desk):
    draft, shown = ready
    Draft.objects.filter(pk=draft.pk).update(target=by_bo(desk).last_mention)
    delivery.send_due()
    assert [one["text"].endswith(draft.newest.text) for one in replies(x, shown)] == [True]
    assert Delivery.objects.get().target_id == str(shown["id"])


def test_a_delivery_from_another_account_than_the_signed_one_is_refused(desk):
    revision = factories.approved(desk).newest
    with pytest.raises(DatabaseError, match="another post, account"), transaction.atomic():
        Delivery.objects.create(
            revision=revision,
            sha256=revision.sha256,
            account=desk.business_account,
            target_id=revision.target_external_id,
        )


def test_initials_that_changed_while_writing_are_the_ones_that_are_signed(desk):
    draft = drafting.open_draft(factories.a_ticket(desk), by=desk.aylin, text="Hello.")
    aylin = desk.aylin
    assert aylin.person.initials == "an"
    Person.objects.filter(pk=aylin.person_id).update(initials="ny")
    assert drafting.submit(draft, text="Hello.", context_version=1, by=aylin).text == "Hello. ^ny"


def test_a_refusal_of_a_text_by_the_wall_alone_is_a_sentence_that_fits(desk, monkeypatch):
    draft = drafting.open_draft(factories.a_ticket(desk), by=desk.aylin, text="Hello.")
    monkeypatch.setattr("approvals.drafts.drafting.payload_of", lambda draft, text, pictures: "{}")
    with pytest.raises(NotAllowed, match="are not those of its draft") as refused:
        drafting.submit(draft, text="Hello.", context_version=1, by=desk.aylin)
    assert refused.value.code == "guard"
    assert ConnectedAccount.objects.count() == 2
