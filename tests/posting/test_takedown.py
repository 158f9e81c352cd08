"""A lead takes a reply down.

With a reason, meant twice, deleted on X once; the ticket opens again and the evidence stays.
"""

import json

import pytest

from core.errors import IllegalMove, Invalid, NotAllowed
from core.models import Event
from people.identity.tokens import issue
from posting import takedown
from posting.models import Delivery, TakeDown
from tickets.models import OwnPost, Ticket


@pytest.mark.campaign
def test_the_lead_takes_a_reply_down(public, x, desk):
    sent, shown = public
    order = takedown.order(sent, reason="The price was wrong.", confirmed=True, by=desk.lena)
    assert Ticket.objects.get(pk=sent.revision.draft.ticket_id).status == "open"
    assert takedown.carry_out() == 1
    assert takedown.carry_out() == 0
    assert [
        line
        for line in x.history()
        if line["what"] == "post.deleted" and str(line["id"]) == sent.external_id
    ]
    order.refresh_from_db()
    assert order.status == "done"
    assert OwnPost.objects.get(external_id=sent.external_id).is_gone
    assert Delivery.objects.get().status == "posted"
    assert set(
        Event.objects.filter(name__startswith="take_down").values_list("name", flat=True)
    ) == {"take_down.ordered", "take_down.done"}


@pytest.mark.campaign
@pytest.mark.parametrize("who", ["aylin", "rita", "max", "henrik"])
def test_others_may_not(public, desk, who):
    with pytest.raises(NotAllowed, match="Lena Brandt"):
        takedown.order(public[0], reason="x", confirmed=True, by=getattr(desk, who))


@pytest.mark.campaign
def test_a_reason_and_a_confirmation_are_asked_for(public, desk, client):
    with pytest.raises(Invalid):
        takedown.order(public[0], reason=" ", confirmed=True, by=desk.lena)
    with pytest.raises(Invalid):
        takedown.order(public[0], reason="x", confirmed=False, by=desk.lena)
    key = issue(desk.lena, name="t")
    answer = client.post(
        f"/api/v1/deliveries/{public[0].pk}/take-down/",
        json.dumps({"reason": "x", "confirmed": False}),
        content_type="application/json",
        headers={"authorization": f"Token {key}"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "confirm_missing")
    assert not TakeDown.objects.exists()


@pytest.mark.campaign
def test_a_second_order_is_refused_and_a_failed_one_may_be_given_again(public, x, desk):
    sent, shown = public
    x.control("faults", kind="403 other", on="DELETE")
    order = takedown.order(sent, reason="The price was wrong.", confirmed=True, by=desk.lena)
    with pytest.raises(IllegalMove):
        takedown.order(Delivery.objects.get(), reason="again", confirmed=True, by=desk.samuel)
    takedown.carry_out()
    order.refresh_from_db()
    assert order.status == "failed"
    takedown.order(Delivery.objects.get(), reason="again", confirmed=True, by=desk.samuel)
    assert takedown.carry_out() == 1


@pytest.mark.campaign
def test_a_hiccup_of_x_is_tried_again(public, x, desk, ahead):
    x.control("faults", kind="503", on="DELETE")
    takedown.order(public[0], reason="The price was wrong.", confirmed=True, by=desk.lena)
    assert takedown.carry_out() == 0
    ahead("5 minutes")
    assert takedown.carry_out() == 1


@pytest.mark.campaign
def test_in_the_browser_it_takes_a_reason_and_a_tick(public, x, desk, client):
    client.force_login(desk.lena)
    page = client.get("/outbox/?tab=posted").content.decode()
    assert "Delete it on X" in page
    assert (
        client.post(
            f"/outbox/{public[0].pk}/take-down/", {"reason": "wrong", "confirmed": "1"}
        ).status_code
        == 302
    )
    takedown.carry_out()
    assert "Deleted on X" in client.get("/outbox/?tab=posted").content.decode()
    client.force_login(desk.rita)
    assert "Delete it on X. It" not in client.get("/outbox/?tab=posted").content.decode()
