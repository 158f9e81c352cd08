"""A form that is refused gives back what was typed, without any script.

The words stand in the answer, and can be sent again.
"""

import html
import re

import pytest
from django.urls import reverse

from tests import factories
from tests.approvals.test_findings import published

pytestmark = [pytest.mark.campaign, pytest.mark.table]

WORDS = "Ein Satz, der bleibt & nicht verloren geht."


def stands(answer, words: str = WORDS) -> bool:
    """Whether the words stand in a field of the answer."""
    page = answer.content.decode()
    fields = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL) + re.findall(
        r'<input[^>]*value="([^"]*)"', page
    )
    return any(words in html.unescape(one) for one in fields)


def words_of_forms(desk, ticket, person, act, decide):
    """Return each form's address, and the words in it."""
    return {
        "note": act("note", text=WORDS),
        "person note": act("person-note", text=WORDS),
        "hand-off": act("hand-off", department="1", note=WORDS),
        "tags": act("tag", tags=WORDS),
        "escalate": (reverse("escalate", args=[ticket.number]), {"reason": WORDS}),
        "hand back": (reverse("hand-back", args=[ticket.number]), {"reason": WORDS}),
        "reply": (
            reverse("draft-submit", args=[ticket.number]),
            {"text": WORDS, "context_version": "0"},
        ),
        "correction": decide("correct", text=WORDS),
        "changes": decide("request-changes", comment=WORDS),
        "reject": decide("reject", comment=WORDS),
        "pause": (reverse("account-pause", args=[desk.account.pk]), {"reason": WORDS}),
        "saved reply": (reverse("saved-reply-new"), {"title": "", "language": "de", "text": WORDS}),
        "view": (reverse("view-keep"), {"name": WORDS, "query": "", "share": "999999"}),
        "several": (reverse("several"), {"tags": WORDS, "act": "tag"}),
        "guideline": (
            reverse("guideline-edit", args=["company"]),
            {"text_de": WORDS, "saved": "999", "act": "save"},
        ),
        "routing rule": (
            reverse("routing-rule", args=["new"]),
            {"name": "", "words": WORDS, "saved": "999"},
        ),
        "company": (reverse("company"), {"name": WORDS, "language": "??"}),
        "department": (reverse("department-new"), {"name_en": "", "holidays_by_hand": WORDS}),
        "invite": (reverse("invite"), {"name": WORDS, "role": "nobody"}),
        "rename": (
            reverse("person-act", args=[person, "rename"]),
            {"name": WORDS, "initials": "?!"},
        ),
        "e-mail": (
            reverse("person-act", args=[person, "email"]),
            {"email": WORDS, "user": str(desk.rita.pk)},
        ),
    }


def forms(desk, ticket, draft) -> dict[str, tuple[str, dict[str, str]]]:
    """Every form with words: its address, and the words in it."""

    def act(verb: str, **values: str) -> tuple[str, dict[str, str]]:
        return reverse("ticket-act", args=[ticket.number, verb]), values

    def decide(verb: str, **values: str) -> tuple[str, dict[str, str]]:
        return reverse("review-decide", args=[draft.pk, verb]), {
            "sha256": "0" * 64,
            "context_version": "0",
            **values,
        }

    person = desk.rita.person_id
    return words_of_forms(desk, ticket, person, act, decide)


@pytest.mark.parametrize("who", ["farida", "bastian", "aylin", "rita", "lena", "max"])
def test_whoever_is_refused_finds_the_words_in_the_answer(desk, client, who):
    ticket = factories.a_ticket(desk)
    draft = factories.submitted(desk, ticket, by=desk.aylin).draft
    client.force_login(getattr(desk, who))
    refused = 0
    for name, (url, values) in forms(desk, ticket, draft).items():
        answer = client.post(url, values)
        if answer.status_code >= 400:
            refused += 1
            assert stands(answer), (name, answer.status_code)
    assert refused >= 8


def test_what_the_middleware_refused_can_be_sent_again(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    url = reverse("ticket-act", args=[ticket.number, "hand-off"])
    answer = client.post(
        url, {"department": str(ticket.department_id), "note": WORDS, "back": "/inbox/"}
    )
    page = answer.content.decode()
    assert answer.status_code >= 400
    form = re.search(r"<form[^>]*data-refused.*?</form>", page, re.DOTALL)
    assert form
    assert f'action="{url}"' in form[0]
    assert re.search(r'<input type="hidden" name="department" value="\d+">', form[0])
    assert stands(answer)


def test_a_correction_that_is_refused_keeps_its_words_and_the_second_saving_sends_those(
    desk, client
):
    ticket = factories.a_ticket(desk)
    revision = factories.submitted(desk, ticket, by=desk.aylin)
    client.force_login(desk.rita)
    url = reverse("review-decide", args=[revision.draft_id, "correct"])
    refused = client.post(
        url,
        {
            "sha256": "0" * 64,
            "context_version": ticket.context_version,
            "text": "Hi Grace, the words of the reviewer.",
        },
    )
    assert refused.status_code == 409
    assert stands(refused, "the words of the reviewer")
    form = re.search(
        rf'<form[^>]*data-refused action="{url}"[^>]*>.*?</form>',
        refused.content.decode(),
        re.DOTALL,
    )
    assert form
    sent = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    }
    sent["text"] = html.unescape(
        re.search(r'name="text"[^>]*>(.*?)</textarea>', form[0], re.DOTALL)[1]
    )
    client.post(url, sent)
    assert (
        revision.draft.revisions.order_by("number")
        .last()
        .text.startswith("Hi Grace, the words of the reviewer.")
    )


def test_words_for_a_draft_that_was_withdrawn_meanwhile_stand_beside_what_is_there_now(
    desk, client
):
    ticket = factories.a_ticket(desk)
    revision = factories.submitted(desk, ticket, by=desk.aylin)
    client.force_login(desk.aylin)
    client.post(reverse("draft-withdraw", args=[ticket.number]))
    client.force_login(desk.rita)
    for verb, field in (("correct", "text"), ("reject", "comment"), ("request-changes", "comment")):
        answer = client.post(
            reverse("review-decide", args=[revision.draft_id, verb]),
            {"sha256": revision.sha256, "context_version": ticket.context_version, field: WORDS},
        )
        assert answer.status_code >= 400
        assert stands(answer), verb


def test_the_paragraph_that_was_chosen_comes_back_with_the_refused_reason(desk, client):
    published(desk)
    revision = factories.submitted(desk, factories.a_ticket(desk), by=desk.aylin)
    client.force_login(desk.rita)
    answer = client.post(
        reverse("review-decide", args=[revision.draft_id, "request-changes"]),
        {"sha256": "0" * 64, "context_version": "0", "comment": WORDS, "paragraph": "2"},
    )
    assert answer.status_code == 409
    options = re.findall(r'<option value="(\d+)"( selected)?>', answer.content.decode())
    assert [number for number, is_chosen in options if is_chosen] == ["2"]
    assert len(options) > 2
    assert stands(answer)
