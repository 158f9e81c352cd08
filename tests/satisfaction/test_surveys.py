"""Surveys: chance asks, the reply carries the link, and whoever has it answers once."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.broker import counters, page_updates
from core.errors import DeskError
from core.models import Event
from networks.registry import network_of
from people.models import Membership
from satisfaction import answering, asking, figures, surveys
from satisfaction.models import Answer, Asking, AskingStopped, Survey
from satisfaction.views import survey_page
from tests import factories
from tests.satisfaction.test_figures import AHEAD, month, month_of
from tickets import incidents, lifecycle
from tickets.models import Ticket
from tickets.outcomes.drawing import is_drawn

pytestmark = pytest.mark.django_db
__all__ = ["month"]
ROBOT_READS = 50


def survey_of(desk, *, rate=100, department=None):
    """A department that asks so many of a hundred."""
    return surveys.keep_survey(
        department or desk.service,
        question_en="Did we solve your matter?",
        question_de="Haben wir Ihr Anliegen gelöst?",
        rate=rate,
        by=desk.max,
    )


@pytest.fixture
def asked(desk):
    """A ticket whose customer was asked, and the address of the page behind the link."""
    survey_of(desk)
    ticket = factories.a_ticket(desk)
    asking.ask(ticket, by=desk.aylin)
    ticket.address = reverse("survey", args=[asking.key_of(ticket)])
    return ticket


def form_in(page) -> str:
    """The field without which nothing is answered."""
    return re.search(r'name="form" value="([^"]+)"', page.content.decode())[1]


def answers(client, address, value="5", **more):
    """Read the page and send the form."""
    form = form_in(client.get(address))
    return client.post(address, {"form": form, "value": value, "text": "", **more})


def test_of_ten_thousand_tickets_thirty_in_a_hundred_are_asked():
    """D7.1, first half: the hash asks as many as the rate says."""
    drawn = sum(is_drawn("survey:2026-11", str(number), percent=30) for number in range(10_000))
    assert 2850 <= drawn <= 3150


def test_no_screen_and_no_program_lets_a_person_choose(desk, client):
    """D7.1, second half: who is not drawn is not asked, whoever asks for it by whatever address."""
    survey_of(desk, rate=0)
    ticket = factories.a_ticket(desk)
    with pytest.raises(DeskError) as refused:
        asking.ask(ticket, by=desk.lena)
    assert refused.value.code == "not_asked"
    client.force_login(desk.lena)
    answer = client.post(reverse("saved-reply-use", args=[ticket.number, 0]))
    assert answer.status_code == 409
    assert not Asking.objects.exists()
    survey_of(desk, rate=50)
    tickets = [factories.a_ticket(desk, key=10**9 + n) for n in range(6)]
    chosen = {one.pk for one in tickets if not asking.why_not_asked(one)}
    month = f"{ticket.created_at:%Y-%m}"
    by_hash = {one.pk for one in tickets if is_drawn(f"survey:{month}", str(one.pk), percent=50)}
    assert chosen == by_hash


def test_off_until_an_administrator_says_how_many(desk, client):
    ticket = factories.a_ticket(desk)
    assert asking.why_not_asked(ticket) == "off"
    assert asking.said_of(ticket) == ""
    address = reverse("survey-edit", args=[desk.service.pk])
    client.force_login(desk.lena)
    assert client.get(address).status_code == 403
    client.force_login(desk.max)
    page = client.get(address).content.decode()
    assert "Haben wir Ihr Anliegen gelöst?" in page
    sent = {"question_en": "Solved?", "question_de": "Gelöst?", "rate": "100"}
    for _twice in range(2):
        assert client.post(address, sent).status_code == 302
    assert Survey.objects.get().version == 1
    assert asking.invitation_of(ticket).text.startswith("Solved? http")
    for wrong in ({"rate": "101"}, {"rate": ""}, {"question_en": ""}):
        assert client.post(address, sent | wrong).status_code == 400
    client.post(address, sent | {"rate": "0"})
    assert [one.version for one in Survey.objects.order_by("version")] == [1, 2]
    assert asking.why_not_asked(ticket) == "off"


def test_who_is_not_asked_and_why(desk, asked):
    same_customer = factories.a_ticket(desk)
    assert asking.why_not_asked(same_customer) == "lately"
    assert "within the last 30 days" in asking.said_of(same_customer)
    lifecycle.tag(same_customer, tags=["Minor"], by=desk.aylin)
    same_customer.refresh_from_db()
    assert asking.why_not_asked(same_customer) == "tag"
    lifecycle.tag(same_customer, tags=[], by=desk.aylin)
    incident = incidents.open_incident(name="Dark", department=desk.service, by=desk.aylin)
    incidents.join(same_customer, incident=incident, by=desk.aylin)
    same_customer.refresh_from_db()
    assert asking.why_not_asked(same_customer) == "incident"
    assert asking.said_of(asked) == "Asked, not answered yet."


def test_the_composer_offers_the_invitation_and_using_it_makes_the_link_work(desk, client):
    survey_of(desk)
    ticket = factories.a_ticket(desk, text="@AmselnetzHilfe mein Router blinkt", language="de")
    client.force_login(desk.aylin)
    search = reverse("saved-reply-search", args=[ticket.number])
    offered = client.get(search, {"q": "ask"}).json()["replies"][0]
    link = asking.link_of(ticket)
    assert offered["text"] == f"Haben wir Ihr Anliegen gelöst? {link}"
    assert "0.20 USD" in offered["title"]
    assert not Asking.objects.exists()
    key = link.rstrip("/").rpartition("/")[2]
    assert len(key) == 22
    assert client.get(f"/s/{key}/").status_code == 404
    for _twice in range(2):
        assert client.post(f"{search}0/use/").status_code < 400
    assert client.get(f"/s/{key}/").status_code == 200
    kept = Asking.objects.get()
    assert kept.key_hash == asking.hash_of(key)
    assert key not in str(Asking.objects.values().get())


def test_the_closing_reply_with_the_invitation_bears_both_signatures_and_its_counted_length(desk):
    """D7.7: the invitation is words of the reply."""
    survey_of(desk)
    ticket = factories.a_ticket(desk)
    text = f"It works again. {asking.invitation_of(ticket).text}"
    revision = factories.submitted(desk, ticket, text=text)
    draft = factories.approved(desk, revision)
    assert draft.status == "approved"
    assert asking.link_of(ticket) in revision.payload
    rules = network_of(revision.network).text
    link = asking.link_of(ticket)
    if link.startswith("https") or "127.0.0.1" not in link:
        assert rules.weigh(revision.text) == rules.weigh(revision.text.replace(link, "x" * 23))
    assert revision.text.endswith("^an")


def test_a_robot_that_reads_the_link_fifty_times_answers_nothing(client, asked):
    """D7.2, first half."""
    for _read in range(ROBOT_READS):
        page = client.get(asked.address)
        assert page.status_code == 200
    assert not Answer.objects.exists()
    form = form_in(page)
    for method in ("head", "options"):
        getattr(client, method)(asked.address, {"form": form, "value": "5"})
    assert not Answer.objects.exists()


def test_an_answer_is_changed_for_an_hour_and_refused_after_it(client, asked, ahead):
    """D7.2, second half."""
    assert answers(client, asked.address, "2").status_code == 200
    ahead("59 minutes")
    late = form_in(client.get(asked.address))
    assert answers(client, asked.address, "4").status_code == 200
    ahead("61 minutes")
    refused = client.post(asked.address, {"form": late, "value": "1"})
    assert refused.status_code == 404
    assert list(Answer.objects.order_by("pk").values_list("value", flat=True)) == [2, 4]
    kept = Asking.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.create(asking=kept, value=1)


def test_wrong_used_and_old_links_show_the_same_page(client, asked, ahead):
    wrong = client.get("/s/AAAAAAAAAAAAAAAAAAAAAA/")
    answers(client, asked.address)
    ahead("2 hours")
    used = client.get(asked.address)
    Answer.objects.none()
    assert (wrong.status_code, used.status_code) == (404, 404)
    assert wrong.content == used.content
    ahead("15 days")
    assert client.get(asked.address).content == wrong.content


def test_a_link_that_nobody_used_is_over_after_two_weeks(client, asked, ahead):
    ahead("13 days 23 hours")
    assert client.get(asked.address).status_code == 200
    ahead("14 days 1 minute")
    assert client.get(asked.address).status_code == 404


def test_the_page_sets_no_cookie_runs_no_script_and_keeps_no_address(client, asked):
    got = client.get(asked.address)
    sent = answers(client, asked.address, "4", text="It works.")
    for page in (got, sent, client.get("/s/AAAAAAAAAAAAAAAAAAAAAA/")):
        assert not page.cookies
        assert "script" not in page.content.decode()
        policy = page["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]
    columns = {one.name for model in (Asking, Answer) for one in model._meta.get_fields()}
    assert not {one for one in columns if re.search("ip|address|agent|session", one)}
    for event in Event.objects.filter(name__startswith="survey."):
        assert "127.0.0.1" not in str(event.data)


def test_a_post_without_the_pages_own_field_is_told_that_the_link_is_over(client, asked):
    for sent in ({"value": "5"}, {"value": "5", "form": "x"}, {"value": "5", "form": "a:b:c"}):
        answer = client.post(asked.address, sent)
        assert answer.status_code == 404
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"value": "6"}, {"value": ""}, {"value": "five"}, {"text": "😀" * 501}]
)
def test_what_is_no_answer_is_refused_in_a_sentence_and_the_words_stay(client, asked, wrong):
    refused = answers(client, asked.address, **{"text": "My words", **wrong})
    assert refused.status_code == 400
    said = refused.content.decode()
    assert 'role="alert"' in said
    assert wrong.get("text", "My words") in said
    assert not Answer.objects.exists()


def test_words_of_a_customer_are_shown_as_text(client, asked):
    refused = answers(client, asked.address, "9", text="</textarea><script>alert(1)</script>")
    assert "<script>" not in refused.content.decode()


def test_who_wants_no_more_questions_is_asked_no_more(desk, client, asked):
    form = form_in(client.get(asked.address))
    for _twice in range(2):
        stopped = client.post(asked.address, {"form": form, "act": "stop"})
        assert "We will not ask you again" in stopped.content.decode()
    assert AskingStopped.objects.get().customer == asked.customer
    assert asking.why_not_asked(factories.a_ticket(desk)) == "stopped"


@pytest.mark.parametrize(
    ("language", "says"), [("de", "Ja, vollständig"), ("en", "Yes, completely"), ("fr", "Yes,")]
)
def test_the_page_speaks_the_tickets_language_and_not_the_browsers(desk, client, language, says):
    survey_of(desk)
    ticket = factories.a_ticket(desk)
    Ticket.objects.filter(pk=ticket.pk).update(language=language)
    asking.ask(ticket, by=desk.aylin)
    page = client.get(f"/s/{asking.key_of(ticket)}/", headers={"accept-language": "fr"})
    assert says in page.content.decode()


def test_one_network_reads_so_often_and_then_waits(client, asked, monkeypatch):
    page_updates.client().flushdb()
    monkeypatch.setattr(survey_page, "MOST", 3)
    got = [client.get(asked.address, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(5)]
    assert got == [200, 200, 200, 429, 429]
    assert client.get(asked.address, REMOTE_ADDR="198.51.101.1").status_code == 200
    names = [name.decode() for name in page_updates.client().keys("*count*")]
    assert names
    assert not any("198.51" in name for name in names)
    assert counters.count("another", seconds=60) == 1


def test_the_trail_tells_that_it_was_answered_and_never_what(client, asked):
    answers(client, asked.address, "1", text="Never again.")
    told = Event.objects.filter(topic_id=asked.pk, name__startswith="survey.").order_by("pk")
    assert [one.name for one in told] == ["survey.asked", "survey.answered"]
    assert told[1].data == {}
    assert told[1].by is None
    assert asking.said_of(asked) == "Asked, and answered."


def test_figures_of_answers_come_once_none_can_come_any_more(desk, client, month):
    survey_of(desk)
    ticket = factories.a_ticket(desk)
    asking.ask(ticket, by=desk.aylin)
    kept = Asking.objects.get()
    for value in ("1", "5"):
        answering.answer(kept, value=value, text="")
    assert figures.answers_of(desk.service, month, month.ends + timedelta(days=14)) is None
    told = figures.answers_of(desk.service, month, month.ends + timedelta(days=15))
    assert (told.answered.count, told.answered.of) == (1, 1)
    assert (told.top_two.count, told.top_two.of) == (1, 1)
    people = [desk.aylin.person, desk.bastian.person, desk.chiara.person]
    Membership.objects.filter(person__in=people).update(ended_at=timezone.now())
    assert figures.answers_of(desk.service, month, month.ends + timedelta(days=15)) is None


def test_leads_see_their_departments_and_nobody_else_sees_figures(desk, client, resolved, ahead):
    ahead(f"{AHEAD.days} days")
    resolved("content", drawn=False)
    over = month_of(timezone.localtime(timezone.now() + AHEAD))
    ahead(f"{(over.ends - timezone.now()).days + 20} days")
    for who, status in (("aylin", 403), ("rita", 403), ("lena", 200), ("henrik", 200)):
        client.force_login(getattr(desk, who))
        page = client.get(reverse("satisfaction"))
        assert page.status_code == status, who
        if who == "lena":
            said = page.content.decode()
            assert "1 of 1" in said
            assert "figures__few" in said
            for person in ("Aylin", "Bastian", "Rita", "Tomasz"):
                assert person not in said.split("<main")[1]
        if who == "henrik":
            assert "No figures" in page.content.decode()
