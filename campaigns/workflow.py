"""Let people work in every order; never must an unapproved reply leave.

Random sequences of operations by a dozen people in three departments, first one after
the other, then eight at once.

`--runs N` is the number of sequences of fifty steps that Hypothesis draws (a failing
one is made as short as it gets), `--operations N` the number of operations that eight
threads do at once beside an attacker with raw SQL. Both go through the HTTP API and are
judged by the simulated X's history and a logbook of who was entitled when, never by
what the desk says of itself.
"""

import random
import sys
import threading
import time

from campaigns.attacker import ATTACKS, Attacker
from campaigns.logbook import EARLIER, Span
from campaigns.people_at_work import WEIGHTS, NoAnswer, Office, Shift
from campaigns.world import World, patiently

RUNS = 15
STEPS = 50
OPERATIONS = 800
THREADS = 8


def run(options) -> tuple[dict, list[str]]:
    """Both halves, or the one that was asked for."""
    figures, violations = {}, []
    if options.runs or not options.operations:
        figures["one after the other"], found = sequences(options, options.runs or RUNS)
        violations += found
    if options.operations or not options.runs:
        figures["eight at once"], found = at_once(options, options.operations or OPERATIONS)
        violations += found
    return figures, violations


def sequences(options, runs: int) -> tuple[dict, list[str]]:
    """Hypothesis draws the sequences; the sender runs when the sequence says so."""
    from campaigns.machine import play

    with World(
        seed=options.seed,
        scale=options.time_scale,
        DESK_SEND_DELAY_SECONDS="0",
        DESK_TICK_SECONDS="3600",
    ) as world:
        start_web(world)
        return play(Office(world), options.seed, runs, STEPS)


def start_web(world: World, *more: int) -> None:
    """The desk's web process; and others at more ports."""
    from tests.stack import get, wait_until

    for port in (world.port, *more):
        world.run(
            f"web{port}",
            [
                sys.executable,
                "-m",
                "uvicorn",
                "servicedesk.asgi:application",
                "--no-proxy-headers",
                "--host",
                "127.0.0.1",
                "--port",
                port,
                "--no-access-log",
                "--timeout-graceful-shutdown",
                "1",
            ],
        )
    for port in (world.port, *more):
        wait_until(
            lambda port=port: get(f"http://127.0.0.1:{port}/healthz"), 60, "the desk answers"
        )


def figures_of(office, shift, attacker, crowd, posts):
    """Return the figures of what people and the attacker did."""
    figures = {
        "operations": crowd.done,
        "threads": THREADS,
        "posts of ours on X": len(posts),
        "drafts": len(shift.log.tickets),
        "texts": len(shift.log.words),
        "approvals": sum(len(one) for one in shift.log.approvals.values()),
        "what people did": dict(sorted(shift.count.items())),
        "answers by status": dict(sorted(office.answers.items())),
        "attacks by SQL": sum(attacker.tried.values()),
        "kinds of attack": len(ATTACKS),
        "attacks refused": sum(attacker.tried.values())
        - sum(attacker.idle.values())
        - len(attacker.through),
        "attacks without an object": sum(attacker.idle.values()),
        "attacks that went through": len(attacker.through),
        "kinds never refused": sorted(
            name
            for name in ATTACKS
            if attacker.tried[name] and attacker.idle[name] == attacker.tried[name]
        ),
    }
    return figures


def at_once(options, operations: int) -> tuple[dict, list[str]]:
    """Eight threads, two web processes, workers that send meanwhile, and the attacker."""
    from tests.stack import free_port

    deadline = time.monotonic() + (options.minutes or 85) * 60
    second = free_port()
    with World(seed=options.seed, scale=options.time_scale) as world:
        office = Office(world)
        start_web(world, second)
        office.ports.append(second)
        world.start_parts(workers=1, children=2)
        shift = office.hire()
        attacker = Attacker(world.app_dsn, options.seed)
        attacker.start()
        crowd = Crowd(shift, operations, options.seed, deadline)
        crowd.work()
        attacker.stopping.set()
        attacker.join(30)
        rest(world, deadline)
        lease = float(world.times["DESK_LEASE_SECONDS"])
        posts = shift.posts()
        violations = [
            *shift.log.odd,
            *shift.log.judge(posts, lambda at: Span(at - lease, at + EARLIER)),
            *shift.log.missing(posts, time.time()),
            *(f"the database let through: {one}" for one in attacker.through),
            *(f"broken: {one}" for one in crowd.broken),
        ]
        if crowd.broken:
            print(
                "\n".join(
                    part.tail(100_000).split("Internal Server Error", 1)[-1][:6000]
                    for name, part in world.parts.items()
                    if name.startswith("web")
                ),
                file=sys.stderr,
            )
        figures = figures_of(office, shift, attacker, crowd, posts)
        return figures, violations


def rest(world: World, deadline: float) -> None:
    """Wait until nothing is on its way any more."""
    from approvals.models import Draft
    from posting.models import Delivery

    quiet = 0
    while quiet < 5 and time.monotonic() < deadline:
        world.revive()
        waits = patiently(
            lambda: (
                Draft.objects.filter(status="approved").count()
                + Delivery.objects.filter(status__in=["in_flight", "uncertain"]).count()
            ),
            world,
        )
        quiet = quiet + 1 if not waits else 0
        time.sleep(0.5)
    world.calm()


class Crowd:
    """Eight threads that draw acts by chance."""

    def __init__(self, shift: Shift, operations: int, seed: int, deadline: float) -> None:
        self.shift, self.operations, self.seed, self.deadline = shift, operations, seed, deadline
        self.done = 0
        self.broken: list[str] = []
        self.told = time.monotonic()
        for number in range(8):
            shift.act_write(0, 0, number + 1 if (number + 1) % 4 else 1)

    def work(self) -> None:
        """Until all operations are done."""
        threads = [threading.Thread(target=self.one, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def one(self, number: int) -> None:
        """One thread."""
        from django.db import connection

        chance = random.Random(self.seed * 100 + number)
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        while self.done < self.operations and time.monotonic() < self.deadline:
            self.done += 1
            name = chance.choices(names, weights)[0]
            if name == "role" and chance.random() < 0.8:
                name = "work"
            try:
                getattr(self.shift, f"act_{name}")(
                    chance.randrange(1000), chance.randrange(1000), chance.randrange(1000)
                )
            except NoAnswer as broken:
                self.broken.append(str(broken))
            if number == 0 and time.monotonic() > self.told + 30:
                self.told = time.monotonic()
                print(f"{self.done} of {self.operations} operations", file=sys.stderr, flush=True)
        connection.close()
