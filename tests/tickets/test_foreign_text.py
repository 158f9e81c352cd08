"""Text from outside is shown and never obeyed.

Whatever people write, the page has our elements and attributes alone, and their words.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import html5lib
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.text import foreign_html
from core.text.characters import revealed
from tests import factories
from tickets.conversations import thread
from xapi.payloads import read_post
from xapi.pieces import pieces, web_address
from xapi.simulator.marketplace.public import words_html

OURS = {"a": {"href", "rel", "target"}, "span": {"class"}, "mark": set(), "br": set()}
SHORT = ["https://t.co/aaa", "https://t.co/aaab", "https://t.co/bbb", "https://t.co/ccc"]
SAYINGS = [
    "@grace",
    "@AmselnetzHilfe",
    "#wlan",
    "$AMS",
    "<b>",
    "</p>",
    "<script>",
    '<a href="',
    '" hx-post="/review/1/approve/" hx-trigger="load',
    "' onfocus=alert(1) '",
    "&amp;",
    "&lt;img&gt;",
    "&#x27;",
    "&",
    "javascript:alert(1)",
    "data:text/html,x",
    "<!--",
    "]]>",
    "\n",
    " ",
    "🦩",
    "ä",
    "\u202e",
    "\xa0",
    "https://a.example/?q=",
    'data-behaviour="signing"',
    "{{ posts }}",
    "{% csrf_token %}",
]
words = st.lists(st.one_of(st.sampled_from(SAYINGS), st.text(max_size=6)), max_size=6).map("".join)
addresses = st.lists(
    st.one_of(
        st.sampled_from(
            ["https://", "http://", "//", "javascript:", "e.example/", "[", "?q=", *SHORT, *SAYINGS]
        ),
        st.text(max_size=4),
    ),
    max_size=7,
).map("".join)


@dataclass
class Version:
    """A post as the desk keeps it."""

    text: str
    links: list[dict[str, Any]] = field(default_factory=list)
    named: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Told:
    """What a post said: what is delivered, and what is meant to be seen."""

    text: str = ""
    seen: str = ""
    links: list[dict[str, Any]] = field(default_factory=list)


@st.composite
def posts(draw):
    """A post with links that stand where X says."""
    told = Told()
    for _part in range(draw(st.integers(0, 6))):
        plain = draw(words)
        told.text, told.seen = told.text + plain, told.seen + plain
        if draw(st.booleans()):
            short, display = draw(st.sampled_from(SHORT)), draw(words.filter(bool))
            told.links.append(
                {
                    "url": short,
                    "expanded_url": draw(addresses),
                    "display_url": display,
                    "start": len(told.text),
                }
            )
            told.text, told.seen = told.text + short + " ", told.seen + display + " "
    return told


def read(html: str) -> tuple[str, list[Any]]:
    """The words of it, and its elements, as a browser sees them."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return "".join(tree.itertext()), [one for one in tree.iter() if one is not tree]


def as_seen(text: str) -> str:
    """Text as HTML can hold it: no NUL, one kind of line break, no mark of byte order in front."""
    return (
        revealed(text.replace("\x00", "\ufffd"))
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .removeprefix("\ufeff")
    )


def is_ours(html: str) -> None:
    """Only elements and attributes of ours, and addresses of the web."""
    _text, elements = read(html)
    for one in elements:
        assert set(one.attrib) <= OURS[one.tag]
        assert one.attrib.get("class", "handle") == "handle"
        assert re.match("https?://", one.attrib.get("href", "https://"))
        assert one.attrib.get("target", "_blank") == "_blank"
        assert one.attrib.get("rel", foreign_html.AWAY["rel"]) == foreign_html.AWAY["rel"]


@pytest.mark.campaign
@given(posts())
def test_whatever_a_post_says_the_page_has_our_elements_and_its_words(told):
    html = thread.shown(Version(told.text, told.links))
    is_ours(html)
    assert read(html)[0] == as_seen(told.seen)


@pytest.mark.campaign
@given(
    words,
    st.lists(
        st.fixed_dictionaries(
            {
                "url": st.sampled_from(["", *SHORT, "a", "<"]),
                "expanded_url": addresses,
                "display_url": words,
            },
            optional={
                "start": st.one_of(
                    st.integers(-5, 60), st.booleans(), st.none(), st.text(max_size=2)
                )
            },
        ),
        max_size=5,
    ),
    st.lists(st.sampled_from(SHORT), max_size=4),
    st.lists(
        st.fixed_dictionaries(
            {"handle": st.sampled_from(["grace", "", "<b>", "amselnetzhilfe"])},
            optional={"start": st.one_of(st.integers(-5, 60), st.booleans(), st.none())},
        ),
        max_size=4,
    ),
)
def test_places_that_lie_or_overlap_add_nothing_and_lose_nothing(text, links, standing, named):
    text = text + " ".join(standing)
    cut = pieces(text, links, named)
    html = thread.shown(Version(text, links, named))
    is_ours(html)
    assert read(html)[0] == as_seen("".join(one.text for one in cut))
    assert "".join(one.text for one in pieces(text)) == text


@pytest.mark.campaign
@given(words)
def test_our_own_words_search_results_and_the_public_page_are_only_words(text):
    for html in (thread.with_handles(text), foreign_html.marked(text, ["a", "b"])):
        is_ours(html)
        assert read(html.replace("<br>", "\n"))[0] == as_seen(text)
    public = words_html(text)  # X's own page shows what is there
    is_ours(public)
    assert revealed(read(public.replace("<br>", "\n"))[0]) == as_seen(text)


@pytest.mark.campaign
@given(
    st.lists(
        st.one_of(
            words,
            addresses,
            st.sampled_from(
                [
                    "# ",
                    "- ",
                    "1. ",
                    "> ",
                    "|a|b|\n|-|-|\n",
                    "```x\n",
                    "![p](https://e.example/p.png)",
                    "[l](https://e.example/)",
                    "[l](/review/1/approve/)",
                    "[l](javascript:alert(1))",
                    "**",
                    "`",
                ]
            ),
        ),
        max_size=9,
    ).map("".join)
)
def test_a_guidelines_markdown_has_no_foreign_element(text):
    html = foreign_html.prose(text)
    allowed = {
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "em",
        "strong",
        "s",
        "code",
        "pre",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    attributes = {"a": {"href", "rel", "target"}, "ol": {"start"}}
    for one in read(html)[1]:
        assert one.tag in allowed
        assert set(one.attrib) <= attributes.get(one.tag, set())
        assert re.match("https?://", one.attrib.get("href", "https://"))


def test_the_second_wall_holds_alone(monkeypatch):
    """Were the first one ever broken, what comes through is still none of ours."""
    monkeypatch.setattr(
        foreign_html, "piece", lambda shown, kind, target: foreign_html.SafeString(shown)
    )
    html = foreign_html.words(
        [
            (
                '<a hx-post="/review/1/approve/" hx-trigger="load" href="/x" '
                'data-behaviour="signing">a</a><img src=x onerror=y><form>b</form>',
                "",
                "",
            )
        ]
    )
    is_ours(html)
    assert read(html)[0] == "ab"


def test_a_link_inside_a_link_stays_inside():
    """The attack that once approved a reply.

    The short form of one link inside the address of another.
    """
    inner, middle = (
        "https://b.example/hx-post=/review/1/approve/?x=https://t.co/ccc",
        "https://c.example/hx-trigger=load,",
    )
    html = thread.shown(
        Version(
            "look https://t.co/aaa https://t.co/bbb https://t.co/ccc",
            [
                {
                    "url": "https://t.co/aaa",
                    "expanded_url": "https://a.example/?q=https://t.co/bbb",
                    "display_url": "a.example/?q=https://t.co/bbb",
                },
                {"url": "https://t.co/bbb", "expanded_url": inner, "display_url": "b.example"},
                {"url": "https://t.co/ccc", "expanded_url": middle, "display_url": "c.example"},
            ],
        )
    )
    text, elements = read(html)
    assert text == "look a.example/?q=https://t.co/bbb b.example c.example"
    assert [one.attrib["href"] for one in elements] == [
        "https://a.example/?q=https://t.co/bbb",
        inner,
        middle,
    ]


def test_places_count_in_the_delivered_text_and_in_the_plain_one():
    """X escapes what it delivers.

    A place is believed where the link really stands, in whichever text.
    """
    delivered = "Tom &amp; Jerry &lt;3 https://t.co/aaa and https://t.co/aaa"
    second, plain_second = (
        delivered.rindex("https"),
        delivered.rindex("https") - len("&amp;&lt;") + 2,
    )
    for start in (second, plain_second):
        post = read_post(
            {
                "id": "10",
                "author_id": "1",
                "text": delivered,
                "entities": {
                    "urls": [
                        {
                            "start": start,
                            "end": start + 16,
                            "url": "https://t.co/aaa",
                            "expanded_url": "https://a.example/",
                            "display_url": "a.example",
                        }
                    ]
                },
            }
        )
        assert (
            read(thread.shown(Version(post.text, list(post.links))))[0]
            == "Tom & Jerry <3 https://t.co/aaa and a.example"
        )


def test_a_link_that_only_begins_like_another_is_another():
    links = [
        {
            "url": "https://t.co/aaa",
            "expanded_url": "https://a.example/",
            "display_url": "a.example",
        }
    ]
    assert (
        read(thread.shown(Version("https://t.co/aaab https://t.co/aaa", links)))[0]
        == "https://t.co/aaab a.example"
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://[",
        "https://",
        "javascript:alert(1)//https://",
        "//e.example",
        "/review/1/approve/",
        "https:e.example",
    ],
)
def test_an_address_that_is_none_leads_nowhere(address):
    html = thread.shown(
        Version(
            "https://t.co/aaa",
            [{"url": "https://t.co/aaa", "expanded_url": address, "display_url": "somewhere"}],
        )
    )
    assert read(html) == ("somewhere", [])


@pytest.mark.campaign
def test_no_page_of_the_desk_obeys_what_customers_write(desk, client):
    """Names, handles, descriptions of pictures, quotations, earlier versions.

    The pages hold no element and no attribute out of them.
    """
    evil = (
        '"><a hx-post=/review/1/approve/ hx-trigger=load data-behaviour=signing>x</a><img '
        "src=x onerror=alert(1)>"
    )
    who = factories.XUser(id=7666, handle="evil", name=evil)
    quoted = factories.post(f"@AmselnetzHilfe {evil}", by=who, at=factories.ago(hours=1))
    factories.arrive(desk, quoted, users=(who,))
    ticket = factories.arrive(
        desk,
        factories.post(
            f"@AmselnetzHilfe {evil}",
            by=who,
            quoted=quoted.id,
            media=({"type": "photo", "url": "https://pbs.twimg.com/x.jpg", "alt_text": evil},),
        ),
        users=(who,),
    )[0]
    revision = factories.submitted(desk, ticket, text=f"Hello {evil[:120]}")
    client.force_login(desk.rita)
    for address in (
        reverse("ticket", args=[ticket.number]),
        reverse("review", args=[revision.draft_id]),
        reverse("between", args=[ticket.number]),
        reverse("inbox"),
        reverse("queue"),
        reverse("inbox") + "?q=evil",
    ):
        page = client.get(address).content.decode()
        elements = list(html5lib.parse(page, namespaceHTMLElements=False).iter())
        assert not [
            one for one in elements if {"hx-post", "hx-trigger", "onerror"} & set(one.attrib)
        ], address
        assert "<img src=x" not in page


def test_htmx_looks_into_nothing_and_asks_nobody_else(desk, client):
    client.force_login(desk.rita)
    page = html5lib.parse(
        client.get(reverse("inbox")).content.decode(), namespaceHTMLElements=False
    )
    assert "hx-ignore" in page.find("body").attrib
    assert '"mode":"same-origin"' in page.find("head/meta[@name='htmx-config']").attrib["content"]
    ticket = factories.a_ticket(desk)
    part = html5lib.parseFragment(
        client.get(reverse("conversation", args=[ticket.number])).content.decode(),
        namespaceHTMLElements=False,
    )
    assert ["hx-ignore" in one.attrib for one in part.iter("article")] == [True]
    policy = client.get(reverse("inbox"))["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "address",
    ["https://a.example/\nb", "https://a.example/\x7f", "https\n://a.example/", "\tjavascript:1"],
)
def test_an_address_with_a_character_of_control_leads_nowhere(address):
    assert web_address(address) == ""
    assert web_address("\nhttps://a.example/b ") == "https://a.example/b"
