"""X's answers, mutated: wrong types, missing and foreign keys, huge, deep, badly encoded.

No crash, and each post is stored or parked.

Bytes go the way of real ones: decoded as the transport decodes them, stored raw, read,
taken in. Every answer in a transaction of its own that is rolled back.
"""

import copy
import json
import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from campaigns.world import World

ANSWERS = 5000
ANSWERS_ALONE = "answers"
STRANGE = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    2**63,
    2**64,
    10**400,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "‮reversed‬",
    "𝔘" * 300,
    "x" * 20_000,
    "0",
    "-5",
    "00012",
    "1e5",
    "٣",
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"id": "1"},
    "2026-13-45T99:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-01-01",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "https://t.co/x",
    "' OR 1=1 --",
    "🏳️‍🌈",
]


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations."""
    wanted = options.runs or ANSWERS
    figures: dict = {}
    violations: list[str] = []
    if options.only in {"", ANSWERS_ALONE}:
        # Django is set up on one database for good
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            figures["answers of X"], found = alone.submit(answers, options.seed, wanted).result()
        violations += found
    if options.only != ANSWERS_ALONE:
        figures["pages and operations"], found = requests_to_pages(
            options.seed, wanted, options.only, options.minutes
        )
        violations += found
    return figures, violations


def requests_to_pages(
    seed: int, wanted: int, only: str, minutes: float | None
) -> tuple[dict, list[str]]:
    """What browsers and programs send, spoilt; see `campaigns/pages.py`."""
    with World(seed=seed, DESK_PAGE_SECONDS="60") as world:
        from django.conf import settings

        from campaigns import pages
        from campaigns.permissions import Scene

        # Or one in three requests would wait for Argon2
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        return pages.run(Scene(world), seed=seed, wanted=wanted, only=only, minutes=minutes)


def answers(seed: int, wanted: int) -> tuple[dict, list[str]]:
    """What X answers, spoilt."""
    chance = random.Random(seed)
    counts: Counter = Counter()
    violations: list[str] = []
    with World(seed=seed) as world:
        from tests import factories
        from xapi.client import XClient

        world.x.control("users", username="AmselnetzHilfe", name="A", account=True, id=901)
        desk = factories.make_desk()
        bases = [whole_page(world, vocabulary, XClient) for vocabulary in ("old", "new")]
        for number in range(wanted):
            raw = spoil(chance, chance.choice(bases))
            try:
                counts[take(raw, desk.account)] += 1
            except AssertionError as wrong:
                violations.append(f"answer {number}: {wrong}: {raw[:300]!r}")
            except Exception as wrong:
                violations.append(
                    f"answer {number}: {type(wrong).__name__}: {wrong}"[:300] + f": {raw[:300]!r}"
                )
    return {"answers": wanted, "became": dict(counts), "crashes": len(violations)}, violations


def whole_page(world: World, vocabulary: str, client_class) -> dict:
    """An answer with everything in it: replies, quotes, links, media, edits, long posts."""
    x = world.x
    first = x.says(
        "grace_adeyemi",
        "@AmselnetzHilfe see https://example.com/a?b=1&c=2 <b>now</b>",
        lang="en",
        media=[{"type": "photo", "url": "https://pbs.twimg.com/x.jpg"}],
    )
    x.says("dirk", "@AmselnetzHilfe " + "long " * 100, reply_to=first["id"])
    x.says("grace_adeyemi", "me too", reply_to=first["id"], quoted=first["id"])
    x.control("edits", id=first["id"], text="@AmselnetzHilfe edited 5 < 6 & more")
    client = client_class(
        {"bearer_token": "sim-901"}, base_url=x.url, vocabulary=vocabulary, timeout=5
    )
    page = client.mentions(901)
    client.close()
    page["errors"] = [
        {"resource_id": "123", "type": "https://api.twitter.com/2/problems/resource-not-found"}
    ]
    return page


def spoil(chance: random.Random, base: dict) -> bytes:
    """One answer with one to four things wrong, as bytes."""
    page = copy.deepcopy(base)
    for _number in range(chance.randint(1, 4)):
        page = mutate(chance, page)
    raw = json.dumps(page, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    drawn = chance.random()
    if drawn < 0.04:
        raw = raw[: chance.randrange(len(raw))]
    elif drawn < 0.08:
        place = chance.randrange(len(raw))
        raw = raw[:place] + bytes([chance.randrange(256)]) + raw[place + 1 :]
    elif drawn < 0.09:
        raw = b"[" * 100_000 + b"]" * 100_000
    elif drawn < 0.10:
        raw = raw.decode("utf-8", "replace").encode("utf-16")
    elif drawn < 0.11:
        raw = chance.choice(
            [
                b"",
                b"null",
                b"[]",
                b'"text"',
                b"17",
                b"NaN",
                b'{"data": NaN}',
                b"<html></html>",
                b'{"data": [1e999]}',
            ]
        )
    return raw


def mutate(chance: random.Random, value):
    """Change one place at random."""
    places = list(walk(value))
    path = chance.choice(places)
    if not path:
        return chance.choice(STRANGE)
    target = value
    for step in path[:-1]:
        target = target[step]
    kind, last = chance.random(), path[-1]
    if kind < 0.15:
        del target[last]
    elif kind < 0.25 and isinstance(target, list):
        target.insert(chance.randrange(len(target) + 1), copy.deepcopy(target[last]))
    elif kind < 0.32:
        deep: object = target[last]
        for _level in range(chance.choice([2, 30, 120])):
            deep = [deep]
        target[last] = deep
    elif kind < 0.40 and isinstance(target, dict):
        target["".join(chance.choice("abc_\x00é") for _ in range(5))] = target.pop(last)
    else:
        target[last] = copy.deepcopy(chance.choice(STRANGE))
    return value


def walk(value, path=()):
    """Every place in it."""
    yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from walk(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from walk(one, (*path, place))


def what_became_of_it(page, keys, parked):
    """Say in a word or two what became of a page."""
    if parked:
        return "parked in part" if page.posts else "parked"
    return "stored" if keys else "nothing in it"


def of_other_posts(page, keys, stored):
    """Return the keys that are versions of other posts already."""
    from tickets.models import ParkedPost

    refused = {
        post.key
        for post in page.posts
        if post.key in keys - stored
        and ParkedPost.objects.filter(why__startswith=f"post {post.id} belongs to post ").exists()
    }  # its id is another post's version already
    return refused


def take(raw: bytes, account) -> str:
    """The way of an answer from the wire into the desk; what became of it.

    Raises AssertionError where something vanished.
    """
    import requests
    from django.db import transaction

    from tickets.ingestion import polling
    from tickets.models import Feed, Mention, ParkedPost, RawPage
    from xapi.errors import XError
    from xapi.transport import body_of

    response = requests.Response()
    response._content, response.status_code = raw, 200
    response.headers["content-type"] = "application/json; charset=utf-8"
    try:
        body = body_of(response)
    except XError:
        return "no JSON: the feed says so"
    if not isinstance(body, dict):
        return "no object: the feed says so"
    with transaction.atomic():
        feed = Feed.objects.select_related("account__department").get(account=account)
        page = polling.take_up(RawPage.objects.create(feed=feed, body=body), feed)
        assert not RawPage.objects.exists(), "the page is still raw"
        keys = {post.key for post in page.posts if post.author_id not in {901, 902}}
        rows = Mention.objects.filter(external_id__in=[str(key) for key in keys])
        stored = {int(key) for key in rows.values_list("external_id", flat=True)}
        refused = of_other_posts(page, keys, stored)
        assert stored | refused == keys, f"posts vanished: {keys - stored - refused}"
        data = body.get("data")
        items = len(data) if isinstance(data, list) else int(bool(data))
        parked = ParkedPost.objects.count()
        assert len(page.posts) + len(page.unreadable) == items or parked, (
            f"{items} came, {len(page.posts)} read, {len(page.unreadable)} set aside"
        )
        assert not page.unreadable or parked, "unreadable and not parked"
        transaction.set_rollback(True)
    return what_became_of_it(page, keys, parked)
