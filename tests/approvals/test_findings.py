"""What the checks find while somebody writes, on submit, and beside the reviewer's decision.

And the guidelines they are bound to.
"""

import html
import io
import json
import re

import pytest
from django.contrib.messages import get_messages
from django.db import DatabaseError, transaction
from django.urls import reverse

from approvals import applicable_guidelines
from approvals.drafts import attachments, checking, drafting, saved_replies
from approvals.guidelines import editing
from approvals.models import Confirmation, Draft, Finding, GuidelineDraft, GuidelineVersion
from approvals.reviews import decisions
from approvals.states import DraftStatus
from core.errors import Invalid, NotAllowed, Stale
from core.models import Event
from people.identity.tokens import issue
from tests import factories
from tests.approvals import examples
from tests.pictures import a_picture
from tickets import lifecycle
from tickets.models import Ticket

IBAN = "Please use DE89 3704 0044 0532 0130 00 for it."
REFUND = "Hi Grace, we will refund the whole month."
DATED = "Hi Grace, your new box arrives tomorrow."


def published(desk, department=None, paragraphs=None, hours=48):
    """The house guideline, published and confirmed by nobody but its administrator."""
    paragraphs = examples.guideline() if paragraphs is None else paragraphs
    draft = editing.draft_of(department, by=desk.max)
    draft = editing.save_draft(
        draft,
        saved=None,
        by=desk.max,
        text_en=editing.text_of(paragraphs, "en"),
        text_de=editing.text_of(paragraphs, "de"),
        confirm_within_hours=hours,
    )
    for one in paragraphs:
        draft = editing.save_checks(draft, one["number"], one["checks"], saved=None, by=desk.max)
    return editing.publish(draft, by=desk.max)


@pytest.fixture
def desk(db):
    """The cast with the house guideline."""
    made = factories.make_desk()
    published(made)
    return made


def key_of(ticket, text, author):
    """The key of the only finding."""
    return checking.examined(ticket, text, author=author)[0].key


@pytest.mark.campaign
def test_a_text_with_an_iban_is_blocked_and_nothing_is_frozen(desk):
    ticket = factories.a_ticket(desk)
    with pytest.raises(Invalid) as refused:
        factories.submitted(desk, ticket, text=IBAN)
    assert refused.value.code == "finding_blocks"
    assert any(
        one["detail"] == "iban" and one["paragraph"] == "5"
        for one in refused.value.detail["findings"]
    )
    assert not Finding.objects.exists()


@pytest.mark.campaign
def test_the_description_of_a_picture_is_looked_at_too(desk):
    draft = drafting.open_draft(factories.a_ticket(desk), by=desk.aylin)
    shot = a_picture()
    attachments.attach(
        draft,
        picture=io.BytesIO(shot),
        size=len(shot),
        alt="A letter with DE89 3704 0044 0532 0130 00 on it",
        by=desk.aylin,
    )
    with pytest.raises(Invalid) as refused:
        drafting.submit(
            draft,
            text="Hi Grace, look at this, please.",
            context_version=draft.ticket.context_version,
            by=desk.aylin,
        )
    found = next(one for one in refused.value.detail["findings"] if one["detail"] == "iban")
    assert found["sentence"].startswith("In the description of a picture: “DE89")
    assert (found["start"], found["end"]) == (0, 0)
    assert all(one["kind"] != "greeting" for one in refused.value.detail["findings"])


@pytest.mark.campaign
def test_a_finding_that_wants_an_explanation_is_frozen_with_it_and_shown_to_the_reviewer(
    desk, client
):
    ticket = factories.a_ticket(desk)
    draft = drafting.open_draft(ticket, by=desk.aylin)
    with pytest.raises(Invalid, match="Explain this finding"):
        drafting.submit(draft, text=DATED, context_version=ticket.context_version, by=desk.aylin)
    revision = drafting.submit(
        draft,
        text=DATED,
        context_version=ticket.context_version,
        by=desk.aylin,
        explanations={key_of(ticket, DATED, desk.aylin.person): "The warehouse confirmed it."},
    )
    kept = revision.findings.get()
    assert (kept.kind, kept.paragraph, kept.words, kept.explanation) == (
        "date",
        "6",
        "tomorrow",
        "The warehouse confirmed it.",
    )
    client.force_login(desk.rita)
    page = client.get(reverse("review", args=[draft.pk])).content.decode()
    assert "No promises of money or dates" in page
    assert "The warehouse confirmed it." in page


@pytest.mark.campaign
def test_a_promise_of_money_goes_to_the_lead_and_is_said_before(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    said = client.post(
        reverse("draft-save", args=[ticket.number]),
        {"text": REFUND, "saved": "0"},
        headers={"X-Requested-With": "fetch"},
    ).json()
    assert "Lena Brandt" in said["lead"]
    assert [one["severity"] for one in said["findings"]] == ["needs_lead"]
    answer = client.post(
        reverse("draft-submit", args=[ticket.number]),
        {"text": REFUND, "context_version": ticket.context_version},
    )
    [told] = get_messages(answer.wsgi_request)
    assert "Lena Brandt" in str(told)
    assert "Rita" not in str(told), "it is with the lead since this very submit"
    ticket.refresh_from_db()
    escalation = lifecycle.open_escalation(ticket)
    assert "No promises of money" in escalation.reason
    revision = Draft.objects.get(ticket=ticket).newest
    assert revision.context_version == ticket.context_version
    with pytest.raises(NotAllowed):
        decisions.approve(
            revision, sha256=revision.sha256, context_version=ticket.context_version, by=desk.rita
        )
    assert (
        decisions.approve(
            revision, sha256=revision.sha256, context_version=ticket.context_version, by=desk.lena
        ).status
        == DraftStatus.APPROVED
    )


@pytest.mark.campaign
def test_the_form_that_is_refused_keeps_the_text_and_the_explanation(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    typed = f"{DATED} {IBAN}"
    key = next(
        one.key
        for one in checking.examined(ticket, typed, author=desk.aylin.person)
        if one.kind == "date"
    )
    answer = client.post(
        reverse("draft-submit", args=[ticket.number]),
        {
            "text": typed,
            "context_version": ticket.context_version,
            f"explain:{key}": "Confirmed by the warehouse.",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "One finding blocks this text" in page
    assert "Confirmed by the warehouse." in page
    assert typed in page


@pytest.mark.campaign
def test_a_correction_is_checked_like_any_text(desk):
    revision = factories.submitted(desk)
    screen = {
        "sha256": revision.sha256,
        "context_version": Ticket.objects.get(drafts=revision.draft_id).context_version,
        "by": desk.rita,
    }
    with pytest.raises(Invalid, match="blocks this text"):
        decisions.correct(revision, text=IBAN, **screen)


@pytest.mark.campaign
def test_nearly_the_same_text_to_somebody_else_is_noticed_and_to_the_same_person_not(desk):
    words = (
        "Hi Grace, there is an outage in parts of Kranstedt. Our engineers are at the cable. I "
        "will write here as soon as we know more."
    )
    factories.approved(desk, factories.submitted(desk, text=words))
    other = factories.XUser(id=7002, handle="maeve", name="Maeve", followers=3)
    ticket = factories.arrive(desk, factories.post(by=other), users=(other,))[0]
    found = checking.examined(ticket, words.replace("Grace", "Maeve"), author=desk.bastian.person)
    assert [(one.kind, one.values["customer"]) for one in found] == [
        ("near_duplicate", "@grace_adeyemi")
    ]
    again = factories.a_ticket(desk, conversation=None)
    assert not checking.examined(again, words, author=desk.bastian.person)


@pytest.mark.campaign
def test_findings_are_facts(desk):
    ticket = factories.a_ticket(desk)
    revision = drafting.submit(
        drafting.open_draft(ticket, by=desk.aylin),
        text=DATED,
        context_version=ticket.context_version,
        by=desk.aylin,
        explanations={key_of(ticket, DATED, desk.aylin.person): "Confirmed."},
    )
    for act in (
        lambda: revision.findings.update(severity="hint"),
        lambda: revision.findings.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.campaign
def test_the_company_and_the_department_both_bind(desk):
    published(
        desk,
        desk.business,
        [
            {
                "number": "B1",
                "title_en": "Always Sie",
                "title_de": "Immer Sie",
                "text_en": "Sie.",
                "text_de": "Sie.",
                "checks": [
                    {
                        "kind": "address_form",
                        "severity": "blocks",
                        "settings": {"house": "Sie", "follow_customer": False},
                    }
                ],
            }
        ],
    )
    ticket = factories.arrive(
        desk,
        factories.post(
            "@AmselnetzBiz kannst du mir bitte sagen, wann das wieder geht?",
            account="amselnetzbiz",
            language="de",
        ),
        account=desk.business_account,
    )[0]
    found = checking.examined(
        ticket, "Hallo, ich schicke dir gern eine neue Box.", author=desk.nele.person
    )
    assert [(one.paragraph, one.severity) for one in found if one.kind == "address_form"] == [
        ("B1", "blocks")
    ]


# Confirming


@pytest.mark.campaign
def test_who_has_not_confirmed_by_the_deadline_does_not_go_on_writing(desk, client, ahead):
    ticket = factories.a_ticket(desk)
    drafting.open_draft(ticket, by=desk.aylin, text="Hi Grace, a moment please.")
    ahead("49 hours")
    with pytest.raises(NotAllowed, match="Confirm version 1"):
        factories.submitted(desk, ticket)
    client.force_login(desk.aylin)
    version = GuidelineVersion.objects.get()
    page = client.get(reverse("guideline-confirm", args=[version.pk]))
    assert "Confirm version 1" in page.content.decode()
    client.post(reverse("guideline-confirm", args=[version.pk]))
    assert Confirmation.objects.filter(version=version, person=desk.aylin.person).count() == 1
    assert factories.submitted(desk, ticket).number == 1
    # Who publishes a version has read it
    assert Event.objects.filter(name="guideline.confirmed").count() == 2


@pytest.mark.campaign
def test_until_the_deadline_the_composer_asks_and_one_goes_on_writing(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    page = client.get(reverse("ticket", args=[ticket.number])).content.decode()
    assert "There is a guideline. Read it, then confirm" in page
    assert "new version" not in page
    assert factories.submitted(desk, ticket)


@pytest.mark.campaign
def test_who_confirms_after_a_refusal_comes_back_to_the_ticket(desk, client):
    ticket = factories.a_ticket(desk)
    address = reverse("ticket", args=[ticket.number])
    client.force_login(desk.aylin)
    refused = client.post(reverse("draft-submit", args=[ticket.number]), {"text": " "})
    assert refused.status_code == 400
    asked = re.search(
        r'href="(/guideline-versions/\d+/confirm/)\?next=([^"]*)"', str(refused.content)
    )
    assert asked[2] == address
    assert client.post(asked[1], {"next": asked[2]}).url == address


# Writing the next version


@pytest.mark.campaign
def test_looking_at_the_editor_begins_no_draft(desk, client):
    client.force_login(desk.max)
    for path in (
        reverse("guideline-edit", args=["company"]),
        reverse("guideline-check", args=["company", "2", "new"]),
    ):
        assert client.get(path).status_code == 200
    assert not GuidelineDraft.objects.exists()


@pytest.mark.campaign
def test_only_administrators_write_and_publish(desk, client):
    with pytest.raises(NotAllowed):
        editing.draft_of(None, by=desk.lena)
    client.force_login(desk.lena)
    assert client.get(reverse("guideline-edit", args=["company"])).status_code == 403


def tries_a_check(client, address):
    """Try a check out on a sentence and on earlier texts; return what was typed."""
    typed = {
        "kind": "forbidden_words",
        "severity": "must_explain",
        "name": "frank",
        "terms_en": "honestly\nto be frank",
        "terms_de": "ehrlich gesagt",
        "sample": "Honestly, no.",
    }
    tried = client.post(address, typed | {"act": "try"}).content.decode()
    assert "<mark>Honestly</mark>" in tried
    assert "In the newest 1 submitted texts it would have marked 1." in tried
    assert "<mark>honestly</mark>" in tried
    assert not [
        one
        for one in applicable_guidelines.current(None).paragraphs[1]["checks"]
        if one["settings"].get("name") == "frank"
    ]
    return typed


@pytest.mark.campaign
def test_a_check_is_added_tried_on_earlier_texts_and_holds_once_it_is_published(desk, client):
    factories.submitted(desk, text="Hi Grace, honestly, unplug it for 30 seconds.")
    client.force_login(desk.max)
    client.get(reverse("guideline-edit", args=["company"]))
    address = reverse("guideline-check", args=["company", "2", "new"])
    assert "Words to avoid" in client.get(address).content.decode()
    typed = tries_a_check(client, address)
    client.post(address, typed | {"act": "save"})
    draft = editing.draft_of(None, by=desk.max)
    assert [
        one["settings"]["terms"]
        for one in draft.paragraphs[1]["checks"]
        if one["settings"].get("name") == "frank"
    ] == [{"en": ["honestly", "to be frank"], "de": ["ehrlich gesagt"]}]
    client.post(
        reverse("guideline-edit", args=["company"]),
        {
            "act": "publish",
            "saved": draft.saved,
            "text_en": draft.text_en,
            "text_de": draft.text_de,
            "summary": "No frankness.",
            "confirm_within_hours": "24",
        },
    )
    assert applicable_guidelines.current(None).number == 2
    with pytest.raises(Invalid, match="Explain"):
        factories.submitted(
            desk, factories.a_ticket(desk), text="Hi Grace, honestly, I do not know."
        )


@pytest.mark.campaign
def test_the_terms_of_a_check_are_kept_whole_or_refused_and_never_cut(desk, client):
    client.force_login(desk.max)
    address = reverse("guideline-check", args=["company", "2", "new"])
    typed = {
        "kind": "forbidden_words",
        "severity": "hint",
        "terms_en": "\n".join(f"term {one}" for one in range(401)),
    }
    for terms in (typed["terms_en"], "x" * 121):
        answer = client.post(address, typed | {"terms_en": terms})
        assert answer.status_code == 400
        assert "at most 400 entries" in answer.content.decode()
        assert terms in html.unescape(answer.content.decode())
    assert not GuidelineDraft.objects.exists()
    terms = typed["terms_en"].splitlines()[:400]
    assert client.post(address, typed | {"terms_en": "\n".join(terms)}).status_code == 302
    kept = [
        one["settings"]["terms"]
        for one in GuidelineDraft.objects.get().paragraphs[1]["checks"]
        if one["kind"] == "forbidden_words"
    ]
    assert {"en": terms} in kept


@pytest.mark.campaign
def test_the_checks_stay_with_their_number_when_the_text_changes(desk):
    draft = editing.draft_of(None, by=desk.max)
    changed = draft.text_en.replace("## 5 No personal data in public", "## 5 Nothing personal")
    draft = editing.save_draft(
        draft, saved=draft.saved, by=desk.max, text_en=changed, text_de=draft.text_de
    )
    fifth = next(one for one in draft.paragraphs if one["number"] == "5")
    assert (fifth["title_en"], fifth["checks"][0]["kind"]) == ("Nothing personal", "personal_data")


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("english", "german", "code"),
    [
        ("## 1 One\n\n## 1 Again", "", "paragraph_twice"),
        ("## 1 One", "## 2 Zwei", "paragraphs_differ"),
        ("x" * 40_001, "", "text_long"),
    ],
)
def test_texts_that_do_not_go_together_are_refused_with_a_sentence(desk, english, german, code):
    draft = editing.draft_of(None, by=desk.max)
    with pytest.raises(Invalid) as refused:
        editing.save_draft(draft, saved=draft.saved, by=desk.max, text_en=english, text_de=german)
    assert refused.value.code == code


@pytest.mark.campaign
def test_two_administrators_do_not_overwrite_each_other(desk, client):
    draft = editing.draft_of(None, by=desk.max)
    editing.save_draft(
        draft, saved=draft.saved, by=desk.max, text_en="## 1 Mine\n\nText.", text_de=""
    )
    with pytest.raises(Stale):
        editing.save_draft(
            draft, saved=draft.saved, by=desk.max, text_en="## 1 Yours\n\nText.", text_de=""
        )
    client.force_login(desk.max)
    answer = client.post(
        reverse("guideline-edit", args=["company"]),
        {"saved": draft.saved, "text_en": "## 1 Yours\n\nText.", "text_de": "", "act": "save"},
    )
    assert answer.status_code == 409
    assert "## 1 Yours" in answer.content.decode()


@pytest.mark.campaign
def test_the_api_gives_and_takes_findings_and_explanations(desk, client):
    ticket = factories.a_ticket(desk)
    draft = drafting.open_draft(ticket, by=desk.aylin)
    call = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Token {issue(desk.aylin, name='t')}"},
    }
    refused = client.post(
        f"/api/v1/drafts/{draft.pk}/submit/", json.dumps({"text": DATED}), **call
    ).json()["error"]
    assert refused["code"] == "finding_explain"
    key = refused["findings"][0]["key"]
    done = client.post(
        f"/api/v1/drafts/{draft.pk}/submit/",
        json.dumps({"text": DATED, "explanations": {key: "Confirmed."}}),
        **call,
    ).json()
    assert done["revisions"][0]["findings"][0]["explanation"] == "Confirmed."


@pytest.mark.campaign
def test_an_explanation_that_nobody_sees_explains_nothing(desk):
    ticket = factories.a_ticket(desk)
    draft = drafting.open_draft(ticket, by=desk.aylin)
    key = key_of(ticket, DATED, desk.aylin.person)
    for explanation, code in (
        ("\u3164", "text_unreadable"),
        ("\u00a0 \u00ad", "finding_explain"),
        ("It\u202e is true.", "text_unreadable"),
    ):
        with pytest.raises(Invalid) as refused:
            drafting.submit(
                draft,
                text=DATED,
                context_version=ticket.context_version,
                by=desk.aylin,
                explanations={key: explanation},
            )
        assert refused.value.code == code
    assert (
        drafting.submit(
            draft,
            text=DATED,
            context_version=ticket.context_version,
            by=desk.aylin,
            explanations={key: "Sent\ttoday."},
        )
        .findings.get()
        .explanation
        == "Sent today."
    )


@pytest.mark.campaign
@pytest.mark.parametrize(
    "link", ["bit.ly/abc", "phishing.click/abc", "BIT.LY/ABC", "xn--mller-kva.de", "日本bit.ly語"]
)
def test_a_link_without_its_scheme_is_found_by_every_door(desk, link):
    ticket = factories.a_ticket(desk)
    text = f"Hi Grace, please look at {link} for it."
    assert "links" in {
        one.kind for one in checking.examined(ticket, text, author=desk.aylin.person)
    }
    in_alt = checking.examined(
        ticket, "Hi Grace, have a look.", author=desk.aylin.person, alts=[text]
    )
    assert [(one.kind, one.values.get("place")) for one in in_alt] == [("links", "alt")]
    for act in (
        lambda: saved_replies.keep(
            None, department=desk.service, title="Link", language="en", text=text, by=desk.max
        ),
        lambda: factories.submitted(desk, ticket, text=text),
    ):
        with pytest.raises(Invalid) as refused, transaction.atomic():
            act()
        assert refused.value.code == "finding_blocks"


def review_of(desk, client, text, **explained):
    """The reviewer's page of a text that was submitted with these explanations."""
    ticket = factories.a_ticket(desk)
    draft = drafting.open_draft(ticket, text=text, by=desk.aylin)
    revision = drafting.submit(
        draft,
        text=text,
        context_version=ticket.context_version,
        by=desk.aylin,
        **explained,
    )
    client.force_login(desk.lena)
    return client.get(reverse("review", args=[revision.draft_id]))


def test_a_review_marks_the_place_of_a_finding_in_the_words(desk, client):
    page = review_of(desk, client, REFUND).content.decode()
    slip = r'<p\s+class="slip__words slip__words--review"[^>]*>(.*?)</p>'
    (words,) = re.findall(slip, page, re.S)
    place, sentence = re.search(
        r'<mark data-severity="needs_lead" title="([^"]+)">([^<]+)</mark>', words
    ).groups()[::-1]
    assert place in REFUND
    assert "reads like a promise" in html.unescape(sentence)


def test_an_explained_finding_says_so_in_the_review(desk, client):
    ticket = factories.a_ticket(desk)
    key = key_of(ticket, DATED, desk.aylin.person)
    page = review_of(desk, client, DATED, explanations={key: "It is booked."}).content.decode()
    findings = page[page.index("findings__list") :]
    head = re.search(r'finding__head">(.*?)</p>', findings, re.S)[1]
    assert ">Explained</b>" in head
    assert "Must be explained" not in head


def test_foot_and_finding_name_the_same_people_and_the_finding_says_why(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    save = reverse("draft-save", args=[ticket.number])
    for text, button in (
        ("Hello Grace.", "Submit for review"),
        (REFUND, "Submit to the lead"),
        ("Hello again, Grace.", "Submit for review"),
    ):
        saved = Draft.objects.filter(ticket=ticket).values_list("saved", flat=True).first() or 0
        said = client.post(
            save, {"text": text, "saved": saved}, headers={"X-Requested-With": "fetch"}
        ).json()
        page = client.get(reverse("ticket", args=[ticket.number])).content.decode()
        foot = re.search(r"<span data-destination[^>]*>([^<]+)<", page)[1].strip()
        assert html.unescape(foot) == said["to"]
        assert re.search(r"data-submit-label>([^<]+)<", page)[1] == said["button"] == button
        assert bool(said["lead"]) == (button == "Submit to the lead")
        assert not said["lead"] or said["to"].removeprefix("Goes to the lead: ") in said["lead"]
        assert ("Rita" in said["to"]) == (button == "Submit for review")


def test_a_correction_is_weighed_like_a_reply_and_nothing_is_kept(desk, client):
    ticket = factories.a_ticket(desk)
    revision = factories.submitted(desk, ticket)
    client.force_login(desk.rita)
    weigh = reverse("review-weigh", args=[revision.draft_id])
    said = client.post(weigh, {"text": REFUND}).json()
    assert [one["severity"] for one in said["findings"]] == ["needs_lead"]
    assert said["preview"] == f"{REFUND} ^an", "it stays signed by who wrote it"
    assert "Rita" not in said["to"]
    assert Draft.objects.get(pk=revision.draft_id).text in revision.text
    page = client.get(reverse("review", args=[revision.draft_id])).content.decode()
    form = page[page.index("data-weigh") :]
    assert 'data-behaviour="findings"' in form
    assert "data-ring" in form
    assert "data-preview" in form


def test_a_refused_correction_shows_where_to_explain(desk, client):
    revision = factories.submitted(desk)
    client.force_login(desk.rita)
    answer = client.post(
        reverse("review-decide", args=[revision.draft_id, "correct"]),
        {
            "text": DATED,
            "sha256": revision.sha256,
            "context_version": revision.draft.ticket.context_version,
        },
    )
    page = answer.content.decode()
    form = page[page.index("data-weigh") :]
    assert answer.status_code == 400
    assert DATED in html.unescape(form)
    assert re.search(r'name="explain:[^"]+"', form)
