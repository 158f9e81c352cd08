"""Keep saved replies, find them and fill them in.

Who keeps them, how they are found and filled in, and that they are a start and not a reply.
"""

import pytest
from django.urls import reverse

from approvals.drafts import checking, saved_replies
from approvals.models import SavedReply
from core.errors import Invalid, NotAllowed
from tests import factories
from tests.approvals.test_findings import published
from tickets.models import Customer, OwnPost

TEXT = (
    "Hi {customer}, please unplug the box for 30 seconds. It then needs four minutes. Is it "
    "green? {agent} waits for {number}."
)


def kept(desk, title="Restart", text=TEXT, department=None, language="en"):
    """One of Customer Service."""
    return saved_replies.keep(
        None,
        department=department or desk.service,
        title=title,
        language=language,
        text=text,
        by=desk.max,
    )[0]


def search(client, ticket, words=""):
    """What the finder gets."""
    return client.get(reverse("saved-reply-search", args=[ticket.number]), {"q": words}).json()[
        "replies"
    ]


def test_they_are_found_by_their_words_the_most_used_first_and_filled_in(desk, client):
    ticket = factories.a_ticket(desk, language="en")
    restart, _other = kept(desk), kept(desk, "Outage", "Hi {customer}, there is an outage.")
    kept(desk, "Neustart", "Hallo {customer}, bitte ziehen Sie den Stecker.", language="de")
    kept(desk, "Business only", "Hi {customer}.", department=desk.business)
    client.force_login(desk.aylin)
    for _time in range(2):
        client.post(reverse("saved-reply-use", args=[ticket.number, restart.pk]))
    assert [one["title"] for one in search(client, ticket)] == ["Restart", "Outage", "Neustart"]
    assert [one["title"] for one in search(client, ticket, "box unplug")] == ["Restart"]
    assert search(client, ticket, "nothing like it") == []
    assert search(client, ticket, "unplug")[0]["text"].startswith("Hi Grace Adeyemi, please unplug")
    assert "Aylin waits for {number}" in search(client, ticket, "unplug")[0]["text"]
    assert search(client, ticket, "unplug")[0]["uses"] == 2


def test_a_field_that_nobody_filled_in_cannot_be_submitted(desk):
    with pytest.raises(Invalid, match="is not filled in yet"):
        factories.submitted(desk, text="Hi Grace, we wait for {number}.")


def test_the_unchanged_one_is_noticed_and_a_changed_one_is_not(desk):
    published(desk)
    reply = kept(
        desk,
        text=(
            "Hi {customer}, please unplug the power of the box for 30 seconds. It then "
            "needs about four minutes to start."
        ),
    )
    ticket = factories.a_ticket(desk)
    unchanged = saved_replies.filled(reply, ticket, desk.aylin.person)
    assert [one.kind for one in checking.examined(ticket, unchanged, author=desk.aylin.person)] == [
        "unchanged_saved_reply"
    ]
    changed = (
        "Hi Grace, congratulations on the new flat! Please unplug the box for 30 seconds, "
        "since after a move it looks for its line. Is the light green then?"
    )
    assert checking.examined(ticket, changed, author=desk.aylin.person) == []


def test_the_guideline_binds_them_too(desk):
    published(desk)
    with pytest.raises(Invalid, match="blocks this text"):
        kept(desk, text="Call us on 020 7946 0123.")
    _reply, findings = saved_replies.keep(
        None,
        department=desk.service,
        title="Money",
        language="en",
        text="Hi {customer}, we will refund it.",
        by=desk.lena,
    )
    assert [one.kind for one in findings] == ["money"]


@pytest.mark.campaign
def test_lead_deputy_and_administrator_keep_them_and_nobody_else(desk, client):
    reply = kept(desk)
    for who in (desk.aylin, desk.rita, desk.henrik):
        with pytest.raises(NotAllowed):
            saved_replies.retire(reply, by=who)
    client.force_login(desk.samuel)
    page = reverse("saved-reply", args=[reply.pk])
    refused = client.post(page, {"title": "", "language": "en", "text": "Something new"})
    assert refused.status_code == 400
    assert "Something new" in refused.content.decode()
    client.post(
        page, {"title": "Start anew", "language": "en", "text": "Hi {customer}, start it anew."}
    )
    assert SavedReply.objects.get().title == "Start anew"
    assert "Start anew" in client.get(reverse("saved-replies")).content.decode()
    client.post(page, {"act": "retire"})
    assert "Start anew" not in client.get(reverse("saved-replies")).content.decode()
    client.force_login(desk.lena)
    assert (
        client.post(
            reverse("saved-reply-new"),
            {"title": "T", "language": "en", "text": "x", "department": ""},
        ).status_code
        == 403
    )
    assert (
        client.post(
            reverse("saved-reply-new"),
            {"title": "T", "language": "en", "text": "x", "department": desk.service.pk},
        ).status_code
        == 302
    )


@pytest.mark.campaign
def test_a_reply_that_stands_on_x_is_kept_from_its_ticket(desk, client):
    ticket = factories.a_ticket(desk)
    own = OwnPost.objects.create(
        external_id="5001",
        position=5001,
        account=desk.account,
        conversation_id=ticket.conversation_id,
        written_at=factories.ago(minutes=1),
        text="@grace_adeyemi Hi Grace, restart the box, @grace_adeyemi. ^an",
        through_desk=True,
    )
    address = f"{reverse('saved-reply-new')}?ticket={ticket.number}&post={own.pk}"
    client.force_login(desk.aylin)
    # Agents tell their lead
    assert (
        f"post={own.pk}" not in client.get(reverse("ticket", args=[ticket.number])).content.decode()
    )
    client.force_login(desk.lena)
    assert f"post={own.pk}" in client.get(reverse("ticket", args=[ticket.number])).content.decode()
    page = client.get(address).content.decode()
    assert "Hi {customer}, restart the box, {customer}.</textarea>" in page
    assert f'<option value="{desk.service.pk}" selected>' in page
    client.force_login(desk.henrik)  # of another department: the ticket is not there for him
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Grace Adeyemi", "Grace Adeyemi"),
        ("Grace 🌻 Adeyemi 👩\u200d🔧", "Grace Adeyemi"),
        ("Anne-Marie O’Neil", "Anne-Marie O’Neil"),
        ("J. R. Müller", "J. R. Müller"),
        ("山田 花子", "山田 花子"),
        ("नेहा", "नेहा"),
        ("Win 1000 € now", "@grace_adeyemi"),
        ("phishing.click", "@grace_adeyemi"),
        ("phishing.click/abc", "@grace_adeyemi"),
        ("^an", "@grace_adeyemi"),
        ("X", "@grace_adeyemi"),
        ("🌻🌻", "@grace_adeyemi"),
        ("a" * 1000, "@grace_adeyemi"),
        ("one two three four five six", "@grace_adeyemi"),
    ],
)
def test_a_saved_reply_greets_with_a_name_and_with_the_handle_where_there_is_none(name, greeted):
    assert saved_replies.called(Customer(name=name, handle="grace_adeyemi")) == greeted
