"""All forms of a page send one token, and it is one that Django takes."""

import re

from django.middleware.csrf import rotate_token
from django.test import Client, RequestFactory
from django.urls import reverse

from core.screens.form_token import form_token
from tests import factories


def test_a_page_has_one_token_and_the_next_page_another(desk):
    ticket = factories.a_ticket(desk)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(desk.aylin)
    found = []
    for _page in range(2):
        page = browser.get(f"/tickets/{ticket.number}/").content.decode()
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert len(tokens) > 3
        assert len(set(tokens)) == 1
        found.append(tokens[0])
    assert found[0] != found[1]
    take = reverse("ticket-act", args=[ticket.number, "take"])
    taken = browser.post(take, {"csrfmiddlewaretoken": found[1]}, follow=True)
    assert taken.status_code == 200
    refused = browser.post(take, {"csrfmiddlewaretoken": "x" * 64})
    assert refused.status_code == 403


def test_after_signing_in_the_token_is_another():
    request = RequestFactory().get("/")
    before = form_token(request)
    assert form_token(request) == before
    rotate_token(request)
    assert form_token(request) != before
