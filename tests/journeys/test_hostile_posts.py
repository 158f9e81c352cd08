"""Somebody writes posts that are made to be obeyed instead of read.

What the people do and see:
- A customer asks, Bastian submits a reply. Now the customer sends a post whose links
  hold the short forms of one another, so that a page which replaces one after the other
  would grow an attribute that posts the approval by itself.
- Rita opens the review, Bastian the ticket, and both stay. Nothing is sent but what
  pages ask for, nothing is approved, the words stand there as words.
- An element planted past every other wall is not obeyed, and htmx asks no other origin.
- A conversation of a hundred and fifty posts: Rita opens the fold in the review and
  reads them there, what she has typed beside it stays.
"""

import re

import pytest

from tests.stack import wait_until
from xapi.simulator.text.rewriting import short_link

pytestmark = pytest.mark.browser


def attack(draft: int) -> str:
    """Four links; in the address of each stands the short form of the next."""
    fourth = "https://d.example.com/hx-trigger=load"
    third = f"https://c.example.com/{short_link(fourth, 3)}"
    second = f"https://b.example.com/hx-post=/review/{draft}/approve/?x={short_link(third, 2)}"
    first = f"https://a.example.com/?q={short_link(second, 1)}"
    return f"@AmselnetzHilfe {first} {second} {third} {fourth} <img/src=x/onerror=alert(1)>"


def submitted(stack, number: int, text: str) -> int:
    """Bastian's reply in review; the number of its draft."""
    _status, draft = stack.call("bastian", f"tickets/{number}/drafts/")
    status, _draft = stack.call(
        "bastian",
        f"drafts/{draft['id']}/submit/",
        text=text,
        context_version=draft["context_version"],
    )
    assert status == 200
    return draft["id"]


def a_hostile_post_arrives(stack):
    """Submit a reply and let the hostile post arrive; return question, ticket, draft."""
    asked = stack.x.says("hostile_hal", "@AmselnetzHilfe can I ask something?")
    number = stack.ticket_of("hostile_hal")["number"]
    draft = submitted(stack, number, "Of course, Hal, what is it?")
    stack.x.says("hostile_hal", attack(draft), reply_to=asked["id"])
    wait_until(
        lambda: "https://t.co/" in (stack.ticket_of("hostile_hal")["text"] or ""),
        15,
        "the second post",
        stack.logs,
    )
    return asked, number, draft


def test_a_post_that_wants_to_approve_is_only_read(person, stack):
    asked, number, draft = a_hostile_post_arrives(stack)
    rita, bastian = person("rita"), person("bastian")
    for one, path in ((rita, f"/review/{draft}/"), (bastian, f"/tickets/{number}/")):
        sent: list[str] = []
        one.page.on(
            "request",
            lambda request, sent=sent: (
                sent.append(request.url) if request.method != "GET" else None
            ),
        )
        one.open(path)
        post = one.page.locator(".post__words", has_text="a.example.com/?q=")
        post.wait_for()
        assert post.locator("a").count() == 4
        one.page.evaluate(
            "document.querySelectorAll('.post').forEach((post) => window.htmx.process(post))"
        )
        one.page.mouse.move(200, 300)
        stack.x.says("hostile_hal", f"one more {path}", reply_to=asked["id"])
        one.page.locator(".post__words", has_text=f"one more {path}").wait_for()
        assert [url for url in sent if "/review/" in url or "/approve" in url] == []
        foreign = (
            "[...document.querySelectorAll('.post__words *')].flatMap((one) => "
            "one.getAttributeNames()).filter((name) => !['href', 'rel', 'target', "
            "'class'].includes(name))"
        )
        assert one.page.evaluate(foreign) == []
        assert (
            one.page.evaluate(
                "document.querySelectorAll('.post__words img, .post__words form').length"
            )
            == 0
        )
    _status, found = stack.call("rita", f"drafts/{draft}/", method="GET")
    assert [review for revision in found["revisions"] for review in revision["reviews"]] == []


PLANTED = """([url, without]) => { const post = document.querySelector('.post');
    for (const one of without) document.querySelector(one).removeAttribute('hx-ignore');
    const planted = Object.assign(document.createElement('div'), { textContent: 'planted' });
    planted.setAttribute('hx-get', url); planted.setAttribute('hx-trigger', 'load');
    post.querySelector('.post__words').append(planted); window.htmx.process(post); }"""


@pytest.mark.parametrize(
    ("without", "obeyed"),
    [([], False), ([".post"], False), (["body"], False), (["body", ".post"], True)],
)
def test_an_element_planted_in_a_post_is_obeyed_only_where_both_marks_are_gone(
    at_a_ticket, without, obeyed
):
    """Each of the two marks that tell htmx to look away holds alone.

    Without both the planted element acts, so this test would see it.
    """
    page = at_a_ticket.page
    page.locator("body[data-connection=live]").wait_for()
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "planted" in request.url else None
    )
    page.evaluate(PLANTED, ["/healthz?planted", without])
    page.wait_for_timeout(600)
    assert bool(asked) is obeyed


@pytest.mark.parametrize(("mode", "leaves"), [(None, False), ("cors", True)])
def test_htmx_asks_no_other_origin_even_without_the_policy_of_the_page(person, stack, mode, leaves):
    bastian = person("bastian", bypass_csp=True)
    asked: list[str] = []
    bastian.page.on(
        "request",
        lambda request: asked.append(request.url) if request.url.startswith(stack.x.url) else None,
    )
    bastian.page.evaluate(
        """async ([url, mode]) => {
            if (mode) window.htmx.config.mode = mode;
            const target = document.createElement('div');
            try {
                await window.htmx.ajax('GET', url, { target, swap: 'none' });
            } catch { /* refused */ }
        }""",
        [f"{stack.x.url}/?planted", mode],
    )
    bastian.page.wait_for_timeout(600)
    assert bool(asked) is leaves


def test_a_fold_is_opened_beside_words_that_were_typed(person, stack):
    asked = stack.x.says("crowd_cleo", "@AmselnetzHilfe what is going on here?")
    number = stack.ticket_of("crowd_cleo")["number"]
    for one in range(110):
        stack.x.says(
            f"crowd_{one % 12}", f"@AmselnetzHilfe the crowd says {one}", reply_to=asked["id"]
        )
    stack.x.says("crowd_cleo", "And nobody tells me.", reply_to=asked["id"])
    wait_until(
        lambda: stack.ticket_of("crowd_cleo")["text"] == "@AmselnetzHilfe And nobody tells me.",
        60,
        "the last post",
        stack.logs,
    )
    draft = submitted(stack, number, "We are on it, Cleo.")
    rita = person("rita")
    rita.open(f"/review/{draft}/")
    rita.sees("And nobody tells me.")
    fold = rita.page.locator("details.crowd[data-behaviour=crowd]")
    assert fold.count() == 1
    rita.page.locator("#earlier > summary").click()
    hidden = int(re.match(r"\d+", fold.locator("summary span").inner_text()).group())
    shown = rita.page.locator(".post").count()
    rita.decides("c")
    words = rita.page.locator("form[action$='request-changes/'] textarea")
    words.fill("Say more than that.")
    fold.locator("summary").click()
    fold.locator(".post", has_text="the crowd says 5").first.wait_for()
    assert rita.page.locator(".post").count() == shown + hidden
    assert words.input_value() == "Say more than that."
