"""The search beside an inbox page, with many posts.

A few thousand posts are cut by the desk; the others are copies of them that the database makes
without its guards, so that three million are there in minutes.

`python -m bench.search [--posts 3000000] [--rounds 10]`
"""

import argparse
import random
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from bench import figures
from bench.pages import signed_in, timed
from bench.servers import median, quiet_stack
from servicedesk.demo import copying
from servicedesk.launcher import stopping

BASE = 2000  # tickets, of three posts each
VOCABULARY = 4000
SYLLABLES = ("ka", "lo", "mi", "ne", "pu", "ra", "si", "to", "ve", "zu", "bro", "stel", "gan")
# Text is added to every so-manieth of the posts.
ADDED = {
    "Internetverbindung": 40,
    "030/123 45 67": 3000,
    "ST-204417": 1500,
    "荷物が届かないので返金してください": 60,
    "🙏": 25,
    "山田": 700,
    "https://www.speedtest.net/result/17": 300,
}
QUERIES = {
    "one in all": "Zweiundvierzigster",
    "nothing": "Quastenflosser",
    "rare": "ST-204417",
    "telephone": "+49 30 1234567",
    "some": "speedtest.net",
    "picture": "🙏",
    "two signs": "返金",
    "two letters": "山田",
    "within a word": "verbindung",
    "within a common word": "echnun",
    "common": "router",
    "form of a common word": "stoerungen",
    "beginning": "rou",
    "one letter": "r",
    "two common": "Rechnung Umzug",
    "common and rare": "router verbindung",
    "digits": "17",
}


def main(words: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=10, help="how often each page is asked for")
    return figures.run(parser, compare, words)


def compare(options: argparse.Namespace) -> figures.Figures:
    """Return each search in inbox pages of the same run."""
    with quiet_stack() as one:
        posts = fill(one, options.posts)
        times, numbers = measure(one, options.rounds)
    inbox = median(times["inbox"])
    return figures.Figures(
        {"posts": posts, "rounds": options.rounds},
        [
            figures.Table(
                {"search": "", "rows": "", "in inbox pages": ".2f", "slowest": ".2f"},
                [
                    [name, numbers[name], median(times[name]) / inbox, max(times[name]) / inbox]
                    for name in QUERIES
                ],
            )
        ],
    )


def fill(one, posts: int) -> int:
    """Seed a few tickets, give their posts words of their own, copy them; how many posts there are.

    The indexes of the search are made anew at the end, as after a migration.
    """
    import psycopg2
    from django.core.management import call_command

    base = min(BASE, posts // 3)
    call_command("seed_tickets", base, verbosity=0)
    line = psycopg2.connect(one.owner_dsn)
    line.autocommit = True
    cursor = line.cursor()
    cursor.execute("SET session_replication_role = replica")
    give_words(cursor)
    copies = max(0, posts // (base * 3) - 1)
    if copies:
        copying.multiply(one.owner_dsn, copies)
    cursor.execute(
        "UPDATE tickets_postversion SET text = text || ' Zweiundvierzigster' "
        "WHERE id = (SELECT min(id) FROM tickets_postversion) RETURNING id"
    )
    cursor.execute("SELECT tickets_keep_post_words(%s)", cursor.fetchone())
    cursor.execute("VACUUM ANALYZE")
    cursor.execute("SELECT count(*) FROM tickets_postwords")
    number: int = cursor.fetchone()[0]
    line.close()
    return number


def give_words(cursor: Any) -> None:
    """Add three words out of many to each post, and to some what the searches look for."""
    chance = random.Random(1)
    words = ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(VOCABULARY)]
    weights = [1 / (place + 1) for place in range(VOCABULARY)]
    cursor.execute("SELECT id FROM tickets_postversion ORDER BY id")
    for place, (version,) in enumerate(cursor.fetchall()):
        added = chance.choices(words, weights, k=3)
        added += [text for text, every in ADDED.items() if place % every == 0]
        cursor.execute(
            "UPDATE tickets_postversion SET text = text || ' ' || %s WHERE id = %s",
            [" ".join(added), version],
        )
    cursor.execute("SELECT count(tickets_keep_post_words(id)::text) FROM tickets_postversion")


def measure(one, rounds: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Return the times of the pages, each in turn, and how many rows each search shows."""
    browser = signed_in("aylin")
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    paths = {"inbox": "/inbox/"} | {
        name: f"/inbox/?{urlencode({'q': words})}" for name, words in QUERIES.items()
    }
    numbers = {
        name: browser.get(path).content.decode().count("data-row") for name, path in paths.items()
    }
    times: dict[str, list[float]] = {name: [] for name in paths}
    for _round in range(rounds):
        for name, path in paths.items():
            times[name].append(timed(f"{one.url}{path}", {"Cookie": cookie}))
    return times, numbers


if __name__ == "__main__":
    sys.exit(stopping.command(main))
