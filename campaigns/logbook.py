"""Keep the logbook of the workflow campaigns.

Who did what and who was entitled when; and the judge that holds X's history against it.

Nothing here asks the desk. Every act is a span: it began with the call and was done
with the answer, so that of two spans that overlap nobody knows the order. A reply is a
violation only where no order of the overlapping acts allows it; a reply is missing only
where every order demands it.
"""

import math
import threading
from collections import defaultdict
from dataclasses import dataclass, field

LEADS = {"lead", "deputy"}
EARLIER = 0.002  # seconds: X's history has milliseconds


@dataclass(frozen=True)
class Span:
    """From the call to the answer, in seconds of this machine's clock.

    Without an answer it has no end.
    """

    begin: float
    end: float = math.inf

    def before(self, other: "Span") -> bool:
        """Surely before the other."""
        return self.end < other.begin


@dataclass
class Membership:
    """A role in a department."""

    person: str
    department: int
    role: str
    opened: Span
    closed: Span | None = None
    giver: str = ""  # empty: by command
    # "confirmed" and "refused", each by a second person
    words: list[tuple[str, Span]] = field(default_factory=list)

    def counts(self, at: Span, *, surely: bool) -> bool:
        """Whether a second person had confirmed it then, or it was set up by command.

        In these campaigns there is always a second person.
        """
        if not self.giver:
            return True
        refused = [span for word, span in self.words if word == "refused"]
        for word, span in list(self.words):
            if word != "confirmed":
                continue
            if (
                surely
                and span.before(at)
                and all(one.before(span) or at.before(one) for one in refused)
            ):
                return True
            if (
                not surely
                and span.begin <= at.end
                and not any(span.before(one) and one.before(at) for one in refused)
            ):
                return True
        return False

    def open(self, at: Span, *, surely: bool) -> bool:
        """Whether it was open then: throughout (`surely`), or perhaps at some moment of it."""
        if surely:
            return self.opened.before(at) and (self.closed is None or at.before(self.closed))
        return self.opened.begin <= at.end and (self.closed is None or not self.closed.before(at))


@dataclass
class Text:
    """A revision: what was submitted or corrected."""

    draft: int
    number: int
    words: str
    writer: str
    span: Span
    target: int = 0


@dataclass
class Approval:
    """Somebody approved or countersigned these words, having read draft and context at `seen`."""

    draft: int
    words: str
    endorser: str
    seen: Span
    span: Span


@dataclass
class Escalation:
    """Opened, and perhaps closed."""

    opened: Span
    closed: Span | None = None


@dataclass
class Logbook:
    """Hold departments with parents and policies, and people with roles.

    And what became of every ticket and draft.
    """

    parents: dict[int, int | None]
    colleagues: set[int]
    memberships: dict[str, list[Membership]] = field(default_factory=lambda: defaultdict(list))
    away: dict[str, Span] = field(default_factory=dict)
    access: list[tuple[str, str, Span]] = field(default_factory=list)
    # Two persons that turned out to be one
    links: list[tuple[str, str, Span]] = field(default_factory=list)
    owners: dict[int, int] = field(default_factory=dict)  # by ticket: the department of its account
    # Words about roles that the desk must not have taken
    odd: list[str] = field(default_factory=list)
    departments: dict[int, list[tuple[int, Span]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    moves: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    escalations: dict[int, list[Escalation]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[int, list[Text]] = field(default_factory=lambda: defaultdict(list))
    approvals: dict[int, list[Approval]] = field(default_factory=lambda: defaultdict(list))
    ended: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    tickets: dict[int, int] = field(default_factory=dict)
    words: dict[str, Text] = field(default_factory=dict)
    # By post: the desk looks at the one that it answers
    moves_on_x: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    # Tickets of which the customer changed a post; when the desk notices, nobody knows
    changed_on_x: set[int] = field(default_factory=set)
    said: dict[int, list[dict]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.RLock = field(default_factory=threading.RLock)

    # what is written down

    def note_text(self, text: Text) -> None:
        """A revision, once; its words belong to no other draft."""
        with self.lock:
            if text.words not in self.words:
                self.words[text.words] = text
                self.texts[text.draft].append(text)

    def close_roles(self, person: str, span: Span) -> None:
        """Everything this person was, ends."""
        with self.lock:
            for one in self.memberships[person]:
                one.closed = one.closed or span

    # the rule, once more and by other hands than the desk's

    def chain(self, department: int) -> list[int]:
        """The department and its parents."""
        found = [department]
        while (above := self.parents[found[-1]]) is not None:
            found.append(above)
        return found

    def side(self, one: Membership, department: int, owner: int) -> str:
        """What this membership is worth in the department, on an account of the owner.

        `lead`, `reviewer`, or nothing.
        """
        if one.role in LEADS and one.department in self.chain(department):
            return "lead"
        if one.department == department and (
            one.role == "reviewer"
            or (one.role == "agent" and {department, owner} <= self.colleagues)
        ):
            return "reviewer"
        return ""

    def sides(self, person: str, ticket: int, at: Span, *, surely: bool) -> set[str]:
        """What the person may have been worth in the ticket's department then.

        `surely`: what they were worth throughout.
        """
        held = [
            one
            for one in self.memberships[person]
            if one.open(at, surely=surely) and one.counts(at, surely=surely)
        ]
        found = [
            {self.side(one, department, self.owners.get(ticket, department)) for one in held} - {""}
            for department in self.possible(ticket, at)
        ]
        return set.intersection(*found) if surely else set.union(*found)

    def possible(self, ticket: int, at: Span) -> list[int]:
        """The departments where the ticket may have been then."""
        stays = self.departments[ticket]
        return [
            department
            for place, (department, since) in enumerate(stays)
            if since.begin <= at.end
            and not (place + 1 < len(stays) and stays[place + 1][1].before(at))
        ]

    def escalated(self, ticket: int, at: Span, *, surely: bool) -> bool:
        """Whether an escalation was open throughout (`surely`) or perhaps at some moment."""
        if surely:
            return any(
                one.opened.before(at) and (one.closed is None or at.before(one.closed))
                for one in self.escalations[ticket]
            )
        return any(
            one.opened.begin <= at.end and (one.closed is None or not one.closed.before(at))
            for one in self.escalations[ticket]
        )

    def rows(self, person: str, at: Span, duty: bool) -> set[str]:
        """Every row of this human being then: surely known, or (`duty`) perhaps."""
        found = {person}
        known = [
            (one, other)
            for one, other, span in self.links
            if (span.begin <= at.end if duty else span.before(at))
        ]
        while more := {name for pair in known if found & set(pair) for name in pair} - found:
            found |= more
        return found

    def note_word(
        self, membership: Membership, by: str, word: str, span: Span, *, has_power: bool
    ) -> None:
        """What somebody said about a role, and whether the desk was right to take it."""
        with self.lock:
            membership.words.append((word, span))
            own = self.rows(by, span, duty=False)
            if (
                not membership.giver
                or membership.giver in own
                or membership.person in own
                or not has_power
            ):
                self.odd.append(
                    f"{by} {word} the {membership.role} role of {membership.person}, given by "
                    f"{membership.giver or 'command'}"
                )

    def fault(self, text: Text, at: Span, *, duty: bool = False) -> str:
        """Why this text must not have been put on its way at `at`.

        Empty if some approval may have carried it there.

        `duty` asks the stricter question whether it had to be: every doubt then speaks against.
        """
        later = [one for one in self.texts[text.draft] if one.number > text.number]
        if later:
            return "a newer text stands"
        found = [
            self.fault_of(one, text, at, duty)
            for one in self.approvals[text.draft]
            if one.words == text.words
        ]
        if "" in found:
            return ""
        return found[-1] if found else "nobody approved these words"

    def fault_of(self, given: Approval, text: Text, at: Span, duty: bool) -> str:
        """Why this approval does not carry the text."""
        ticket = self.tickets[text.draft]
        endorser, writer = self.rows(given.endorser, at, duty), self.rows(text.writer, at, duty)
        if endorser & writer:
            return "one person wrote and approved"
        if given.span.begin > at.end or (duty and not given.span.before(at)):
            return "approved later"
        if self.any_after(self.ended[text.draft], given.span, duty):
            return "the approval had been taken back"
        if self.moved(self.moves[ticket] + self.moves_on_x[text.target], given, at, duty):
            return "the context_version had moved"
        people = (given.endorser, text.writer)
        if any(person in self.away and (duty or self.away[person].before(at)) for person in people):
            return "one of the two was switched off"
        if any(
            (duty or span.before(at))
            and any(
                setter in one and subject in other
                for one, other in ((endorser, writer), (writer, endorser))
            )
            for setter, subject, span in self.access
        ):
            return "one had set the other's access"
        return self.fault_of_right(given, text, ticket, at, duty)

    def fault_of_right(self, given: Approval, text: Text, ticket: int, at: Span, duty: bool) -> str:
        """Say whether the one who must be entitled was so.

        That is the endorser, or the writer of a countersigned text; when deciding and at the
        moment of sending.
        """
        own = {given.endorser} if duty else self.rows(given.endorser, at, True)
        earlier = any(
            one.writer in own and one.number < text.number for one in self.texts[text.draft]
        )
        for moment, when in ((given.span, "deciding"), (at, "sending")):
            endorser = self.sides(given.endorser, ticket, moment, surely=duty)
            writer = self.sides(text.writer, ticket, moment, surely=duty) if earlier else set()
            if self.escalated(ticket, moment, surely=not duty):
                if "lead" not in endorser | writer:
                    return f"escalated and without the lead when {when}"
            elif not endorser | writer:
                return f"not entitled when {when}"
        if not any(
            one.open(given.span, surely=duty) and one.open(at, surely=duty)
            for one in self.memberships[given.endorser]
        ):
            return "the right under which it was approved had ended"
        return ""

    @staticmethod
    def any_after(spans: list[Span], given: Span, duty: bool) -> bool:
        """Whether one of the spans came after the approval: surely, or (`duty`) perhaps."""
        return any(not one.before(given) if duty else given.before(one) for one in spans)

    @staticmethod
    def moved(moves: list[Span], given: Approval, at: Span, duty: bool) -> bool:
        """Whether the context version moved after the endorser had read it."""
        if duty:
            return any(not one.before(given.seen) for one in moves)
        return any(given.seen.before(one) and one.before(at) for one in moves)

    # the judge

    def judge(self, posts: list[dict], moment_of) -> list[str]:
        """Hold our posts on X that were not judged yet against the logbook.

        Each has `at` in ms, `reply_to` and `bare` text. Returned is what must not be.
        """
        wrong = []
        for post in sorted(posts, key=lambda one: one["at"]):
            text = self.words.get(post["bare"])
            if text is None:
                wrong.append(f"altered or unapproved: {post['bare']!r} was never submitted")
                continue
            self.said[text.draft].append(post)
            if len(self.said[text.draft]) > 1:
                wrong.append(
                    f"twice: draft {text.draft}: {len(self.said[text.draft])} replies stand on X"
                )
            at = moment_of(post["at"] / 1000)
            if post["reply_to"] != text.target:
                wrong.append(
                    f"altered: draft {text.draft} answers {post['reply_to']} in place of "
                    f"{text.target}"
                )
            if why := self.fault(text, at):
                wrong.append(f"unapproved: draft {text.draft} ({text.words!r}): {why}")
            for one in self.escalations[self.tickets[text.draft]]:
                if one.closed is None and one.opened.begin <= at.end:
                    one.closed = Span(post["at"] / 1000 - EARLIER)
        return wrong

    def missing(self, posts: list[dict], now: float) -> list[str]:
        """Replies that every order of the acts demands and X does not show."""
        said, at = {post["bare"] for post in posts}, Span(now, now)
        found = []
        for draft, texts in self.texts.items():
            newest = max(texts, key=lambda one: one.number)
            ticket = self.tickets[draft]
            done = any(
                one.words in said
                for other, known in self.texts.items()
                if self.tickets[other] == ticket
                for one in known
            )
            if (
                not done
                and ticket not in self.changed_on_x
                and not self.fault(newest, at, duty=True)
            ):
                found.append(f"lost: draft {draft} is approved and was not said")
        return found
