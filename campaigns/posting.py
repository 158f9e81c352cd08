"""Post never unapproved, never twice, never lost, never altered.

Replies through real processes that are killed, against an X that loses answers.

Thousands of replies by several people are approved; a share of them is disturbed
(revoked, written anew, the customer edits or deletes the post). Workers are cut down at
named places and at random, whole processes, database and Valkey too. People do what
people would do: submit again what came back, and say what they see on X when the desk
cannot find out. Judged by the simulator's history alone, against a log of who approved
what when.
"""

import io
import json
import random
import sys
import time
from collections import Counter

from campaigns.reply_judge import Expected, bare, judged, of_ours
from campaigns.world import World, patiently
from tests.pictures import a_picture

REPLIES = 300
BACKLOG = 100
BATCH = 40
DISTURBED = {"revoke": 0.02, "rewrite": 0.02, "edit": 0.02, "delete": 0.01, "hand": 0.02}
BLANKS = [" ", " ", " ", "\u00a0", "\u2003", "\u2009", "\u202f", "\u3000", "  ", "\n\n"]
LINKS = [
    "",
    "amselnetz.example.com/hilfe",
    "https://AmselNetz.Example.com/Hilfe/",
    "www.amsel.example.com",
    "http://amsel.example.com/st%C3%B6rung?a=1&b=2",
    "amsel.example.com/störung/",
    "https://amsel.example.com/" + "weit-" * 12 + "weg",
    "amsel.example.com/x#y",
]
EMOJI = ["", "😀", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "❤️", "👍🏽"]
FAULTS = {
    "lost": 0.11,
    "late": 0.09,
    "hang": 0.01,
    "500": 0.02,
    "503": 0.02,
    "html": 0.01,
    "garbage": 0.01,
    "429": 0.01,
    "403 duplicate": 0.01,
    "400": 0.005,
    "drop": 0.02,
}
READ_FAULTS = {"503": 0.01, "garbage": 0.005, "drop": 0.005}
UPLOAD_FAULTS = {
    "lost": 0.015,
    "500": 0.015,
    "429": 0.005,
    "400": 0.005,
    "drop": 0.01,
}  # of each request; four pictures are eight
PICTURED = 0.2  # of the replies, with one to four pictures each
CUTS = {"exception": 0.004, "database gone": 0.004, "stop": 0.001}


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations."""
    wanted = options.replies or REPLIES
    kills = options.kills if options.kills is not None else max(20, wanted // 5)
    # A reply passes about eight places; what chance leaves over is killed from outside.
    share = min(0.05, 0.75 * kills / (wanted * 9))
    world = World(seed=options.seed, scale=options.time_scale, settle=options.settle)
    world.extra["PARAPH_PLACES"] = json.dumps(
        {
            "seed": options.seed,
            "shares": {"kill": share, **CUTS},
            "pause": round(100 * options.time_scale, 2),
            "log": str(world.directory / "places.jsonl"),
        }
    )
    with world:
        world.environment["PARAPH_PLACES"] = world.extra["PARAPH_PLACES"]
        crew = Crew(world, wanted, options)
        crew.prepare()
        world.start_parts(web=True)
        world.in_background(crew.kill_about, kills, max(2, kills // 20))
        crew.feed()
        crew.finish()
        figures, violations = crew.judge()
    return figures, violations


class Crew:
    """The people of the campaign, what they did, and the judge."""

    def __init__(self, world: World, wanted: int, options) -> None:
        self.world, self.wanted, self.options = world, wanted, options
        self.chance = random.Random(options.seed + 1)
        self.expected: dict[int, Expected] = {}
        self.count: Counter = Counter()
        self.deadline = time.monotonic() + (options.minutes or 85) * 60
        self.last_order = time.monotonic() + (options.minutes or 85) * 60 * 0.85
        self.fed = 0
        self.began = self.told = time.monotonic()

    # what is there before anything starts

    def plan_faults(self, x):
        """Tell the simulated X which faults to make."""
        x.control(
            "plans",
            seed=self.options.seed,
            shares=FAULTS,
            on="POST /2/tweets",
            seconds=self.world.lag,
        )
        x.control(
            "plans",
            seed=self.options.seed + 8,
            shares=UPLOAD_FAULTS,
            on="POST /2/media",
            seconds=self.world.lag,
        )
        x.control(
            "plans",
            seed=self.options.seed + 7,
            shares=READ_FAULTS,
            on="GET /2/",
            seconds=self.world.lag,
        )

    def prepare(self) -> None:
        """Accounts on X and in the desk, people, and the plans of faults."""
        from tests import factories
        from tickets.accounts import accounts

        x = self.world.x
        x.control("limits", on=False)
        x.control("duplicates", on=False)
        self.accounts = [("AmselnetzHilfe", 901), ("AmselnetzBiz", 902)] + [
            (f"Amsel{n}", 910 + n) for n in range(6)
        ]
        for handle, number in self.accounts:
            x.control("users", username=handle, name=handle, account=True, id=number)
        self.desk = factories.make_desk()
        for handle, number in self.accounts[2:]:
            accounts.connect(
                external_id=str(number),
                handle=handle,
                name=handle,
                department=self.desk.service,
                credentials={"bearer_token": f"sim-{number}"},
            )
        self.writers = {
            901: [self.desk.aylin, self.desk.bastian, self.desk.chiara],
            902: [self.desk.nele, self.desk.minh],
        }
        self.endorsers = {
            901: [self.desk.rita, self.desk.tomasz, self.desk.lena, self.desk.samuel],
            902: [self.desk.farida, self.desk.henrik, self.desk.lena],
        }
        self.plan_faults(x)

    def feed(self) -> None:
        """Customers write, agents draft, leads approve.

        Never more than a backlog ahead of the sender.
        """
        from approvals.models import Draft
        from approvals.states import DraftStatus

        while self.fed < self.wanted and time.monotonic() < self.last_order:
            self.world.revive()
            self.tell()
            waiting = patiently(
                lambda: Draft.objects.filter(status=DraftStatus.APPROVED).count(), self.world
            )
            if waiting > BACKLOG:
                self.people_act()
                time.sleep(0.3)
                continue
            self.next_batch(min(BATCH, self.wanted - self.fed))
            self.people_act()

    def tell(self) -> None:
        """A line of progress, twice a minute."""
        if time.monotonic() > self.told + 30:
            self.told = time.monotonic()
            print(
                f"{time.monotonic() - self.began:5.0f} s: {self.fed} of {self.wanted} approved, "
                f"{dict(self.world.kills)}",
                file=sys.stderr,
                flush=True,
            )

    def customers_write(self, size: int, handle):
        """Let customers write so many posts to this account; return their numbers."""
        posts = [
            {
                "username": f"customer{(self.fed + n) % 400}",
                "text": f"@{handle} question {self.fed + n}, please",
            }
            for n in range(size)
        ]
        ids = self.world.x.control("crowd", posts=posts)["ids"]
        return ids

    def next_batch(self, size: int) -> None:
        """So many new posts of customers, taken in and answered."""
        from core.channel import acting_through
        from networks.errors import NetworkError
        from tickets.accounts.credentials import client_for
        from tickets.ingestion.intake import ingest
        from tickets.models import ConnectedAccount, Ticket

        handle, number = self.chance.choice(self.accounts)
        ids = self.customers_write(size, handle)
        account = patiently(
            lambda: ConnectedAccount.objects.select_related("department").get(
                external_id=str(number)
            ),
            self.world,
        )

        def take() -> None:
            client = client_for(account)
            try:
                ingest(client.posts(ids).page(), account)
            finally:
                client.close()

        while True:
            try:
                patiently(take, self.world)
                break
            except (NetworkError, ValueError):
                continue
        tickets = patiently(
            lambda: list(Ticket.objects.filter(conversation_id__in=ids).order_by("id")), self.world
        )
        with acting_through("command:campaign"):
            for ticket in tickets:
                self.answer(ticket, number)
        self.fed += len(tickets)

    def answer(self, ticket, account: int, words: str = "") -> None:
        """Draft, submit, approve; then perhaps a disturbance."""
        target = int(ticket.conversation_id)
        entry = self.expected.setdefault(target, Expected(target, account))
        if self.chance.random() < PICTURED:
            entry.pictures = self.some_pictures(target)
        words = words or self.some_words(target)
        if self.approve(ticket, entry, words) is None or entry.done:
            return
        drawn = self.chance.random()
        for kind, share in DISTURBED.items():
            drawn -= share
            if drawn < 0:
                self.count[f"disturbed: {kind}"] += 1
                return getattr(self, f"disturb_{kind}")(ticket, entry, words)

    def some_words(self, target: int) -> str:
        """An answer of its own, with what X rewrites.

        Links with and without a scheme, `&` and `<`, emoji, and every kind of blank.
        """
        words = [
            "Answer",
            str(target % 1_000_000),
            "to",
            "your",
            "question:",
            self.chance.choice(EMOJI),
            "unplug",
            "it",
            "&",
            "wait",
            "<",
            str(self.chance.randint(10, 99)),
            "seconds.",
            self.chance.choice(LINKS),
            self.chance.choice(EMOJI),
            self.chance.choice(LINKS),
        ]
        spoken = [word for word in words if word]
        return "".join(word + self.chance.choice(BLANKS) for word in spoken[:-1]) + spoken[-1]

    def some_pictures(self, target: int) -> dict[str, str]:
        """One to four small pictures with their descriptions.

        Alt text by the colour of the picture.
        """
        colours = self.chance.sample(
            ["orange", "blue", "red", "green", "white", "black"], self.chance.randint(1, 4)
        )
        return {colour: f"A {colour} light, {target % 1_000_000} & <so on>" for colour in colours}

    def steps_to_approval(self, ticket, entry: Expected, words: str, writer, endorser):
        """Return the steps that lead to the approval of this text."""
        from approvals.drafts import attachments, drafting
        from approvals.models import Draft
        from approvals.reviews import decisions
        from approvals.states import OPEN, DraftStatus
        from tickets.models import Ticket

        def steps():
            rows = Ticket.objects.select_related("department", "account", "customer")
            fresh = rows.get(pk=ticket.pk)
            draft = (
                Draft.objects.filter(ticket=fresh, status__in=OPEN)
                .select_related("writer__person")
                .first()
            )
            by = draft.writer if draft else writer
            draft = draft or drafting.open_draft(fresh, by=by)
            newest = draft.newest
            if draft.status == DraftStatus.APPROVED:
                return draft
            for colour, alt in entry.pictures.items():
                shot = a_picture(colour)
                attachments.attach(draft, picture=io.BytesIO(shot), size=len(shot), alt=alt, by=by)
            if (
                newest is None
                or not newest.text.startswith(words)
                or draft.status != DraftStatus.IN_REVIEW
            ):
                newest = drafting.submit(
                    draft, text=words, context_version=fresh.context_version, by=by
                )
            context_version = Ticket.objects.values_list("context_version", flat=True).get(
                pk=ticket.pk
            )
            entry.approved.setdefault(newest.text, []).append(time.time())
            return decisions.approve(
                newest, sha256=newest.sha256, context_version=context_version, by=endorser
            )

        return steps

    def approve(self, ticket, entry: Expected, words: str):
        """Make it so that this text stands approved; returns the draft.

        Every step may be repeated.
        """
        from core.errors import DeskError

        department = 902 if entry.account == 902 else 901
        writer, endorser = (
            self.chance.choice(self.writers[department]),
            self.chance.choice(self.endorsers[department]),
        )

        steps = self.steps_to_approval(ticket, entry, words, writer, endorser)

        try:
            return patiently(steps, self.world)
        except DeskError as refused:
            self.count[f"refused to people: {refused.code}"] += 1
            return None

    def disturb_revoke(self, ticket, entry: Expected, words: str) -> None:
        """The endorser takes it back: if the desk says yes, this text must never stand on X."""
        from approvals.models import Draft, Review
        from approvals.reviews import taking_back
        from core.errors import DeskError

        def revoke() -> str:
            draft = Draft.objects.filter(ticket=ticket).order_by("-id").first()
            review = (
                Review.objects.filter(revision__draft=draft, decision="approve")
                .select_related("user__person", "revision")
                .order_by("-id")
                .first()
            )
            if getattr(review, "void", None):
                return review.revision.text
            taking_back.revoke(draft, by=review.user)
            return review.revision.text

        try:
            text = patiently(revoke, self.world)
            entry.forbidden[text] = time.time()
            entry.done = True
            self.count["revoked in time"] += 1
        except DeskError:
            self.count["revoked too late"] += 1

    def disturb_rewrite(self, ticket, entry: Expected, words: str) -> None:
        """The author writes anew after the approval.

        Only the new text, approved anew, may leave.
        """
        from approvals.drafts import drafting
        from approvals.models import Draft
        from core.errors import DeskError
        from tickets.models import Ticket

        def rewrite():
            draft = (
                Draft.objects.filter(ticket=ticket)
                .select_related("writer__person")
                .order_by("-id")
                .first()
            )
            old, context_version = (
                draft.newest.text,
                Ticket.objects.values_list("context_version", flat=True).get(pk=ticket.pk),
            )
            if not old.startswith(words):
                return None
            drafting.submit(
                draft,
                text=f"{words} And this is new.",
                context_version=context_version,
                by=draft.writer,
            )
            return old

        try:
            old = patiently(rewrite, self.world)
        except DeskError:
            return
        if old:
            entry.forbidden[old] = time.time()
            self.approve(ticket, entry, f"{words} And this is new.")

    def disturb_edit(self, ticket, entry: Expected, words: str) -> None:
        """The customer edits the post.

        What was approved before must not leave once the desk has looked.
        """
        self.world.x.control(
            "edits", id=entry.target, text=f"@{self.handle(entry.account)} I meant something else"
        )
        entry.moved_at = time.time()

    def disturb_delete(self, ticket, entry: Expected, words: str) -> None:
        """The customer deletes the post: nothing can be said under it any more."""
        self.world.x.control("deletions", id=entry.target)
        entry.moved_at, entry.gone = time.time(), True

    def disturb_hand(self, ticket, entry: Expected, words: str) -> None:
        """A colleague answers past the desk.

        It is another post whatever the desk makes of it, and ours follows only after people have
        looked.
        """
        made = self.world.x.control(
            "posts",
            username=self.handle(entry.account),
            text=f"By hand to {entry.target % 1_000_000}",
            reply_to=entry.target,
        )
        entry.by_hand.add(made["id"])

    def handle(self, account: int) -> str:
        """The handle of one of our accounts."""
        return next(handle for handle, number in self.accounts if number == account)

    # what people do with what comes back to them

    def people_act(self) -> None:
        """Submit again what came back, and say what became of what the desk cannot find out."""
        from approvals.models import Draft
        from approvals.states import DraftStatus
        from core.channel import acting_through
        from posting.models import Delivery
        from posting.states import DeliveryStatus

        with acting_through("command:campaign"):
            back = patiently(
                lambda: list(
                    Draft.objects.filter(
                        status__in=[DraftStatus.CHANGES_REQUESTED, DraftStatus.IN_REVIEW]
                    )
                    .select_related("ticket", "writer__person")
                    .order_by("id")[:60]
                ),
                self.world,
            )
            for draft in back:
                entry = self.expected.get(int(draft.ticket.conversation_id))
                if entry is None or entry.done or entry.gone:
                    self.give_up(draft)
                    continue
                self.count["came back and submitted again"] += 1
                words = draft.newest.text.rsplit(" ^", 1)[0]
                entry.moved_at = None
                self.approve(draft.ticket, entry, words)
            doubtful = patiently(
                lambda: list(
                    Delivery.objects.filter(status=DeliveryStatus.FOR_A_PERSON).select_related(
                        "revision__draft__ticket__department", "account"
                    )[:20]
                ),
                self.world,
            )
            if doubtful:
                self.say(doubtful)
            self.resume_paused()

    def give_up(self, draft) -> None:
        """What was revoked, or whose post is gone, its author withdraws."""
        from approvals.drafts import drafting
        from core.errors import DeskError

        try:
            patiently(lambda: drafting.withdraw(draft, by=draft.writer), self.world)
        except DeskError as refused:
            self.count[f"refused to people: {refused.code}"] += 1

    def say(self, doubtful: list) -> None:
        """A lead looks at X (its history) and says what stands there."""
        from posting import reconciliation

        public = {
            (post["reply_to"], bare(post["text"])): post["id"] for post in self.history_of_ours()
        }
        for delivery in doubtful:
            found = public.get(
                (int(delivery.revision.draft.ticket.conversation_id), delivery.revision.text)
            )
            for other in (
                []
                if found
                else patiently(
                    lambda delivery=delivery: list(delivery.doubts.filter(another_at__isnull=True)),
                    self.world,
                )
            ):
                self.answered(
                    "another post",
                    lambda delivery=delivery, other=other: reconciliation.say_another(
                        delivery, external_id=other.external_id, by=self.desk.lena
                    ),
                )
            if found:
                self.answered(
                    "public",
                    lambda delivery=delivery, found=found: reconciliation.say_public(
                        delivery, external_id=str(found), by=self.desk.lena
                    ),
                )
            else:
                self.answered(
                    "absent",
                    lambda delivery=delivery: reconciliation.say_absent(
                        delivery, by=self.desk.lena
                    ),
                )

    def answered(self, what: str, say) -> None:
        """A person's answer, or the desk's refusal of it."""
        from core.errors import DeskError

        try:
            patiently(say, self.world)
            self.count[f"a person said {what}"] += 1
        except DeskError as refused:
            self.count[f"refused to people: {refused.code}"] += 1

    def resume_paused(self) -> None:
        """A lead resumes what X's faults paused."""
        from tickets.accounts import accounts
        from tickets.models import ConnectedAccount

        for account in patiently(
            lambda: list(ConnectedAccount.objects.filter(status="paused")), self.world
        ):
            self.count[f"account paused: {account.pause_code}"] += 1
            patiently(
                lambda account=account: accounts.resume(account, by=self.desk.lena), self.world
            )

    def finish(self) -> None:
        """Wait until every reply has come to its end; the faults go on."""
        from approvals.models import Draft
        from approvals.states import DraftStatus
        from posting.models import Delivery

        quiet, standing, since = 0, None, time.monotonic()
        while time.monotonic() < self.deadline and quiet < 3 and time.monotonic() < since + 120:
            self.world.revive()
            self.tell()
            self.people_act()
            open_ones = patiently(
                lambda: (
                    Draft.objects.filter(status__in=[DraftStatus.APPROVED]).count()
                    + Delivery.objects.filter(
                        status__in=["in_flight", "uncertain", "for_a_person"]
                    ).count()
                ),
                self.world,
            )
            back = patiently(
                lambda: Draft.objects.filter(
                    status__in=[DraftStatus.CHANGES_REQUESTED, DraftStatus.IN_REVIEW]
                ).select_related("ticket"),
                self.world,
            )
            mine = [
                one
                for one in back
                if (entry := self.expected.get(int(one.ticket.conversation_id)))
                and not entry.done
                and not entry.gone
            ]
            quiet = quiet + 1 if not open_ones and not mine else 0
            if standing != (standing := (open_ones, len(mine), sum(self.count.values()))):
                since = time.monotonic()
            time.sleep(0.5)
        self.world.calm()

    # who kills

    def kill_about(self, kills: int, whole: int) -> None:
        """Kill children at random, now and then a whole process.

        Three times each Valkey and the database.
        """
        world, chance = self.world, random.Random(self.options.seed + 2)
        big = [
            ("database", "SIGINT"),
            ("valkey", 0.5),
            ("database", "SIGQUIT"),
            ("valkey", 2),
            ("database", "SIGINT"),
            ("valkey", 0.5),
        ]
        while not world.stopping.wait(chance.uniform(0.2, 0.8)):
            progress = self.fed / self.wanted
            if world.kills["child"] < progress * kills * 0.4:
                world.kill_child()
            if world.kills["whole"] < progress * whole:
                world.kill_whole()
            if big and progress > (7 - len(big)) / 8:
                kind, how = big.pop(0)
                world.restart_database(how) if kind == "database" else world.restart_broker(how)

    # the judge

    def history_of_ours(self) -> list[dict]:
        """Everything our accounts ever said, by the witness."""
        return of_ours(self.world.x.history(), {number for _handle, number in self.accounts})

    def figures(self, wrong, pictured):
        """Return the figures of this run."""
        places = self.world.places_hit()
        killed_at_places = sum(counts.get("kill", 0) for counts in places.values())
        answers = self.world.x.control("plans", method="GET")["hits"]
        posts_asked = sum(
            1
            for line in self.world.x.control("journal", method="GET")
            if line["method"] == "POST" and line["path"] == "/2/tweets"
        )
        lost_answers = sum(
            answers.get(kind, 0) for kind in ("lost", "late", "hang", "html", "garbage")
        )
        figures = {
            "replies": self.fed,
            "posts of ours on X": len(self.history_of_ours()),
            "with pictures": pictured,
            **{name: len(rows) for name, rows in wrong.items()},
            "kills": {
                "at places": killed_at_places,
                **self.world.kills,
                "in all": killed_at_places + sum(self.world.kills.values()),
            },
            "places": places,
            "faults of X": answers,
            "posting requests": posts_asked,
            "answers lost, share": round(lost_answers / posts_asked, 3) if posts_asked else 0,
            "times in seconds": {
                **self.world.times,
                "lag up to": self.world.lag,
                "scale": self.world.scale,
                "settle by": self.options.settle,
            },
            "people": dict(sorted(self.count.items())),
            "trouble of the campaign itself": self.world.failures,
        }
        return figures

    def judge(self) -> tuple[dict, list[str]]:
        """Hold the history against the log."""
        lease = float(self.world.times["DESK_LEASE_SECONDS"])
        wrong, pictured = judged(self.history_of_ours(), self.expected, lease)
        figures = self.figures(wrong, pictured)
        return figures, [f"{name}: {row}" for name, rows in wrong.items() for row in rows]
