"""Machines die: the desk on twelve hosts, each part in turn killed, cut off, slowed, frozen.

Its disk filled, and the primary failed over to its standby by the documented steps, once with the
last transactions lost. People work through the proxy meanwhile. Judged by the simulated X's own
history; printed are the seconds until people can work again, and until a reply leaves again.
`--only` is a pattern for the names of the faults, as `web` or `^frozen`.
"""

import random
import sys
import time

from campaigns.machines import failover, faults, network
from campaigns.machines.stage import NAMES, SCALE, Stage
from campaigns.reply_judge import judged
from campaigns.world import REAL, timed

BEFORE = (1.0, 4.0)  # seconds, drawn by chance, from one fault to the next
GIVEN_UP = 150.0
LAST_ONES = 240.0


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations. Refused with a sentence where it cannot run."""
    if why_not := network.missing():
        raise SystemExit(why_not)
    try:
        chosen = faults.plan(options.only, REAL["DESK_LEASE_SECONDS"] * SCALE)
    except ValueError as unknown:
        raise SystemExit(str(unknown)) from unknown
    with network.Network(NAMES) as hosts, Stage(hosts) as stage:
        return Rehearsal(stage, random.Random(options.seed)).play(chosen)


class Rehearsal:
    """One fault after the other while people work, and the judge at the end."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage, self.chance = stage, chance
        self.people = stage.people
        self.violations: list[str] = []
        self.table: list[dict] = []

    def play(self, chosen: list[faults.Fault]) -> tuple[dict, list[str]]:
        """Let every fault happen; figures and violations."""
        self.people.come()
        calm = self.wait_for_both(time.time(), "before anything is broken")
        self.table.append({"fault": "none", **calm})
        for fault in chosen:
            self.pause(self.chance.uniform(*BEFORE))
            row = {"fault": fault.kind, "host": fault.host}
            if fault.kind in faults.FAILOVERS:
                row |= self.fail_over(is_late=fault.kind == faults.FAILOVERS[0])
            else:
                row |= self.befall(fault)
            row |= self.judge()
            self.table.append(row)
            print(row, file=sys.stderr, flush=True)
        self.finish()
        wrong, _pictured = judged(self.people.posts(), self.people.expected, self.stage.lease)
        self.violations += [f"{name}: {row}" for name, rows in wrong.items() for row in rows]
        return self.figures(wrong), self.violations

    def pause(self, seconds: float) -> None:
        """Let time go by, while each host starts again what ended by itself."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.stage.revive()
            time.sleep(min(0.5, left))

    def befall(self, fault: faults.Fault) -> dict:
        """Let one host have its mishap; returns how long people and replies had to wait."""
        stage = self.stage
        name = faults.one_of_twins(fault.host, self.chance)
        host = stage.host(name)
        since = time.time()
        mend = faults.strike(fault.kind, host, stage.disk(name))
        try:
            time.sleep(fault.seconds)
        finally:
            mend()
        held = round(time.time() - since, 1)
        row = {"host": host.name, "held for, seconds": held}
        return row | self.wait_for_both(since, f"{fault.name} ({host.name})")

    def wait_for_both(self, since: float, what: str) -> dict:
        """Wait until people work and a reply leaves; seconds from then."""
        until = time.monotonic() + GIVEN_UP
        while time.monotonic() < until:
            self.stage.revive()
            work, post = self.people.seconds_to_work(since), self.people.seconds_to_post(since)
            if work is not None and post is not None:
                return {"people work again, seconds": work, "a reply leaves again, seconds": post}
            time.sleep(0.3)
        print(self.stage.logs(), file=sys.stderr)
        self.violations.append(f"{what}: people or replies did not go on within {GIVEN_UP:.0f} s")
        return {"people work again, seconds": work, "a reply leaves again, seconds": post}

    def fail_over(self, *, is_late: bool) -> dict:
        """Fail over by the documented steps; `is_late`: to a standby that missed the last ones."""
        stage, old, new = self.stage, self.stage.primary, self.stage.standby
        if is_late:
            failover.hold_back(stage)
        self.people.may_resume = False  # the lead reads the health screen first
        since, took = time.time(), {}
        for step in failover.STEPS:
            with timed(took, step.__name__.replace("_", " ")):
                step(stage)
            if step is failover.promote and is_late:
                lost = failover.what_was_lost(stage)
        row: dict = {"host": f"{old.host.name} to {new.host.name}", "steps, seconds": took}
        if is_late:
            stage.x.control("faults", method="DELETE")
            failover.hear_again(stage, new.host.name, old.host.address)
            row |= lost
            self.violations += [f"failover: no {name}" for name, n in lost.items() if not n]
        noticed = failover.wait_until_noticed(stage, since, self.violations)
        self.people.may_resume = True
        row |= {"noticed, and a person asked, seconds": noticed}
        row |= self.wait_for_both(since, "the failover")
        failover.rebuild_the_standby(stage)
        return row

    def judge(self) -> dict:
        """The four figures, so far: what is still under way is not lost yet."""
        wrong, _pictured = judged(self.people.posts(), self.people.expected, self.stage.lease)
        return {name: len(wrong[name]) for name in ("twice", "unapproved", "altered")}

    def finish(self) -> None:
        """Wait until every customer has an answer on X."""
        self.people.new_ones = False
        until = time.monotonic() + LAST_ONES
        while self.people.waiting() and time.monotonic() < until:
            self.stage.revive()
            time.sleep(0.5)
        # What would be sent a second time is sent by then
        time.sleep(self.stage.lag + 2 * self.stage.times["DESK_SETTLE_SECONDS"])
        self.people.go()

    def figures(self, wrong: dict[str, list[str]]) -> dict:
        """Return what was done and what came of it."""
        return {
            "hosts": [host.name for host in self.stage.network.hosts.values()],
            "faults": self.table,
            "replies approved": len(self.people.expected),
            "posts of ours on X": len(self.people.posts()),
            **{name: len(rows) for name, rows in wrong.items()},
            "slowed by": "tc netem" if self.can_netem() else "a tenth of the processor's time",
            "times in seconds": {**self.stage.times, "lag up to": self.stage.lag, "scale": SCALE},
            "what people met": dict(sorted(self.people.count.items())),
        }

    def can_netem(self) -> bool:
        """Whether the kernel has it."""
        host = self.stage.network.hosts["people"]
        return network.netem(host, "replace") and network.netem(host, "delete")
