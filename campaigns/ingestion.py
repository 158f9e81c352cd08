"""Take every mention in, none twice.

Storms above what X hands out, posts that appear late, edits and deletions, workers
killed at page borders.

Judged by the simulator's history: everything that named us and was not deleted must be
a mention once. What lay beyond the 800 must have been flagged as a gap before search
found it.
"""

import random
import sys
import time
from collections import Counter

from campaigns.world import World, patiently

MENTIONS = 3000
CUSTOMERS = 2000
CUTS = {"kill": 0.01, "exception": 0.01, "database gone": 0.005}
READ_FAULTS = {"503": 0.02, "garbage": 0.01, "drop": 0.01, "slow": 0.01}
ACCOUNTS = [("AmselnetzHilfe", 901), ("AmselnetzBiz", 902)]


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations."""
    import json

    wanted = options.mentions or MENTIONS
    deadline = time.monotonic() + (options.minutes or 85) * 60
    chance = random.Random(options.seed)
    world = World(seed=options.seed, scale=options.time_scale, DESK_POLL_SECONDS="1")
    world.extra["PARAPH_PLACES"] = json.dumps(
        {
            "seed": options.seed,
            "shares": CUTS,
            "pause": 1,
            "log": str(world.directory / "places.jsonl"),
        }
    )
    with world:
        world.environment["PARAPH_PLACES"] = world.extra["PARAPH_PLACES"]
        from tests import factories

        x = world.x
        x.control("limits", on=False)
        x.control("search_lag", on=False)
        for handle, number in ACCOUNTS:
            x.control("users", username=handle, name=handle, account=True, id=number)
        factories.make_desk()
        x.control("plans", seed=options.seed, shares=READ_FAULTS, on="GET /2/", seconds=0.5)
        world.start_parts()
        world.in_background(kill_now_and_then, world, options.kills or max(6, wanted // 1000))
        counts = write(world, chance, wanted, deadline)
        settle(world, deadline)
        return judge(world, counts)


def kill_now_and_then(world: World, kills: int) -> None:
    """Children, whole processes, once the database and once the broker."""
    chance, rest = (
        random.Random(world.seed + 5),
        [("database", "SIGQUIT"), ("valkey", 1), ("database", "SIGINT")],
    )
    while not world.stopping.wait(chance.uniform(1, 4)):
        if world.kills["child"] < kills:
            world.kill_child()
        elif rest:
            kind, how = rest.pop()
            world.restart_database(how) if kind == "database" else world.restart_broker(how)
        if world.kills["whole"] < kills / 4 and chance.random() < 0.3:
            world.kill_whole()


def change_some(world: World, chance: random.Random, counts, recent, handle):
    """Edit or delete some of the newest posts."""
    for post_id in chance.sample(recent, min(len(recent), 4)):
        try:
            if chance.random() < 0.7:
                world.x.control("edits", id=post_id, text=f"@{handle} edited: nothing works at all")
                counts["edited"] += 1
            else:
                world.x.control("deletions", id=post_id)
                counts["deleted"] += 1
        except OSError:
            counts["edits refused"] += 1


def write_wave(world: World, chance: random.Random, counts, kind, size, handle):
    """Write one wave; return the numbers of its newest posts."""
    for start in range(0, size, 500):
        posts = []
        for n in range(start, min(size, start + 500)):
            post = {
                "username": f"customer{chance.randrange(CUSTOMERS)}",
                "text": f"@{handle} {kind} {counts['written'] + n}: nothing works",
            }
            if chance.random() < 0.04:
                post["shown_after_seconds"] = chance.uniform(0.1, 2)
                counts["appear late"] += 1
            posts.append(post)
        recent = world.x.control("crowd", posts=posts)["ids"]
    return recent


def write(world: World, chance: random.Random, wanted: int, deadline: float) -> Counter:
    """Customers write in waves.

    Trickles, bursts, storms of several times what X hands out; some posts appear late, some
    change, some go.
    """
    counts: Counter = Counter()
    told = time.monotonic()
    recent: list[int] = []
    while counts["written"] < wanted and time.monotonic() < deadline:
        world.revive()
        kind, size = chance.choice(
            [
                ("trickle", 20),
                ("trickle", 40),
                ("burst", 400),
                ("storm", chance.randint(1500, 4000)),
            ]
        )
        size = min(size, wanted - counts["written"])
        handle, _number = chance.choice(ACCOUNTS)
        counts[f"waves: {kind}"] += 1
        recent = write_wave(world, chance, counts, kind, size, handle)
        counts["written"] += size
        change_some(world, chance, counts, recent, handle)
        while behind(world, counts["written"]) > 12_000 and time.monotonic() < deadline:
            world.revive()
            nudge_filling()
            time.sleep(1)
        nudge_filling()
        time.sleep({"trickle": 0.5, "burst": 1.5, "storm": 4}[kind])
        if time.monotonic() > told + 30:
            told = time.monotonic()
            print(
                f"{counts['written']} of {wanted} written, {dict(world.kills)}",
                file=sys.stderr,
                flush=True,
            )
    return counts


def nudge_filling() -> None:
    """Beat asks every 20 seconds; here time is short."""
    from servicedesk.celery import app

    try:
        app.send_task("tickets.tasks.fill_gaps", expires=10)
    except Exception:
        return  # the broker is being killed; beat asks again


def behind(world: World, written: int) -> int:
    """How many of the written ones the desk does not have yet."""
    from tickets.models import Mention

    return written - patiently(Mention.objects.count, world)


def settle(world: World, deadline: float) -> None:
    """Wait until every gap is read and nothing new comes; the faults go on."""
    from tickets.models import Gap, Mention

    quiet, last = 0, -1
    while quiet < 40 and time.monotonic() < deadline:
        world.revive()
        nudge_filling()
        filling = patiently(lambda: Gap.objects.filter(status="filling").count(), world)
        now = patiently(Mention.objects.count, world)
        quiet = quiet + 1 if now == last and not filling else 0
        last = now
        time.sleep(1)
    world.calm()


def figures_of(world: World, counts: Counter, keys, deleted, have, gaps, lost, flagged):
    """Return the figures of what was found."""
    from tickets.models import ParkedPost, Ticket

    figures = {
        "mentions written": len(keys),
        "taken in": len(have),
        "twice": len(have) - len(set(have)),
        "lost": len(lost),
        "of them behind a flagged gap": len(flagged),
        "deleted before they were read": len(deleted - set(have)),
        "gaps": len(gaps),
        "found by search in gaps": sum(found for *_rest, found, _status in gaps),
        "gaps not yet read": sum(status == "filling" for *_rest, status in gaps),
        "tickets": Ticket.objects.count(),
        "parked": ParkedPost.objects.count(),
        "kills": {
            "at places": sum(row.get("kill", 0) for row in world.places_hit().values()),
            **world.kills,
        },
        "places": world.places_hit(),
        "faults of X": world.x.control("plans", method="GET")["hits"],
        "written as": dict(counts),
        "trouble of the campaign itself": world.failures,
    }
    return figures


def judge(world: World, counts: Counter) -> tuple[dict, list[str]]:
    """Hold the history against the mentions."""
    from django.db import connection

    from servicedesk.evidence.audit_check import examine
    from tickets.models import Gap, Mention

    ours = {number for _handle, number in ACCOUNTS}
    keys, deleted = set(), set()
    for line in world.x.history():
        if line["what"] == "post.created" and line["post"]["author"] not in ours:
            keys.add(line["post"]["id"])
        elif line["what"] == "post.deleted":
            deleted.add(line["id"])
    have = list(Mention.objects.values_list("position", flat=True))
    gaps = list(Gap.objects.values_list("after_position", "before_position", "found", "status"))
    lost = [key for key in keys - set(have) - deleted]
    flagged = [
        key for key in lost if any(after < key < before for after, before, _found, _status in gaps)
    ]
    invented = set(have) - keys
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) "
            "FROM ("
            "SELECT customer_id, conversation_id FROM tickets_ticket "
            "GROUP BY 1, 2 "
            "HAVING count(*) > 1) doubled"
        )
        doubled = cursor.fetchone()[0]
    connection.close()
    faults = [str(fault) for fault in examine().faults if not fault.code.startswith("foreign")][:5]
    figures = figures_of(world, counts, keys, deleted, have, gaps, lost, flagged)
    violations = (
        [f"lost: {key}" for key in lost]
        + [f"invented: {key}" for key in invented]
        + [f"evidence: {fault}" for fault in faults]
    )
    violations += [f"{doubled} conversations have two open tickets"] if doubled else []
    return figures, violations
