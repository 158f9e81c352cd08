"""Two ticker symbols in one reply: X takes one, so the desk says it before anybody signs."""

import json

import pytest

from approvals.drafts import drafting
from approvals.models import Revision
from approvals.reviews import decisions
from core.errors import Invalid
from tests import factories

TWO = "Our shares are $AMS and $AMS.DE, as you ask."
ONE = "Our share is $AMS, and it costs US$5 or $6."


def test_a_text_with_two_is_refused_with_a_sentence_that_names_them(desk):
    ticket = factories.a_ticket(desk)
    draft = drafting.open_draft(ticket, by=desk.aylin)
    with pytest.raises(Invalid) as refused:
        drafting.submit(draft, text=TWO, context_version=ticket.context_version, by=desk.aylin)
    assert refused.value.code == "cashtags"
    assert refused.value.field == "text"
    assert "$AMS, $AMS.DE" in str(refused.value)
    assert refused.value.detail["cashtags"] == ["$AMS", "$AMS.DE"]
    assert not Revision.objects.exists()


def test_a_text_with_one_is_taken(desk):
    ticket = factories.a_ticket(desk)
    draft = drafting.open_draft(ticket, by=desk.aylin)
    assert drafting.submit(
        draft, text=ONE, context_version=ticket.context_version, by=desk.aylin
    ).text.startswith(ONE)


def test_a_correction_with_two_is_refused_too(desk):
    ticket = factories.a_ticket(desk)
    draft = drafting.open_draft(ticket, by=desk.aylin)
    revision = drafting.submit(
        draft, text=ONE, context_version=ticket.context_version, by=desk.aylin
    )
    with pytest.raises(Invalid) as refused:
        decisions.correct(
            revision,
            text=TWO,
            sha256=revision.sha256,
            context_version=revision.context_version,
            by=desk.rita,
        )
    assert refused.value.code == "cashtags"
    assert Revision.objects.count() == 1


@pytest.mark.campaign
def test_the_composer_is_told_while_somebody_types(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)

    def told(text: str, saved: int) -> dict:
        answer = client.post(
            f"/tickets/{ticket.number}/draft/save/",
            {"text": text, "saved": saved},
            headers={"X-Requested-With": "fetch"},
        )
        return json.loads(answer.content)

    first = told(ONE, 0)
    assert first["refused"] == ""
    assert "$AMS, $AMS.DE" in told(TWO, first["saved"])["refused"]
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "$AMS, $AMS.DE" in page
