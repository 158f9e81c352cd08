"""The sequential half of the workflow campaign.

A state machine of Hypothesis whose rules are the acts of people at work.
"""

import sys
import time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from campaigns.logbook import Span
from campaigns.people_at_work import WEIGHTS, NoAnswer, Office

# Small numbers are drawn too often
NUMBER = st.integers(0, 2**16).map(lambda drawn: drawn * 2654435761 >> 7 & 0xFFFF)


class Found(AssertionError):
    """What must never be."""


def play(office: Office, of_seed: int, runs: int, steps: int) -> tuple[dict, list[str]]:
    """So many sequences of so many steps; figures and violations."""
    counts = {"sequences": 0, "steps": 0, "posts of ours on X": 0, "drafts": 0, "approvals": 0}
    machine = machine_for(office, counts)
    began = time.monotonic()
    violations = []
    try:
        run_state_machine_as_test(
            seed(of_seed)(machine),
            settings=settings(
                max_examples=runs,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                derandomize=False,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            ),
            _min_steps=steps,
        )
    except (Found, NoAnswer) as found:
        violations.append(str(found))
        violations += list(getattr(found, "__notes__", []))
    figures = {
        **counts,
        "seconds": round(time.monotonic() - began),
        "what people did": dict(sorted(office.count.items())),
        "answers by status": dict(sorted(office.answers.items())),
    }
    return figures, violations


class Work(RuleBasedStateMachine):
    """People come, work fifty steps, and leave."""

    office: Office
    counts: dict

    def __init__(self) -> None:
        super().__init__()
        self.shift = self.office.hire()
        self.shift.near = 4
        self.since = self.shift.history_so_far()
        self.sent: list[Span] = []
        self.judged = 0
        self.story: list[str] = []
        for account in (1, 2, 3):
            self.shift.act_write(0, 0, account)

    def send(self, who: int, which: int, how: int) -> None:
        """The sender runs; then everything on X is held against the logbook."""
        from core.channel import acting_through
        from posting.sending import delivery

        self.counts["steps"] += 1
        began = time.time()
        with acting_through("worker"):
            delivery.send_due()
        self.sent.append(Span(began, time.time()))
        self.story.append(f"{began:.3f} send")
        self.check()

    def act(self, name: str, who: int, which: int, how: int) -> None:
        """Let somebody do this act, and write into the story what came of it."""
        self.counts["steps"] += 1
        before = self.office.count.copy()
        began = time.time()
        getattr(self.shift, f"act_{name}")(who, which, how)
        self.story.append(
            f"{began:.3f} {name}({who}, {which}, {how}): {dict(self.office.count - before)}"
        )

    def check(self) -> None:
        """Judge, and see that nothing waits that may leave."""
        posts = self.shift.posts(self.since)
        starts = [one.begin for one in self.sent]
        wrong = self.shift.log.odd + self.shift.log.judge(
            posts[self.judged :],
            lambda at: Span(
                max([one for one in starts if one <= at + 0.002], default=at), at + 0.002
            ),
        )
        wrong += self.shift.log.missing(posts, time.time())
        self.judged = len(posts)
        if wrong:
            print("found:", wrong, *self.story, sep="\n  ", file=sys.stderr, flush=True)
            raise Found("; ".join(wrong))

    def teardown(self) -> None:
        """One last time; then everybody leaves."""
        try:
            self.send(0, 0, 0)
        finally:
            self.counts["sequences"] += 1
            self.counts["steps"] -= 1
            self.counts["posts of ours on X"] += len(self.shift.posts(self.since))
            self.counts["drafts"] += len(self.shift.log.tickets)
            self.counts["approvals"] += sum(len(one) for one in self.shift.log.approvals.values())
            self.shift.dismiss()
        if self.counts["sequences"] % 10 == 0:
            print(
                f"{self.counts['sequences']} sequences, {self.counts['steps']} steps",
                file=sys.stderr,
                flush=True,
            )


def machine_for(office: Office, counts: dict) -> type[RuleBasedStateMachine]:
    """Return the state machine over this office; what it does is counted in `counts`."""
    desk = type("Desk", (Work,), {"office": office, "counts": counts})
    for number in range(3):
        setattr(desk, f"send_{number}", send_as_rule())
    for name, weight in WEIGHTS.items():
        for number in range(max(1, round(weight / 3)) if name != "write" else 1):
            setattr(desk, f"{name}_{number}", act_as_rule(name, number))
    return desk


def send_as_rule():
    """Return a run of the sender as a rule."""
    return rule(who=NUMBER, which=NUMBER, how=NUMBER)(
        lambda self, who, which, how: self.send(who, which, how)
    )


def act_as_rule(name: str, number: int):
    """Return an act as a rule; likelier ones stand there several times."""

    def act(self, who: int, which: int, how: int) -> None:
        self.act(name, who, which, how)

    act.__name__ = act.__qualname__ = f"{name}_{number}"
    decorated = rule(who=NUMBER, which=NUMBER, how=NUMBER)(act)
    if name == "write":
        return decorated
    return precondition(lambda self: bool(self.shift.threads))(decorated)
