"""A dozen people in three departments who work through the HTTP API, and customers on X.

Every act takes three numbers and writes the logbook.

`who` names an actor, `which` one of the newest tickets, `how` a variant; so a machine
of Hypothesis and a thread with a random generator play the same acts. What the desk
refuses is counted, never judged: judged is only what stands on X.
"""

import http.client
import itertools
import json
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

from campaigns.logbook import Approval, Escalation, Logbook, Membership, Span, Text

ACCOUNTS = [("AmselnetzHilfe", 901), ("AmselnetzBiz", 902), ("AmselnetzField", 903)]
CAST = [
    ("agent", 0),
    ("agent", 0),
    ("reviewer", 0),
    ("lead", 0),
    ("deputy", 0),
    ("agent", 1),
    ("agent", 1),
    ("lead", 1),
    ("agent", 2),
    ("agent", 2),
    ("reviewer", 2),
    ("reviewer", 2),
]
TWICE = (0, 2, 7)  # these people have two sign-ins
NEAR = 16  # so many of the newest tickets are worked on at once
_numbers = itertools.count(1)


@dataclass
class Actor:
    """A sign-in of a person, with its token."""

    person: str
    key: str
    user: int
    person_id: int


@dataclass
class Thread:
    """A conversation on X with its ticket."""

    number: int
    ticket: int
    account: int
    conversation: int
    customer: str


class NoAnswer(Exception):
    """The desk failed to answer, or answered that it is broken."""


def letters(number: int) -> str:
    """Initials of four letters, each number its own (up to 456,975)."""
    return "".join(chr(97 + number // 26**place % 26) for place in (3, 2, 1, 0))


class Office:
    """Departments and accounts, once; people, for each run anew."""

    def make_departments(self):
        """Make three departments, each with a policy of its own."""
        from people.models import Department
        from people.roles import ReviewPolicy

        first = Department.objects.create(name_en="Customer Service", name_de="Kundenservice")
        second = Department.objects.create(
            name_en="Business Customers",
            name_de="Geschäftskunden",
            parent=first,
            review_policy=ReviewPolicy.COLLEAGUES,
        )
        third = Department.objects.create(
            name_en="Field Service", name_de="Technik vor Ort", parent=second
        )
        self.departments = [first, second, third]

    def __init__(self, world) -> None:
        from core.channel import acting_through
        from people.identity import persons, provisioning
        from people.memberships import memberships
        from people.roles import Role
        from tickets.accounts import accounts

        self.world, self.count, self.lines, self.answers = (
            world,
            Counter(),
            threading.local(),
            Counter(),
        )
        world.x.control("limits", on=False)
        world.x.control("duplicates", on=False)
        self.make_departments()
        self.accounts = {}
        for (handle, number), department in zip(ACCOUNTS, self.departments, strict=True):
            world.x.control("users", username=handle, name=handle, account=True, id=number)
            self.accounts[number] = accounts.connect(
                external_id=str(number),
                handle=handle,
                name=handle,
                department=department,
                credentials={"bearer_token": f"sim-{number}"},
            )
        # Somebody stays, or the last shift could not leave
        with acting_through("command:campaign"):
            keeper = persons.add_person("Keeper")
            provisioning.add_sign_in("keeper", person=keeper)
            memberships.give_role(keeper, role=Role.ADMINISTRATOR, department=None)
        for number in range(40):
            world.x.control("users", username=f"customer{number}", name=f"Customer {number}")
        self.ports = [world.port]

    def hire(self) -> "Shift":
        """Twelve new people, some of them with two sign-ins, and an administrator.

        With an empty logbook.
        """
        return Shift(self)

    def call(
        self, key: str, method: str, path: str, body: dict | None = None
    ) -> tuple[int, dict, Span]:
        """One call of the API: status, JSON, span. Raises NoAnswer where the desk is broken."""
        port = self.ports[next(_numbers) % len(self.ports)]
        lines = self.lines.__dict__
        began = time.time()
        for again in (True, False):
            line = lines.get(port) or http.client.HTTPConnection("127.0.0.1", port, timeout=90)
            lines[port] = line
            try:
                line.request(
                    method,
                    f"/api/v1/{path}",
                    None if body is None else json.dumps(body),
                    {"Authorization": f"Token {key}", "Content-Type": "application/json"},
                )
                answer = line.getresponse()
                text = answer.read()
                break
            except (
                http.client.RemoteDisconnected,
                BrokenPipeError,
                ConnectionResetError,
            ) as closed:
                line.close()  # an idle line that the server closed; the call was not taken
                lines.pop(port)
                if not again:
                    raise NoAnswer(f"{method} {path}: {closed!r}") from closed
        self.answers[answer.status] += 1
        if answer.status >= 500:
            raise NoAnswer(f"{method} {path}: {answer.status} {text[:200]!r}")
        return answer.status, json.loads(text or b"null"), Span(began, time.time())


class Shift:
    """The people of one run, and what they do."""

    def __init__(self, office: Office) -> None:
        self.office, self.world, self.count = office, office.world, office.count
        self.log = Logbook(
            {one.pk: one.parent_id for one in office.departments}, {office.departments[1].pk}
        )
        self.threads: list[Thread] = []
        self.near = NEAR
        self.actors: list[Actor] = []
        with self.by_command():
            self.hire()

    @contextmanager
    def by_command(self):
        """What administration does, since nobody sets people up over HTTP yet."""
        from core.channel import acting_through

        with acting_through("command:campaign"):
            yield

    @contextmanager
    def span(self):
        """Measure; the span is in the list afterwards."""
        found: list[Span] = []
        began = time.time()
        yield found
        found.append(Span(began, time.time()))

    def hire(self) -> None:
        """People with roles, sign-ins, tokens."""
        from people.identity import persons, provisioning
        from people.identity.tokens import issue
        from people.memberships import memberships
        from people.roles import Role

        for place, (role, department) in enumerate([*CAST, ("administrator", None)]):
            number = next(_numbers)
            with self.span() as spans:
                person = persons.add_person(f"P{number}", initials=letters(number))
                where = None if department is None else self.office.departments[department]
                memberships.give_role(person, role=Role(role), department=where)
            if where is not None:
                self.log.memberships[person.name].append(
                    Membership(person.name, where.pk, role, spans[0])
                )
            first = None
            for second in range(2 if place in TWICE else 1):
                user = provisioning.add_sign_in(f"p{number}-{second}", person=person, by=first)
                first = first or user
                self.actors.append(
                    Actor(person.name, issue(user, name="campaign"), user.pk, person.pk)
                )

        self.promote(self.actors[0], 0)
        self.promote(
            next(one for one in self.actors if one.person_id != self.actors[0].person_id), 0
        )

    def promote(self, actor: Actor, department: int) -> None:
        """The administrator gives a role that endorses; it waits for a second person's word."""
        from people.memberships import memberships
        from people.models import Person, User
        from people.roles import Role

        where, giver = self.office.departments[department], self.actors[-1]
        with self.span() as spans:
            memberships.give_role(
                Person.objects.get(pk=actor.person_id),
                role=Role.REVIEWER,
                department=where,
                invited_by=User.objects.get(pk=giver.user),
            )
        self.log.memberships[actor.person].append(
            Membership(actor.person, where.pk, "reviewer", spans[0], giver=giver.person)
        )

    def dismiss(self) -> None:
        """Everybody leaves."""
        from core.database.guards import DeskNow
        from people.models import Membership as Row

        Row.objects.filter(
            person__in=[one.person_id for one in self.actors], ended_at__isnull=True
        ).update(ended_at=DeskNow())

    # whom and what the numbers mean

    def actor(self, who: int, thread: Thread | None = None) -> Actor:
        """Somebody; with a ticket, mostly one of those who have to do with its department."""
        if thread and who % 5:
            above = self.log.chain(self.log.departments[thread.ticket][-1][0])
            near = [
                one
                for one in self.actors
                if any(
                    role.closed is None
                    and (
                        role.department == above[0]
                        or (role.department in above and role.role in {"lead", "deputy"})
                    )
                    for role in self.log.memberships[one.person]
                )
            ]
            if near:
                return near[who % len(near)]
        # Who was switched off tries now and then
        here = [one for one in self.actors if one.person not in self.log.away or who % 50 == 1]
        return here[who % len(here)]

    def entitled(self, who: int, thread: Thread, writer: str) -> Actor | None:
        """Somebody who may probably decide on this person's words."""
        now, difficult = (
            Span(time.time(), time.time()),
            any(one.closed is None for one in self.log.escalations[thread.ticket]),
        )
        wanted = {"lead"} if difficult else {"lead", "reviewer"}
        can = [
            one
            for one in self.actors
            if one.person != writer
            and self.log.sides(one.person, thread.ticket, now, surely=False) & wanted
        ]
        return can[who % len(can)] if can else None

    def thread(self, which: int, *, written: bool = False) -> Thread | None:
        """One of the newest tickets; `written`: mostly one for which a text was submitted."""
        near = self.threads[-self.near :]
        if written and which % 5:
            texts = {self.log.tickets[draft] for draft in list(self.log.texts)}
            near = [one for one in near if one.ticket in texts] or near
        return near[which // 5 % len(near)] if near else None

    def named(self, person: str) -> Actor:
        """The first sign-in of a person."""
        return next(one for one in self.actors if one.person == person)

    def fresh(self) -> str:
        """Words that nobody used before."""
        return f"Hello, answer {next(_numbers)}: unplug it and wait."

    def call(
        self, act: str, actor: Actor, method: str, path: str, **body
    ) -> tuple[int, dict, Span]:
        """A call, counted."""
        status, answer, span = self.office.call(
            actor.key, method, path, None if method == "GET" else body
        )
        if act:
            self.count[f"{act}: {'done' if status < 300 else 'refused'}"] += 1
        return status, answer, span

    def draft_of(self, thread: Thread, actor: Actor) -> tuple[dict | None, Span]:
        """The newest draft of a ticket as this actor reads it, with the moment of reading.

        None if they see none.
        """
        known = [
            draft for draft, ticket in list(self.log.tickets.items()) if ticket == thread.ticket
        ]
        if not known:
            return None, Span(0, 0)
        status, draft, span = self.call("", actor, "GET", f"drafts/{max(known)}/")
        return (draft if status == 200 else None), span

    def read(self, who: int, which: int) -> tuple[Thread | None, Actor, dict | None]:
        """A ticket, somebody, and the newest draft as they read it."""
        thread = self.thread(which, written=True)
        actor = self.actor(who, thread)
        return thread, actor, self.draft_of(thread, actor)[0] if thread else None

    def note_drafts(self, thread: Thread, draft: dict) -> None:
        """A draft that was opened or joined."""
        with self.log.lock:
            self.log.tickets.setdefault(draft["id"], thread.ticket)

    def note_texts(self, draft: dict, writer: str, words: str, span: Span) -> None:
        """The revision that this call froze, found in the answer by its words."""
        for one in draft["revisions"]:
            if words in one["text"]:
                self.log.note_text(
                    Text(
                        draft["id"],
                        one["number"],
                        one["text"],
                        writer,
                        span,
                        self.target(one["sha256"]),
                    )
                )

    def target(self, sha256: str) -> int:
        """Which post a revision answers, by its first id.

        It is part of what was submitted and hashed.
        """
        from approvals.models import Revision
        from tickets.models import PostVersion

        named = Revision.objects.get(sha256=sha256).content["target"]
        versions = PostVersion.objects.filter(external_id=named)
        return int(versions.values_list("mention__external_id", flat=True).first() or named)

    def act_write(self, who: int, which: int, how: int) -> None:
        """A customer writes, mostly something new; it is taken in."""
        thread = self.thread(which)
        with self.span() as spans:
            if how % 4 == 0 and thread:
                handle = next(handle for handle, number in ACCOUNTS if number == thread.account)
                with self.suppress_x():
                    post = self.world.x.control(
                        "posts",
                        username=thread.customer,
                        text=f"@{handle} one more thing {next(_numbers)}",
                        reply_to=thread.conversation,
                    )
                    self.ingest(thread.account, [post["id"]])
                    self.count["customer wrote again"] += 1
            else:
                handle, number = ACCOUNTS[how % 3]
                customer = f"customer{next(_numbers) % 40}"
                post = self.world.x.control(
                    "posts", username=customer, text=f"@{handle} question {next(_numbers)}"
                )
                thread = None
                taken = self.ingest(number, [post["id"]])
        if thread:
            self.log.moves[thread.ticket].append(spans[0])
        else:
            for ticket in taken:
                self.log.departments[ticket.pk].append((ticket.department_id, Span(0, 0)))
                self.log.owners[ticket.pk] = self.office.accounts[number].department_id
                self.threads.append(Thread(ticket.number, ticket.pk, number, post["id"], customer))
            self.count["customer wrote"] += 1

    @contextmanager
    def suppress_x(self):
        """What X refuses to a customer (the post is gone) did not happen."""
        import urllib.error

        try:
            yield
        except urllib.error.HTTPError:
            self.count["customer was refused by X"] += 1

    def ingest(self, account: int, ids: list[int]) -> list:
        """As the feed would."""
        from tickets.accounts.credentials import client_for
        from tickets.ingestion.intake import ingest
        from tickets.models import Ticket

        row = self.office.accounts[account]
        client = client_for(row)
        try:
            taken = ingest(client.posts(ids).page(), row)
        finally:
            client.close()
        return list(Ticket.objects.filter(pk__in=taken.tickets))

    def act_edit_on_x(self, who: int, which: int, how: int) -> None:
        """The customer edits the post, or (seldom) deletes it.

        Only X knows until the desk looks.
        """
        if not (thread := self.thread(which)):
            return
        handle = next(handle for handle, number in ACCOUNTS if number == thread.account)
        with self.span() as spans, self.suppress_x():
            if how % 5 == 0:
                self.world.x.control("deletions", id=thread.conversation)
                self.count["customer deleted"] += 1
            else:
                self.world.x.control(
                    "edits",
                    id=thread.conversation,
                    text=f"@{handle} I meant something else {next(_numbers)}",
                )
                self.count["customer edited"] += 1
        self.log.moves_on_x[thread.conversation].append(spans[0])
        self.log.changed_on_x.add(thread.ticket)

    # agents

    def act_answer(self, who: int, which: int, how: int) -> None:
        """Begin a reply, or join the open one; mostly submit it."""
        if not (thread := self.thread(which)):
            return
        actor = self.actor(who, thread)
        status, draft, _span = self.call("open", actor, "POST", f"tickets/{thread.number}/drafts/")
        if status != 201:
            return
        self.note_drafts(thread, draft)
        if how % 4:
            self.submit(
                thread, draft, actor if how % 8 == 1 else self.named_or(draft["writer"], actor)
            )

    def named_or(self, person: str, actor: Actor) -> Actor:
        """The sign-in of this person, if it is one of the shift."""
        return next((one for one in self.actors if one.person == person), actor)

    def submit(self, thread: Thread, draft: dict, actor: Actor) -> None:
        """Freeze new words."""
        words = self.fresh()
        status, answer, span = self.call(
            "submit",
            actor,
            "POST",
            f"drafts/{draft['id']}/submit/",
            text=words,
            context_version=draft["context_version"],
        )
        if status == 200:
            self.note_texts(answer, actor.person, words, span)

    def act_submit(self, who: int, which: int, how: int) -> None:
        """New words into the newest draft, also while it is in review or approved."""
        thread, actor, draft = self.read(who, which)
        if draft:
            self.submit(
                thread, draft, actor if how % 4 == 0 else self.named_or(draft["writer"], actor)
            )

    def act_withdraw(self, who: int, which: int, how: int) -> None:
        """The writer, or somebody else who tries."""
        _thread, actor, draft = self.read(who, which)
        if draft:
            actor = actor if how % 3 == 0 else self.named_or(draft["writer"], actor)
            status, _answer, span = self.call(
                "withdraw", actor, "POST", f"drafts/{draft['id']}/withdraw/"
            )
            if status == 200:
                self.log.ended[draft["id"]].append(span)

    def act_take_over(self, who: int, which: int, how: int) -> None:
        """Go on with a colleague's draft."""
        _thread, actor, draft = self.read(who, which)
        if draft:
            self.call("take over", actor, "POST", f"drafts/{draft['id']}/take-over/")

    # decisions

    def act_approve(self, who: int, which: int, how: int) -> None:
        """Approve or countersign what one read.

        Now and then with a stale or foreign hash or context version.
        """
        if not (thread := self.thread(which, written=True)):
            return
        actor = self.actor(who, thread)
        draft, seen = self.draft_of(thread, actor)
        if not draft or not draft["revisions"]:
            return
        if how % 5 == 0:  # countersign: who wrote an earlier revision
            actor = self.named_or(draft["revisions"][0]["person"], actor)
        elif how % 3:
            actor = self.entitled(who, thread, draft["revisions"][-1]["person"]) or actor
        shown = draft["revisions"][-1]
        stale = draft["revisions"][0]
        named = {"sha256": shown["sha256"], "context_version": draft["context_version"]}
        if how % 16 == 7:
            named = {"sha256": stale["sha256"], "context_version": draft["context_version"]}
        elif how % 16 == 9:
            named = {
                "sha256": shown["sha256"],
                "context_version": max(1, draft["context_version"] - 1),
            }
        elif how % 16 == 11:
            named = {"sha256": "0" * 64, "context_version": draft["context_version"]}
        verb = "countersign" if how % 5 == 0 else "approve"
        status, answer, span = self.call(
            verb, actor, "POST", f"drafts/{draft['id']}/{verb}/", **named
        )
        if status == 200:
            self.note_approval(answer, actor, named["sha256"], seen, span)

    def note_approval(self, draft: dict, actor: Actor, sha256: str, seen: Span, span: Span) -> None:
        """The approval, unless the answer only repeats one that is known already."""
        revision = next(one for one in draft["revisions"] if one["sha256"] == sha256)
        with self.log.lock:
            known = [
                one
                for one in self.log.approvals[draft["id"]]
                if one.words == revision["text"] and one.endorser == actor.person
            ]
            given = [
                one
                for one in revision["reviews"]
                if one["person"] == actor.person and one["decision"] == "approve"
            ]
            if len(given) > len(known):
                self.log.approvals[draft["id"]].append(
                    Approval(draft["id"], revision["text"], actor.person, seen, span)
                )

    def act_return(self, who: int, which: int, how: int) -> None:
        """Request changes or reject."""
        _thread, actor, draft = self.read(who, which)
        if draft and draft["revisions"]:
            verb = "reject" if how % 4 == 0 else "request-changes"
            self.call(
                verb,
                actor,
                "POST",
                f"drafts/{draft['id']}/{verb}/",
                sha256=draft["revisions"][-1]["sha256"],
                context_version=draft["context_version"],
                comment="Please say it shorter.",
            )

    def act_correct(self, who: int, which: int, how: int) -> None:
        """Change the words oneself."""
        thread, actor, draft = self.read(who, which)
        if draft and draft["revisions"]:
            words = self.fresh()
            actor = (
                self.entitled(who, thread, draft["revisions"][-1]["person"]) or actor
                if how % 3
                else actor
            )
            status, answer, span = self.call(
                "correct",
                actor,
                "POST",
                f"drafts/{draft['id']}/correct/",
                text=words,
                sha256=draft["revisions"][-1]["sha256"],
                context_version=draft["context_version"],
            )
            if status == 200:
                self.note_texts(answer, actor.person, words, span)

    def act_revoke(self, who: int, which: int, how: int) -> None:
        """Who approved takes it back; now and then somebody else tries."""
        _thread, actor, draft = self.read(who, which)
        if draft and draft["revisions"]:
            given = [
                one["person"]
                for one in draft["revisions"][-1]["reviews"]
                if one["decision"] == "approve"
            ]
            actor = self.named_or(given[-1], actor) if given and how % 4 else actor
            status, _answer, span = self.call(
                "revoke", actor, "POST", f"drafts/{draft['id']}/revoke/"
            )
            if status == 200:
                self.log.ended[draft["id"]].append(span)

    # the ticket

    def act_escalate(self, who: int, which: int, how: int) -> None:
        """To the lead."""
        if thread := self.thread(which):
            status, _answer, span = self.call(
                "escalate",
                self.actor(who, thread),
                "POST",
                f"tickets/{thread.number}/escalate/",
                reason="Difficult.",
            )
            if status == 200:
                with self.log.lock:
                    self.log.escalations[thread.ticket].append(Escalation(span))
                    self.log.moves[thread.ticket].append(span)

    def act_hand_back(self, who: int, which: int, how: int) -> None:
        """From the lead."""
        if thread := self.thread(which):
            status, _answer, span = self.call(
                "hand back",
                self.actor(who, thread),
                "POST",
                f"tickets/{thread.number}/hand-back/",
                reason="You can do it.",
            )
            if status == 200:
                for one in self.log.escalations[thread.ticket]:
                    one.closed = one.closed or span

    def act_hand_off(self, who: int, which: int, how: int) -> None:
        """To another department."""
        if thread := self.thread(which):
            to = self.office.departments[how % 3].pk
            status, _answer, span = self.call(
                "hand off",
                self.actor(who, thread),
                "POST",
                f"tickets/{thread.number}/hand-off/",
                department=to,
                note="Yours.",
            )
            if status == 200:
                with self.log.lock:
                    self.log.departments[thread.ticket].append((to, span))
                    self.log.moves[thread.ticket].append(span)

    def act_work(self, who: int, which: int, how: int) -> None:
        """What else is done with a ticket; none of it may matter to a reply."""
        if not (thread := self.thread(which)):
            return
        verb, body = [
            ("take", {}),
            ("notes", {"text": "Rang them."}),
            ("priority", {"priority": "high"}),
            ("tags", {"tags": ["router"]}),
            ("resolve", {"reason": "done"}),
            ("reopen", {}),
            ("snooze", {"until": "2030-01-01T00:00:00Z"}),
        ][how % 7]
        self.call(verb, self.actor(who, thread), "POST", f"tickets/{thread.number}/{verb}/", **body)

    # administration

    def give_or_set(self, which: int, how: int, actor, person, department):
        """Give somebody a role, as a colleague, an administrator or the command."""
        from people import access_changes
        from people.memberships import memberships
        from people.models import User
        from people.roles import Role

        role = ["agent", "reviewer", "lead", "reviewer"][how % 4]
        setter = self.actor(which // 5)
        by = (
            User.objects.get(pk=setter.user)
            if how % 3 == 0 and setter.person != actor.person and self.may_set_access()
            else None
        )
        # The administrator gives it, and a second person confirms it or not
        giver = self.actors[-1] if by is None and how % 2 else None
        if not person.membership_set.filter(
            ended_at=None, department=department, role=role
        ).exists():
            with self.span() as spans:
                memberships.give_role(
                    person,
                    role=Role(role),
                    department=department,
                    invited_by=User.objects.get(pk=giver.user) if giver else None,
                )
                access_changes.note_access_change(person, kind="role", by=by)
            self.log.memberships[actor.person].append(
                Membership(
                    actor.person,
                    department.pk,
                    role,
                    spans[0],
                    giver=giver.person if giver else "",
                )
            )
            self.count["role given by the administrator" if giver else "role given"] += 1
            if by:
                self.log.access.append((setter.person, actor.person, spans[0]))
                self.count["access set by a colleague"] += 1

    def end_a_role(self, actor, person):
        """End the first open role of this person."""
        from people.memberships import memberships

        row = person.membership_set.filter(ended_at=None, department__isnull=False).first()
        if row:
            with self.span() as spans:
                memberships.end_role(row)
            for one in self.log.memberships[actor.person]:
                if one.closed is None and (one.department, one.role) == (
                    row.department_id,
                    row.role,
                ):
                    one.closed = spans[0]
            self.count["role ended"] += 1

    def act_role(self, who: int, which: int, how: int) -> None:
        """Somebody gets a role, or loses what they have.

        Seldom one is switched off, or one sets another's access.
        """
        from people.memberships import memberships
        from people.models import Person

        actor = self.actors[who % (len(self.actors) - 1)]  # the administrator stays nothing else
        person = Person.objects.get(pk=actor.person_id)
        department = self.office.departments[which % 3]
        with self.by_command():
            if how % 10 < 5:
                self.end_a_role(actor, person)
            elif how % 10 < 9:
                self.give_or_set(which, how, actor, person, department)
            elif self.may_switch_off(actor.person):
                with self.span() as spans:
                    memberships.deactivate(person)
                self.log.close_roles(actor.person, spans[0])
                self.log.away[actor.person] = spans[0]
                self.count["switched off"] += 1

    def who_says_it(self, who: int, how: int):
        """Choose who says the word."""
        leads = [
            one
            for one in self.actors
            if any(
                role.role == "lead" and role.closed is None
                for role in self.log.memberships[one.person]
            )
        ]
        actor = (
            (leads or self.actors)[who % len(leads or self.actors)]
            if how % 4
            else self.actors[who % len(self.actors)]
        )
        return actor

    def note_the_word(self, about, actor, word, spans, said):
        """Note the word with whoever may have had the power to say it."""
        power = any(
            one.role == "lead"
            and one.department in self.log.chain(about.department)
            and one.open(spans[0], surely=False)
            and one.counts(spans[0], surely=False)
            for one in self.log.memberships[actor.person]
        )
        self.log.note_word(about, actor.person, said.word, spans[0], has_power=power)
        self.count[f"word about a role: {word}"] += 1

    def act_word(self, who: int, which: int, how: int) -> None:
        """Somebody says a word about a role that the administrator gave.

        Who may, and often who may not.
        """
        from core.errors import DeskError
        from people.memberships import endorsement
        from people.models import Membership as Row
        from people.models import User

        given = [
            one
            for held in list(self.log.memberships.values())
            for one in held
            if one.giver and one.closed is None
        ]
        if not given:
            return
        about = given[which % len(given)]
        actor = self.who_says_it(who, how)
        row = Row.objects.filter(
            person__name=about.person, role=about.role, department=about.department, ended_at=None
        ).first()
        if row is None or row.given_by_id is None:
            return
        word = "refused" if how % 7 == 0 else "confirmed"
        try:
            with self.by_command(), self.span() as spans:
                said = (endorsement.refuse if word == "refused" else endorsement.confirm)(
                    row, by=User.objects.get(pk=actor.user)
                )
        except DeskError:
            self.count["word about a role: refused"] += 1
            return
        self.note_the_word(about, actor, word, spans, said)

    def act_link(self, who: int, which: int, how: int) -> None:
        """Two persons turn out to be one; seldom, since nothing brings them apart."""
        from core.errors import DeskError
        from people.identity import persons
        from people.models import Person

        one, other = (
            self.actors[who % (len(self.actors) - 1)],
            self.actors[which % (len(self.actors) - 1)],
        )
        if how % 8 or len(self.log.links) >= 2 or one.person == other.person:
            return
        try:
            with self.by_command(), self.span() as spans:
                persons.link(
                    Person.objects.get(pk=one.person_id),
                    same_as=Person.objects.get(pk=other.person_id),
                )
        except DeskError:
            return
        with self.log.lock:
            self.log.links.append((one.person, other.person, spans[0]))
        self.count["two persons were linked"] += 1

    def may_set_access(self) -> bool:
        """Pairs are spoilt for seven days, so only a few."""
        return len(self.log.access) < 8

    def may_switch_off(self, person: str) -> bool:
        """Nobody comes back from that, so only a few; the administrator stays."""
        return (
            len(self.log.away) < 3
            and person != self.actors[-1].person
            and person not in self.log.away
        )

    # what X shows

    def history_so_far(self) -> int:
        """How long the witness's file is, in bytes."""
        return (self.world.x.directory / "history.jsonl").stat().st_size

    def posts(self, since: int = 0) -> list[dict]:
        """Our posts by the witness, from a place in its file on.

        `reply_to` is the first version of the post that was answered.
        """
        ours, first, found = {number for _handle, number in ACCOUNTS}, {}, []
        with (self.world.x.directory / "history.jsonl").open("rb") as file:
            file.seek(since)
            lines = [json.loads(line) for line in file]
        for line in lines:
            if line["what"] == "post.edited":
                first[line["post"]["id"]] = line["post"]["versions"][0]
            elif line["what"] == "post.created" and line["post"]["author"] in ours:
                text = line["post"]["text"]
                while text.startswith("@"):
                    text = text.split(" ", 1)[1]
                found.append(
                    {
                        **line["post"],
                        "bare": text,
                        "reply_to": first.get(line["post"]["reply_to"], line["post"]["reply_to"]),
                    }
                )
        return found


WEIGHTS = {
    "write": 9,
    "answer": 20,
    "approve": 30,
    "submit": 6,
    "correct": 5,
    "return": 4,
    "revoke": 4,
    "withdraw": 2,
    "take_over": 2,
    "escalate": 3,
    "hand_back": 2,
    "hand_off": 2,
    "work": 4,
    "edit_on_x": 1,
    "role": 3,
    "word": 3,
    "link": 1,
}
