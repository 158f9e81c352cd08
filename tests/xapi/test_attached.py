"""Read in both vocabularies what a post has besides its words.

What is unknown is named, and nothing odd breaks the reading.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xapi import attached
from xapi.naming import Named
from xapi.payloads import read_page, read_post
from xapi.pieces import pieces

MEDIA = "https://t.co/media00001"
QUOTE = "https://t.co/quote00001"
PLAIN = "https://t.co/plain00001"
RAW = {"id": "200", "author_id": "7", "text": "@AmselnetzHilfe look"}


def link(short, address, **fields):
    return {"url": short, "expanded_url": address, "display_url": address[8:30], **fields}


OWN = [
    link(MEDIA, "https://x.com/grace/status/200/photo/1", media_key="3_1"),
    link(MEDIA, "https://x.com/grace/status/200/photo/1", media_key="3_2"),
]
QUOTED = link(QUOTE, "https://x.com/dirk/status/42")
OTHER = link(PLAIN, "https://amsel.example/a")


def page_of(*posts, **includes):
    return read_page(
        {"data": list(posts), "includes": includes, "meta": {"result_count": len(posts)}}
    )


def extras(**fields):
    return list(read_post({**RAW, **fields}).extras)


@pytest.mark.parametrize("words", ["referenced_tweets", "referenced_posts"])
@pytest.mark.parametrize(
    ("behind", "left"),
    [
        (f" {MEDIA}", ""),
        (f" {MEDIA} {QUOTE}", ""),
        (f" {QUOTE} {MEDIA}", ""),
        (f" {QUOTE}", ""),
        (f"\n\n{MEDIA}\n{QUOTE}\n", ""),
        (f" {MEDIA} {PLAIN}", f" {PLAIN}"),
        (f" {PLAIN} {MEDIA} {QUOTE}", f" {PLAIN}"),
        (f" {PLAIN}", f" {PLAIN}"),
        (f" {MEDIA} see", f" {MEDIA} see"),
        (MEDIA, ""),
        (f" {MEDIA}x", f" {MEDIA}x"),
    ],
)
def test_links_to_ones_own_media_and_to_what_is_quoted_are_hidden_at_the_end_in_whatever_order(
    words, behind, left
):
    raw = {
        **RAW,
        "text": RAW["text"] + behind,
        words: [{"type": "quoted", "id": "42"}],
        "entities": {"urls": [*OWN, QUOTED, OTHER]},
    }
    assert read_post(raw).text == RAW["text"] + left
    assert read_post({**raw, "text": behind.strip()}).text == left.strip()


def test_a_link_to_another_post_than_the_quoted_one_stays():
    raw = {
        **RAW,
        "text": f"look {QUOTE}",
        "referenced_tweets": [{"type": "quoted", "id": "43"}],
        "entities": {"urls": [QUOTED]},
    }
    assert read_post(raw).text == f"look {QUOTE}"


def test_media_have_their_kind_also_where_x_describes_nothing_of_them():
    page = page_of(
        {**RAW, "attachments": {"media_keys": ["3_1", "7_2", "13_3", "16_4", "99_5", "7_6"]}},
        media=[
            {
                "media_key": "3_1",
                "type": "photo",
                "url": "https://pbs.example/a.jpg",
                "alt_text": "a router",
            },
            {
                "media_key": "7_6",
                "type": "video",
                "preview_image_url": "javascript:alert(1)",
                "duration_ms": 42_300,
            },
        ],
    )
    assert [
        (one["type"], one["url"], one["alt_text"], one.get("seconds"))
        for one in page.posts[0].media
    ] == [
        ("photo", "https://pbs.example/a.jpg", "a router", None),
        ("video", "", "", None),
        ("video", "", "", None),
        ("animated_gif", "", "", None),
        ("other", "", "", None),
        ("video", "", "", 42),
    ]


def test_a_polls_options_stand_in_their_order():
    raw = {**RAW, "attachments": {"poll_ids": ["5"]}, "card_uri": "card://5"}
    polls = [
        {
            "id": "5",
            "options": [
                {"position": 2, "label": "no", "votes": 1},
                {"position": 1, "label": "yes", "votes": 0},
            ],
            "end_datetime": "2026-11-27T10:00:00.000Z",
        }
    ]
    assert list(page_of(raw, polls=polls).posts[0].extras) == [
        {"kind": "poll", "options": ["yes", "no"], "ends_at": "2026-11-27T10:00:00.000Z"}
    ]
    assert extras(attachments={"poll_ids": ["5"]}) == [
        {"kind": "poll", "options": [], "ends_at": ""}
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"article": {"title": "On <b>routers</b>"}},
        {"article_title": {"title": "On <b>routers</b>"}},
        {"article_title": "On <b>routers</b>"},
        {"article": {}, "article_title": {"title": "On <b>routers</b>"}},
    ],
)
def test_an_article_has_its_title(fields):
    assert extras(**fields) == [{"kind": "article", "title": "On <b>routers</b>"}]


@pytest.mark.parametrize(
    "notes", [{"note_id": "1", "match_status": "matched_and_shown"}, [{"note_id": "1"}]]
)
def test_place_card_and_community_note_are_named(notes):
    raw = {
        **RAW,
        "geo": {"place_id": "0a"},
        "card_uri": "card://1",
        "matched_media_notes": notes,
        "entities": {"urls": [{**OTHER, "title": "Amsel shop"}]},
    }
    page = page_of(raw, places=[{"id": "0a", "full_name": "Kranstedt", "country": "Germany"}])
    assert list(page.posts[0].extras) == [
        {"kind": "card", "title": "Amsel shop"},
        {"kind": "place", "name": "Kranstedt, Germany"},
        {"kind": "note"},
    ]
    assert extras(geo={"coordinates": {"type": "Point"}}) == [{"kind": "place", "name": ""}]


def test_what_nobody_knows_is_named():
    assert extras(
        attachments={"hologram_ids": ["1"], "media_source_tweet_id": ["3"]},
        referenced_tweets=[{"type": "remixed", "id": "3"}],
    ) == [{"kind": "other", "name": "hologram_ids"}, {"kind": "other", "name": "remixed"}]


@pytest.mark.parametrize(
    "text",
    [
        "This Tweet from @grace has been withheld in: DE",
        "This Post from @grace has been withheld in Germany in response to a legal demand. "
        "Learn more.",
        "@grace's account is withheld in: DE, FR.",
        "This account has been withheld in DE in response to a legal demand.",
        "This media has been withheld in response to a report from the copyright holder.",
    ],
)
def test_xs_notice_is_not_the_customers_words(text):
    post = read_post(
        {
            **RAW,
            "text": text,
            "lang": "en",
            "withheld": {"copyright": False, "country_codes": ["de", "<b>"], "scope": "tweet"},
        }
    )
    assert (post.text, post.language, post.links) == ("", "", ())
    assert post.extras == (
        {"kind": "withheld", "countries": ["DE"], "copyright": False, "of": "post", "said": text},
    )


def test_words_stay_words_where_x_withholds_a_post_elsewhere_or_not_at_all():
    withheld = {"copyright": True, "country_codes": ["TR"], "scope": "user"}
    post = read_post({**RAW, "withheld": withheld})
    assert (
        post.text,
        post.extras[0]["said"],
        post.extras[0]["of"],
        post.extras[0]["copyright"],
    ) == (RAW["text"], "", "user", True)
    assert (
        read_post({**RAW, "text": "This post from @me has been withheld"}).text
        == "This post from @me has been withheld"
    )


MENTION = {"start": 0, "end": 15, "username": "AmselnetzHilfe", "id": "901"}


@pytest.mark.parametrize("note", ["note_tweet", "note_post"])
def test_mentions_of_both_lists_of_a_long_post_count_once(note):
    late = {"start": 300, "end": 311, "username": "AmselBiz", "id": "902"}
    whole = "@AmselnetzHilfe" + " " * 285 + "@AmselBiz"
    raw = {
        **RAW,
        "text": whole[:270] + "…",
        "entities": {"mentions": [MENTION]},
        note: {"text": whole, "entities": {"mentions": [late]}},
    }
    assert read_post(raw).named == (Named("amselbiz", 902, 300), Named("amselnetzhilfe", 901, 0))
    both = {**raw, note: {"text": whole, "entities": {"mentions": [MENTION, late]}}}
    assert sorted(one.id for one in read_post(both).named) == [901, 902]
    only_cut = {**raw, note: {"text": whole}}
    assert read_post(only_cut).names(901, ["nobody"])


@pytest.mark.parametrize(
    ("raw", "is_named"),
    [
        (
            {"entities": {"mentions": [{**MENTION, "username": "AmselnetzNeu"}]}},
            True,
        ),  # renamed at X, or in the desk
        (
            {"entities": {"mentions": [{**MENTION, "id": "555"}]}},
            False,
        ),  # somebody else bears our handle
        ({"entities": {"mentions": [{**MENTION, "id": None}]}}, True),  # X gives no number
        ({"entities": {"mentions": [{"start": 0, "end": 15, "id": "901"}]}}, True),
        (
            {"entities": {"hashtags": [{"start": 0, "end": 3, "tag": "x"}]}},
            False,
        ),  # X saw no handle there
        ({}, True),  # X says nothing at all
    ],
)
def test_who_is_named_goes_by_number_and_by_letters_only_as_a_last_resort(raw, is_named):
    assert read_post({**RAW, **raw}).names(901, ["AmselnetzHilfe"]) is is_named


@pytest.mark.parametrize(
    "text",
    [
        "@AmselnetzHilfeさん",
        "＠AmselnetzHilfe",
        "hi,@amselnetzhilfe!",
        "もしもし@AmselnetzHilfeさん",
    ],
)
def test_a_handle_beside_other_letters_is_ours(text):
    assert read_post({**RAW, "text": text}).names(901, ["AmselnetzHilfe"])
    start = text.lower().index("amsel") - 1
    read = read_post(
        {
            **RAW,
            "text": text,
            "entities": {"mentions": [{**MENTION, "start": start, "end": start + 15}]},
        }
    )
    assert read.named == (Named("amselnetzhilfe", 901, start),)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["901", "9" * 30, "x_1", "3_1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "title",
                    "label",
                    "position",
                    "options",
                    "username",
                    "start",
                    "media_keys",
                    "poll_ids",
                    "place_id",
                    "urls",
                    "mentions",
                    "url",
                    "text",
                    "entities",
                    "type",
                    "country_codes",
                    "scope",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.campaign
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "attachments",
                "entities",
                "geo",
                "article",
                "article_title",
                "card_uri",
                "matched_media_notes",
                "withheld",
            ]
        ),
        anything,
    ),
    st.fixed_dictionaries({}, optional={"media": anything, "polls": anything, "places": anything}),
)
def test_nothing_that_stands_beside_the_words_breaks_the_reading(fields, includes):
    page = page_of({**RAW, **fields}, **includes)
    assert [one.why for one in page.unreadable] == []
    assert {one["kind"] for one in page.posts[0].extras} <= {
        "poll",
        "article",
        "place",
        "card",
        "note",
        "withheld",
        "other",
    }
    assert {one["type"] for one in page.posts[0].media} <= {*attached.MEDIA, "other"}


def marked(text, named=()):
    return [
        one.text
        for one in pieces(text, (), [one.as_data() for one in named])
        if one.kind == "handle"
    ]


def test_handles_are_marked_where_x_says_that_somebody_is_named():
    text = "@AmselnetzHilfeさん ＠amselnetzhilfe @nobody_there"
    assert marked(text) == ["@AmselnetzHilfe", "＠amselnetzhilfe", "@nobody_there"]
    assert marked(text, [Named("amselnetzhilfe", 901, 0), Named("amselnetzhilfe", 901, 18)]) == [
        "@AmselnetzHilfe",
        "＠amselnetzhilfe",
    ]
    assert marked(text, [Named("amselnetzhilfe", 901, 7)]) == [
        "@AmselnetzHilfe",
        "＠amselnetzhilfe",
    ], "a place that is not true"
    assert marked(text, [Named("", 901)]) == []
