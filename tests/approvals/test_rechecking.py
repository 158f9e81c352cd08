"""The checks run again when a review opens and when a text is approved.

What is new is shown, explained, left to the lead, or blocks.
"""

import json

import pytest
from django.urls import reverse
from django.utils import translation

from approvals.drafts import checking, drafting, saved_replies
from approvals.models import Draft, Finding, Review
from approvals.reviews import decisions, rechecking
from approvals.states import DraftStatus
from core.errors import DeskError, Invalid, NotAllowed
from people.identity.tokens import issue
from tests import factories
from tests.approvals import examples
from tests.approvals.test_findings import published
from tests.approvals.test_four_eyes import screen
from tests.approvals.test_races import at_once
from tickets.models import Customer

WORDS = (
    "Hi there, an outage in Kranstedt cuts you off. Our engineers are at the cable; I write "
    "again here."
)
PLAIN = "Hi Grace, please unplug the box for half a minute and tell me what the light does."
WHY = "Everybody in the street gets this news."


@pytest.fixture
def desk(db):
    """The cast with the house guideline."""
    made = factories.make_desk(quick=True)
    published(made)
    return made


def from_somebody(desk, number: int, text: str = WORDS):
    """A text in review for a customer of their own."""
    customer = factories.XUser(
        id=8000 + number, handle=f"customer_{number}", name="Somebody", followers=1
    )
    ticket = factories.arrive(desk, factories.post(by=customer), users=(customer,))[0]
    return factories.submitted(desk, ticket, text=text)


def with_checks(desk, *checks: dict) -> None:
    """Publish the house guideline anew, with these checks added to its second paragraph."""
    paragraphs = examples.guideline()
    paragraphs[1] = paragraphs[1] | {"checks": [*paragraphs[1]["checks"], *checks]}
    published(desk, paragraphs=paragraphs)


def avoiding(word: str, severity: str) -> dict:
    """A check that finds a word."""
    return {
        "kind": "forbidden_words",
        "severity": severity,
        "settings": {"name": "new", "terms": {"en": [word]}, "exceptions": {}},
    }


def approve(revision, by, **more):
    """Approve what stands there now."""
    return decisions.approve(revision, **screen(revision, by), **more)


def key_of(revision) -> str:
    """The key of what is new."""
    return rechecking.since_submitted(revision)[0].key


@pytest.mark.campaign
def test_of_eight_equal_texts_every_one_but_the_first_wants_an_explanation(desk):
    revisions = [from_somebody(desk, number) for number in range(8)]
    assert not Finding.objects.filter(kind="near_duplicate").exists()
    approve(revisions[0], desk.rita)
    for revision in revisions[1:]:
        with pytest.raises(Invalid, match="Since this text was submitted") as refused:
            approve(revision, desk.rita)
        assert refused.value.code == "finding_explain"
        assert [one["kind"] for one in refused.value.detail["findings"]] == ["near_duplicate"]
    assert Review.objects.count() == 1


@pytest.mark.campaign
def test_an_explanation_is_kept_with_the_approval_and_shown_as_the_reviewers(desk, client):
    first, second = (from_somebody(desk, number) for number in (1, 2))
    approve(first, desk.rita)
    approve(second, desk.rita, explanations={key_of(second): WHY})
    kept = second.findings.get(kind="near_duplicate")
    assert (kept.explanation, kept.since_submitted, kept.review.person) == (
        WHY,
        True,
        desk.rita.person,
    )
    client.force_login(desk.lena)
    page = client.get(reverse("review", args=[second.draft_id])).content.decode()
    assert "Came up after the text was submitted" in page
    assert "<bdi>Rita Sommer</bdi> explains:" in page


@pytest.mark.campaign
def test_the_writer_who_goes_on_is_not_given_the_reviewers_explanation_as_their_own(desk, client):
    first, second = (from_somebody(desk, number) for number in (1, 2))
    approve(first, desk.rita)
    approve(second, desk.rita, explanations={key_of(second): WHY})
    client.force_login(desk.aylin)
    page = client.get(reverse("ticket", args=[second.draft.ticket.number])).content.decode()
    assert "Almost the same text went to @customer_1 today." in page
    assert f'value="{WHY}"' not in page


@pytest.mark.campaign
def test_what_stood_at_submission_is_not_new(desk):
    approve(from_somebody(desk, 1), desk.rita)
    ticket = from_somebody(desk, 2, text=PLAIN).draft.ticket
    key = next(
        one.key
        for one in checking.examined(ticket, WORDS, author=desk.aylin.person)
        if one.kind == "near_duplicate"
    )
    second = drafting.submit(
        Draft.objects.get(ticket=ticket),
        text=WORDS,
        context_version=ticket.context_version,
        by=desk.aylin,
        explanations={key: WHY},
    )
    assert rechecking.since_submitted(second) == []
    assert approve(second, desk.rita).status == DraftStatus.APPROVED
    assert not Finding.objects.filter(review__isnull=False).exists()


@pytest.mark.campaign
def test_a_text_that_was_submitted_long_ago_and_approved_just_now_counts_as_lately(desk, ahead):
    old = from_somebody(desk, 1)
    ahead("25 hours")
    new = from_somebody(desk, 2)
    approve(old, desk.rita)
    assert [one.kind for one in rechecking.since_submitted(new)] == ["near_duplicate"]


@pytest.mark.campaign
def test_a_check_published_since_blocks_the_approval_and_says_so(desk, client):
    revision = factories.submitted(desk, text=PLAIN)
    with_checks(desk, avoiding("unplug", "blocks"))
    with pytest.raises(
        Invalid, match="Since this text was submitted, a finding blocks it: Courtesy"
    ):
        approve(revision, desk.rita, explanations={key_of(revision): WHY})
    client.force_login(desk.rita)
    page = client.get(reverse("review", args=[revision.draft_id])).content.decode()
    assert "New since it was submitted" in page
    assert "“unplug” is better said differently here." in page
    assert "a finding blocks it" in page
    assert reverse("review-decide", args=[revision.draft_id, "approve"]) not in page
    assert reverse("review-decide", args=[revision.draft_id, "request-changes"]) in page
    assert not Review.objects.exists()


@pytest.mark.campaign
def test_a_finding_that_weighs_more_than_then_is_new(desk):
    with_checks(desk, avoiding("unplug", "hint"))
    revision = factories.submitted(desk, text=PLAIN)
    assert rechecking.since_submitted(revision) == []
    with_checks(desk, avoiding("unplug", "must_explain"))
    assert [one.severity for one in rechecking.since_submitted(revision)] == ["must_explain"]


@pytest.mark.campaign
def test_the_same_check_under_another_number_is_not_new(desk):
    with_checks(desk, avoiding("unplug", "hint"))
    revision = factories.submitted(desk, text=PLAIN)
    paragraphs = examples.guideline()
    paragraphs[3] = paragraphs[3] | {"checks": [avoiding("unplug", "hint")]}
    published(desk, paragraphs=paragraphs)
    assert rechecking.since_submitted(revision) == []


@pytest.mark.campaign
def test_a_hint_that_is_new_is_shown_and_approves_with_one_key(desk, client):
    revision = factories.submitted(desk, text=PLAIN)
    with_checks(desk, avoiding("unplug", "hint"))
    client.force_login(desk.rita)
    assert (
        "New since it was submitted"
        in client.get(reverse("review", args=[revision.draft_id])).content.decode()
    )
    assert approve(revision, desk.rita).status == DraftStatus.APPROVED
    assert revision.findings.get(kind="forbidden_words").since_submitted


@pytest.mark.campaign
def test_what_needs_the_lead_since_then_is_decided_by_the_lead(desk, client):
    revision = factories.submitted(desk, text=PLAIN)
    Customer.objects.filter(pk=revision.draft.ticket.customer_id).update(tags=["satire"])
    with pytest.raises(NotAllowed, match="The decision is now with Lena Brandt") as refused:
        approve(revision, desk.rita)
    assert refused.value.code == "needs_lead"
    client.force_login(desk.rita)
    page = client.get(reverse("review", args=[revision.draft_id])).content.decode()
    assert "it needs the lead: Satire only with the lead" in page
    assert reverse("escalate", args=[revision.draft.ticket.number]) in page
    assert approve(revision, desk.lena).status == DraftStatus.APPROVED


def test_a_newer_post_in_another_language_is_noticed(desk):
    revision = factories.submitted(desk, factories.a_ticket(desk, language="en"), text=PLAIN)
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe Entschuldigung, ich schreibe lieber auf Deutsch weiter, das fällt "
            "mir leichter.",
            conversation=revision.draft.ticket.conversation_id,
        ),
    )
    assert [(one.kind, one.values["language"]) for one in rechecking.since_submitted(revision)] == [
        ("language", "de")
    ]
    with pytest.raises(Invalid, match="In the customer’s language"):
        approve(revision, desk.rita)


def test_a_saved_reply_that_was_kept_since_is_looked_at(desk):
    revision = factories.submitted(desk, text=PLAIN)
    saved_replies.keep(
        None, department=desk.service, title="Unplug", language="en", text=PLAIN, by=desk.max
    )
    assert {one.kind for one in rechecking.since_submitted(revision)} == {"unchanged_saved_reply"}


@pytest.mark.campaign
def test_the_page_that_is_refused_keeps_the_explanation_and_then_takes_it(desk, client):
    first, second = (from_somebody(desk, number) for number in (1, 2))
    approve(first, desk.rita)
    client.force_login(desk.tomasz)
    address = reverse("review-decide", args=[second.draft_id, "approve"])
    read = {"sha256": second.sha256, "context_version": "1"}
    refused = client.post(address, read)
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "there is a new finding" in page
    assert f'name="explain:{key_of(second)}" form="approve"' in page
    assert page.count('"finding__says">Almost the same text went to @customer_1 today.') == 1
    assert client.post(address, read | {f"explain:{key_of(second)}": WHY}).status_code == 302
    assert second.findings.get().explanation == WHY


@pytest.mark.campaign
def test_the_page_speaks_german_too(desk, client):
    first, second = (from_somebody(desk, number) for number in (1, 2))
    approve(first, desk.rita)
    tomasz = desk.tomasz
    tomasz.language = "de"
    tomasz.save(update_fields=["language"])
    client.force_login(tomasz)
    with translation.override("de"):
        page = client.get(
            reverse("review", args=[second.draft_id]), headers={"Accept-Language": "de"}
        ).content.decode()
        assert "Neu, seit der Text vorgelegt wurde" in page
        with pytest.raises(Invalid, match="ist ein Hinweis dazugekommen"):
            approve(second, tomasz)


@pytest.mark.campaign
def test_the_api_shows_what_is_new_and_takes_explanations(desk, client):
    first, second = (from_somebody(desk, number) for number in (1, 2))
    approve(first, desk.rita)
    call = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Token {issue(desk.rita, name='t')}"},
    }
    shown = client.get(f"/api/v1/drafts/{second.draft_id}/", **call).json()["new_findings"]
    assert [(one["kind"], one["severity"]) for one in shown] == [("near_duplicate", "must_explain")]
    read = {"sha256": second.sha256, "context_version": 1}
    refused = client.post(f"/api/v1/drafts/{second.draft_id}/approve/", json.dumps(read), **call)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "finding_explain")
    assert refused.json()["error"]["findings"][0]["key"] == shown[0]["key"]
    done = client.post(
        f"/api/v1/drafts/{second.draft_id}/approve/",
        json.dumps(read | {"explanations": {shown[0]["key"]: WHY}}),
        **call,
    ).json()
    kept = done["revisions"][0]["findings"]
    assert [(one["explanation"], one["since_submitted"]) for one in kept] == [(WHY, True)]
    assert client.get(f"/api/v1/drafts/{second.draft_id}/", **call).json()["new_findings"] == []


@pytest.mark.campaign
def test_a_text_is_given_back_whatever_is_new(desk):
    revision = factories.submitted(desk, text=PLAIN)
    with_checks(desk, avoiding("unplug", "blocks"))
    draft = decisions.request_changes(
        revision, **screen(revision, desk.rita), comment="Say it differently."
    )
    assert draft.status == DraftStatus.CHANGES_REQUESTED


@pytest.mark.campaign
def test_the_second_click_of_an_approval_answers_like_the_first(desk):
    first, second = (from_somebody(desk, number) for number in (1, 2))
    approve(first, desk.rita)
    approve(second, desk.rita, explanations={key_of(second): WHY})
    assert approve(second, desk.rita).status == DraftStatus.APPROVED
    assert Finding.objects.filter(review__isnull=False).count() == 1


NEWS = [
    (
        "Hi there, an outage in Kranstedt cuts you off. Our engineers are at the cable; I "
        "write again here."
    ),
    "Hello, your box has lost its settings. Please hold the small button at the back until it "
    "blinks twice.",
    "Good morning, the blue lamp only says that somebody is on the telephone. All is well with "
    "your line.",
    "Hey, thanks for the picture! The white plug belongs into the socket on the left, the grey "
    "one below.",
]


@pytest.mark.campaign
@pytest.mark.parametrize("words", NEWS)
def test_of_two_equal_texts_approved_at_once_one_is_told(open_desk, words):
    published(open_desk)
    pair = [from_somebody(open_desk, number, text=words) for number in (1, 2)]
    acts = [
        (revision, screen(revision, by))
        for revision, by in zip(pair, (open_desk.rita, open_desk.tomasz), strict=True)
    ]
    found = at_once(
        *(lambda r=revision, s=read: decisions.approve(r, **s) for revision, read in acts)
    )
    refused = [one for one in found if isinstance(one, DeskError)]
    assert [one.code for one in refused] == ["finding_explain"], found
    assert Review.objects.count() == 1
