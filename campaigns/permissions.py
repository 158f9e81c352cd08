"""Ask every address as everybody; let nobody in where they do not belong.

Every address × method × role × relation to the object, held against the declared table.

Each cell is one request in a transaction of its own that is rolled back. A new address
without a row fails, and so does a row without an address. What each cell ends in: `y`
done (or refused for another reason than who asks: 2xx, 3xx, 400, 409), `n` forbidden
(403), `-` not there (404), `s` to the sign-in (302 or 401).
"""

import io
import json
import logging
import random
import re
from collections import Counter
from datetime import date

from campaigns.canaries import Canaries, letters, sweep
from campaigns.permission_table import ACTORS, TABLE
from campaigns.world import World
from tests.pictures import a_picture

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations."""
    with World(seed=options.seed) as world:
        return check(Scene(world), sample=options.runs, seed=options.seed, only=options.only)


def rows_and_addresses(addresses):
    """Compare the table's rows with the desk's addresses."""
    names = {name for name, _kwargs, _key in addresses}
    keys = {key for _name, _kwargs, key in addresses}
    violations = [f"no row: {key}" for key in sorted(keys - set(TABLE))]
    violations += [f"a row without an address: {key}" for key in sorted(set(TABLE) - keys)]
    return names, violations


def check(
    scene: "Scene", *, sample: int | None = None, seed: int = 1, only: str = ""
) -> tuple[dict, list[str]]:
    """Every cell, or those of some addresses; figures and violations.

    `only` is a pattern of their names, `sample` how many are drawn by the seed. That every address
    has its row is always checked.
    """
    addresses = list(scene.addresses())
    names, violations = rows_and_addresses(addresses)
    addresses = [one for one in addresses if re.search(only, one[2])]
    if sample:
        addresses = random.Random(seed).sample(addresses, min(sample, len(addresses)))
    counts: Counter = Counter()
    found: dict[str, dict[str, str]] = {}
    for name, kwargs, key in addresses:
        for method in METHODS:
            row = "".join(scene.outcome(actor, method, name, kwargs) for actor in ACTORS)
            counts["cells"] += len(row)
            counts.update(row)
            if set(row[2:]) == {"m"}:
                continue
            found.setdefault(key, {})[method] = row
            wanted = TABLE.get(key, {}).get(method)
            if wanted is not None and row != wanted:
                wrong = [
                    f"{actor}: {is_} for {should}"
                    for actor, is_, should in zip(ACTORS, row, wanted, strict=True)
                    if is_ != should
                ]
                violations.append(f"{method} {key}: {'; '.join(wrong)}")
            elif wanted is None:
                violations.append(f"no cell declared: {method} {key} (it is {row})")
        for method in set(TABLE.get(key, {})) - set(found.get(key, {})):
            violations.append(f"declared but not allowed: {method} {key}")
    looked_at, leaked = marked(scene, addresses)
    return {
        "addresses": len(addresses),
        "names": len(names),
        "actors": len(ACTORS),
        "cells": counts["cells"],
        "outcomes": dict(counts),
        "looked at for marked texts": looked_at,
    }, violations + leaked


def marked(scene: "Scene", addresses: list) -> tuple[int, list[str]]:
    """Plant marked texts in both departments, then look for them.

    In every answer to everybody, in the pages with words, in letters, on the line to open
    pages; how many were looked at, and what stood where it may not.
    """
    with Overheard() as line:
        canaries = Canaries(scene.desk)
    found = [
        f"on the line to open pages: {one}"
        for one in line.heard
        if "zzservicezz" in one or "zzbusinesszz" in one
    ]
    looked_at = 0
    for name, kwargs, key in addresses:
        for method in ("GET", "POST"):
            for actor in ACTORS:
                scene.outcome(actor, method, name, kwargs)
                looked_at += 1
                found += [
                    f"{actor} reads {leak} in the answer to {method} {key}"
                    for leak in canaries.leaks(actor, scene.said)
                ]
    opened, on_pages = sweep(canaries, scene.clients, scene.keys)
    written, in_letters = letters(canaries)
    return looked_at + opened + written + len(line.heard), found + on_pages + in_letters


class Overheard:
    """What the desk publishes to open pages meanwhile."""

    def __enter__(self) -> "Overheard":
        """Subscribe."""
        import redis
        from django.conf import settings

        from core.broker.page_updates import channel

        self.heard: list[str] = []
        self.line = redis.Redis.from_url(settings.REDIS_URL).pubsub()
        self.line.subscribe(channel())
        return self

    def __exit__(self, *wrong: object) -> None:
        """Take what came; nothing more comes once the last message was read."""
        while message := self.line.get_message(timeout=1):
            if message["type"] == "message":
                self.heard.append(message["data"].decode())
        self.line.close()


ABOUT_WRITING = {
    "attachment",
    "attachment-add",
    "attachment-remove",
    "draft-save",
    "draft-submit",
    "draft-take-over",
    "draft-withdraw",
}
# Part of a route, the argument that fills it, and with what.
FILLINGS = (
    ("<int:number>", "number", lambda scene, name: scene.numbered(name).number),
    ("<slug:initials>", "initials", lambda scene, name: "an"),
    (
        "<external_id:external_id>",
        "external_id",
        lambda scene, name: scene.review.draft.ticket.customer.external_id,
    ),
    ("<int:pk>", "pk", lambda scene, name: scene.key(name)),
    ("<slug:scope>", "scope", lambda scene, name: "company"),
    ("<slug:key>", "key", lambda scene, name: "new"),
    ("<str:key>", "key", lambda scene, name: "nobody-has-this-key"),
    ("(?P<key>", "key", lambda scene, name: "nobody-has-this-key--A"),
)
# Which addresses are about which object; the first that fits counts.
KEYS = (
    (lambda name: name in {"attachment", "attachment-remove"}, lambda scene: scene.picture.pk),
    (lambda name: "draft-picture" in name, lambda scene: scene.picture.draft_id),
    (lambda name: name.startswith("person"), lambda scene: scene.subject.pk),
    (
        lambda name: name in {"department", "api-department-detail", "survey-edit"},
        lambda scene: scene.desk.service.pk,
    ),
    (lambda name: name.startswith("saved-reply"), lambda scene: scene.reply.pk),
    (lambda name: name == "guideline-confirm", lambda scene: scene.version.pk),
    (lambda name: name == "incident", lambda scene: scene.incident.pk),
    (lambda name: "delivery" in name or name == "settle", lambda scene: scene.delivery.pk),
    (lambda name: "account" in name, lambda scene: scene.desk.account.pk),
    (lambda name: name == "view-discard", lambda scene: scene.view.pk),
    (lambda name: "token" in name, lambda scene: scene.token.pk),
    (lambda name: name == "api-draft-revoke", lambda scene: scene.approved.pk),
    (lambda name: "take-back" in name, lambda scene: scene.returned.pk),
)


def verbs_of(name: str) -> list[str]:
    """List the verbs that the address of this name takes."""
    from people.views.manage import VERBS as PERSON_VERBS
    from people.views.sign_ins import VERBS as SIGN_IN_VERBS
    from servicedesk.screens.ticket import VERBS
    from servicedesk.setup.trials import TRIALS

    return {
        "ticket-act": sorted(VERBS),
        "review-decide": ["approve", "request-changes", "reject", "correct"],
        "settle": ["look", "public", "absent", "take-down"],
        "person-act": sorted({*PERSON_VERBS, "new-password"}),
        "sign-ins-act": sorted(SIGN_IN_VERBS),
        "setup-try": sorted(TRIALS),
    }[name]


class Scene:
    """One desk with one of everything, and the requests of everybody."""

    def make_replies(self, desk):
        """Make a picture, an approved reply, an escalated ticket and a posted reply."""
        from approvals.drafts import attachments, drafting
        from approvals.escalation import escalation
        from approvals.reviews import decisions
        from tests import factories

        half = drafting.open_draft(self.writing, by=desk.aylin, text="half a")
        shot = a_picture()
        self.picture = attachments.attach(
            half, picture=io.BytesIO(shot), size=len(shot), by=desk.aylin
        )
        self.approved = factories.approved(
            desk, factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe a third one"))
        )
        back = factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe a fourth one"))
        self.returned = decisions.request_changes(
            back, sha256=back.sha256, context_version=1, comment="Shorter.", by=desk.rita
        )
        self.escalated = factories.a_ticket(desk, "@AmselnetzHilfe a difficult one")
        escalation.escalate(self.escalated, reason="Difficult.", by=desk.aylin)
        self.delivery = posted(desk)

    def keep_words(self, desk):
        """Keep a view, a guideline and a saved reply."""
        from approvals.drafts import saved_replies
        from tickets.inbox import saved_views

        self.view = saved_views.keep(name="Mine", query="tag=bill", department=None, by=desk.aylin)
        self.version = guideline(desk)
        self.reply, _findings = saved_replies.keep(
            None,
            department=desk.service,
            title="Restart",
            language="en",
            text="Hi {customer}, restart it.",
            by=desk.max,
        )

    def make_a_person(self, desk):
        """Make somebody with a sign-in, a role and an absence."""
        from people.hours import absences
        from people.identity import persons, provisioning
        from people.memberships import memberships
        from people.roles import Role

        self.subject = persons.add_person("Zoe Quill", initials="zq")
        self.subject_user = provisioning.add_sign_in(
            "zoe", person=self.subject, email="zoe@example.com"
        )
        self.membership = memberships.give_role(
            self.subject, role=Role.REVIEWER, department=desk.business, invited_by=desk.max
        )
        self.absence = absences.add_absence(
            self.subject, first_day=date(2026, 12, 1), last_day=date(2026, 12, 2), by=desk.max
        )

    def sign_everybody_in(self, desk, gone):
        """Make a client for each actor, and a key for each who may have one."""
        from django.test import Client

        from people.identity.tokens import issue
        from people.memberships import memberships

        self.strangers = Client(raise_request_exception=False)
        self.clients = {actor: Client(raise_request_exception=False) for actor in ACTORS}
        for actor, client in self.clients.items():
            if actor != "nobody":
                client.force_login(
                    getattr(desk, actor), backend="people.identity.backends.ActivePeople"
                )
        memberships.deactivate(gone.person)
        self.said = ""
        self.keys = {
            actor: issue(getattr(desk, actor), name="campaign")
            for actor in ACTORS
            if actor not in {"nobody", "gone"}
        }

    def __init__(self, world) -> None:

        from people.identity import persons, provisioning
        from tests import factories
        from tickets import incidents

        world.x.control("users", username="AmselnetzHilfe", name="A", account=True, id=901)
        self.desk = desk = factories.make_desk()
        self.review = factories.submitted(desk)
        self.writing = factories.a_ticket(desk, "@AmselnetzHilfe a second question")
        self.second = factories.a_ticket(desk, "@AmselnetzHilfe the same question again")
        self.make_replies(desk)
        gone = provisioning.add_sign_in(
            "gone", person=persons.add_person("Gone", initials="go"), password="a-long-password"
        )
        desk.users["gone"] = gone
        from people.identity.tokens import issue

        issue(desk.aylin, name="mine")
        self.token = desk.aylin.tokens.get()
        self.keep_words(desk)
        self.make_a_person(desk)
        logging.getLogger("django.request").setLevel("CRITICAL")
        self.incident = incidents.open_incident(
            name="Outage", department=desk.service, by=desk.aylin
        )
        self.sign_everybody_in(desk, gone)

    def addresses(self):
        """Every named address of the desk with what fills it: (name, kwargs, key of the table)."""
        from django.urls import get_resolver

        for name, route in sorted(routes(get_resolver().url_patterns)):
            if route.startswith(("admin/", "static/")) or not name:
                continue
            for kwargs, mark in self.fillings(name, route):
                yield name, kwargs, f"{name}{mark}"

    def fillings(self, name: str, route: str):
        """What fills the address: the objects of the scene, and every verb where there is one."""
        kwargs = {argument: fill(self, name) for part, argument, fill in FILLINGS if part in route}
        if name == "api-draft-picture":
            kwargs["number"] = self.picture.pk
        if "<slug:number>" in route:
            kwargs |= {"number": "1", "place": "new"}
        if "<slug:verb>" in route:
            return [({**kwargs, "verb": verb}, f" {verb}") for verb in verbs_of(name)]
        return [(kwargs, "")]

    def numbered(self, name: str):
        """Return the ticket that an address of this name is about."""
        if name in ABOUT_WRITING:
            return self.writing
        if "hand-back" in name:
            return self.escalated
        return self.approved.ticket if name == "draft-revoke" else self.review.draft.ticket

    def key(self, name: str) -> int:
        """Return the key of the object that an address of this name is about."""
        for fits, key in KEYS:
            if fits(name):
                return key(self)
        return self.review.draft_id

    def outcome(self, actor: str, method: str, name: str, kwargs: dict) -> str:
        """One cell."""
        from django.db import transaction
        from django.urls import reverse

        headers = {}
        client = self.strangers if name.startswith("api-") else self.clients[actor]
        if name.startswith("api-") and actor in self.keys:
            headers["authorization"] = f"Token {self.keys[actor]}"
        address, cookies = reverse(name, kwargs=kwargs), client.cookies.copy()
        with transaction.atomic():
            body = self.body(name) if method != "GET" else {}
            if name == "api-draft-pictures" and method == "POST":
                answer = client.post(address, body, headers=headers)
            elif name.startswith("api-") and method != "GET":
                answer = client.generic(
                    method,
                    address,
                    json.dumps(without_files(body)),
                    content_type="application/json",
                    headers=headers,
                )
            elif method == "POST":
                answer = client.post(address, body)
            else:
                answer = client.generic(method, address, headers=headers)
            transaction.set_rollback(True)
        self.said = answer.content.decode(errors="replace") if not answer.streaming else ""
        client.cookies = cookies
        if (
            answer.status_code == 302
            and "/sign-in/" in answer["Location"]
            and name not in {"sign-in", "sign-in-as", "sign-out"}
        ):
            return "s"
        if answer.status_code >= 500:
            return "!"
        return {401: "s", 403: "n", 404: "-", 405: "m"}.get(answer.status_code, "y")

    def everything(self, name: str):
        """Return a good value for each field that any form has."""
        everything = {
            "reason": "done" if "resolve" in name else "because",
            "text": "Some words for you.",
            "context_version": self.context_version,
            "sha256": self.review.sha256,
            "comment": "see",
            "paragraph": "1",
            "department": self.desk.business.pk,
            "note": "please",
            "until": "2026-12-24T12:00:00Z",
            "tags": "a",
            "priority": "high",
            "person": self.desk.bastian.person_id,
            "post": "123456",
            "confirmed": "1",
            "name": "n",
            "saved": 0,
            "title": "t",
            "language": "en",
            "initials": "nn",
            "role": "agent",
            "user": self.subject_user.pk,
            "email": "n@example.com",
            "membership": self.membership.pk,
            "absence": self.absence.pk,
            "first_day": "2026-12-01",
            "last_day": "2026-12-03",
            "same_as": self.desk.nele.person_id,
            "incident": self.incident.pk,
            "token": self.token.pk,
            "session": "0123456789abcdef",
            "username": "nn",
            "act": "tag",
            "alt": "A light.",
            "picture": a_file(),
            "number": [self.review.draft.ticket.number],
            **dict.fromkeys(("other", "into"), self.second.number),
        }
        return everything

    def body(self, name: str) -> dict:
        """Good input, so that only the person can be the reason of a refusal."""
        everything = self.everything(name)
        if not name.startswith("api-"):
            return everything | {"until": "tomorrow"}
        fields = FIELDS.get(name, [])
        shaped = everything | {"tags": ["a"], "confirmed": True}
        return {field: shaped[field] for field in fields}

    @property
    def context_version(self) -> int:
        """The ticket's present context version."""
        from tickets.models import Ticket

        return Ticket.objects.values_list("context_version", flat=True).get(
            pk=self.review.draft.ticket_id
        )


def without_files(body: dict) -> dict:
    """Return what of a body JSON can say."""
    return {name: value for name, value in body.items() if not hasattr(value, "read")}


def a_file():
    """A small picture as a form sends it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("red.png", a_picture("red"), "image/png")


SEEN = ["sha256", "context_version"]
FIELDS = {
    "api-ticket-assign": ["person"],
    "api-ticket-hand-off": ["department", "note"],
    "api-ticket-snooze": ["until"],
    "api-ticket-resolve": ["reason"],
    "api-ticket-merge": ["into"],
    "api-ticket-tags": ["tags"],
    "api-ticket-priority": ["priority"],
    "api-ticket-notes": ["text"],
    "api-ticket-escalate": ["reason"],
    "api-ticket-hand-back": ["reason"],
    "api-ticket-drafts": ["text"],
    "api-draft-detail": ["text"],
    "api-draft-submit": ["text", "context_version"],
    "api-draft-approve": SEEN,
    "api-draft-countersign": SEEN,
    "api-draft-request-changes": [*SEEN, "comment"],
    "api-draft-reject": [*SEEN, "comment"],
    "api-draft-correct": ["text", *SEEN],
    "api-account-pause": ["reason"],
    "api-token-list": ["name"],
    "api-delivery-public": ["post"],
    "api-delivery-another": ["post"],
    "api-delivery-take-down": ["reason", "confirmed"],
    "api-draft-picture": ["alt"],
    "api-draft-pictures": ["picture", "alt"],
}


def guideline(desk):
    """A published guideline of one paragraph, with a draft of the next version."""
    from approvals.guidelines import editing

    draft = editing.draft_of(None, by=desk.max)
    draft = editing.save_draft(
        draft,
        saved=None,
        by=desk.max,
        text_en="## 1 Kind\n\nBe kind.",
        text_de="## 1 Freundlich\n\nSeien Sie freundlich.",
    )
    version = editing.publish(draft, by=desk.max)
    editing.draft_of(None, by=desk.max)
    return version


def posted(desk):
    """A reply that stands on X, written into the tables by the desk's own verbs."""
    from posting.models import Delivery
    from posting.sending import delivery
    from posting.states import Outcome
    from tests import factories
    from tickets.models import ConnectedAccount

    draft = factories.approved(
        desk,
        factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe answered already")),
    )
    claimed = delivery.claim(
        draft, ConnectedAccount.objects.select_related("department").get(pk=desk.account.pk)
    )
    delivery.record_posted(claimed.attempt, "4711", Outcome.POSTED, shown=None)
    return Delivery.objects.get(pk=claimed.delivery.pk)


def routes(patterns, prefix=""):
    """Every address with its name, includes followed."""
    for one in patterns:
        whole = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes(one.url_patterns, whole)
        elif one.name:
            yield one.name, whole
