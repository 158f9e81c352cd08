"""Putting the demo world into an empty desk.

People, departments, accounts, guidelines and the tickets that are ready to try.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.utils import translation

from approvals import applicable_guidelines
from approvals.drafts import checking, drafting, saved_replies
from approvals.escalation import escalation
from approvals.guidelines import editing
from approvals.models import Draft, SavedReply
from approvals.reviews import decisions
from networks.ids import external_id_of
from people import company, demo
from people.hours import pace
from people.identity import persons, provisioning, tokens
from people.memberships import memberships
from people.models import ApiToken, Department, Person, User
from people.roles import ReviewPolicy, Role
from posting.sending import delivery
from servicedesk.operations.database_kind import set_mark
from tickets import lifecycle
from tickets.accounts import accounts
from tickets.conversations import notes
from tickets.ingestion import polling
from tickets.models import Customer, Feed, Ticket

X_IDS = {"service": 2400000001, "business": 2400000002}


def seed() -> None:
    """Everything, once; a second call only completes what is missing."""
    world = demo.world()
    if not company.name():
        company.keep(name=world["company"]["name"], language="en", by=None)
    departments = make_departments(world)
    users = make_people(world, departments)
    connect_accounts(world, departments)
    publish_guidelines(world, departments, users)
    keep_saved_replies(world, departments, users)
    remember_customers(world, users)
    set_mark("demo")
    if settings.X_IS_SIMULATED and not Ticket.objects.exists():
        make_ready_tickets(world, users)


def make_departments(world: dict[str, Any]) -> dict[str, Department]:
    """Departments, parents first."""
    made: dict[str, Department] = {}
    for one in world["departments"]:
        made[one["key"]], _new = Department.objects.get_or_create(
            name_en=one["name"]["en"],
            defaults={
                "name_de": one["name"]["de"],
                "parent": made.get(one["parent"]),
                "review_policy": ReviewPolicy(one["review_policy"]),
                "clock_minutes": one["clock_minutes"],
                "time_zone": one["time_zone"],
                "hours": hours_of(one["service_hours"]),
            },
        )
    return made


def make_people(world: dict[str, Any], departments: dict[str, Department]) -> dict[str, User]:
    """People with one sign-in each, and second sign-ins.

    Passwords and tokens are derived from the installation's key.
    """
    users: dict[str, User] = {}
    for one in world["people"]:
        user = User.objects.filter(username=one["username"]).select_related("person").first()
        if user is None:
            person = persons.add_person(one["name"], initials=one["initials"])
            user = sign_in(person, one["username"], one["email"])
            memberships.give_role(
                person, role=Role(one["role"]), department=departments.get(one["department"])
            )
        users[one["key"]] = user
    for one in world["second_sign_ins"]:
        if not User.objects.filter(username=one["username"]).exists():
            person = users[one["person"]].person
            sign_in(person, one["username"], "", by=users[one["person"]])
            memberships.give_role(
                person, role=Role(one["role"]), department=departments[one["department"]]
            )
    return users


def sign_in(person: Person, username: str, email: str, *, by: User | None = None) -> User:
    """Return a sign-in with its password and API token; a further one is its person's own doing."""
    user = provisioning.add_sign_in(
        username, person=person, email=email, password=demo.secret("password", username), by=by
    )
    key = "demo_" + demo.secret("token", username)
    if not ApiToken.objects.filter(sha256=tokens.hashed(key)).exists():
        tokens.issue(user, name="demo", key=key)
    return user


def connect_accounts(world: dict[str, Any], departments: dict[str, Department]) -> None:
    """Our accounts, on the simulated X too."""
    for one in world["accounts"]:
        number = X_IDS[one["key"]]
        avatar = f"{settings.X_API_URL}/avatar/{number}.svg"
        if settings.X_IS_SIMULATED:
            control(
                "users",
                username=one["handle"],
                name=one["name"],
                id=number,
                account=True,
                bio=one["bio"]["en"],
                hue=214,
            )
        accounts.connect(
            external_id=external_id_of(number),
            handle=one["handle"],
            name=one["name"],
            department=departments[one["department"]],
            credentials={"bearer_token": f"sim-{number}"},
            avatar_url=avatar,
        )


def publish_guidelines(
    world: dict[str, Any], departments: dict[str, Department], users: dict[str, User]
) -> None:
    """Publish the house guideline, and the supplement of Business."""
    if applicable_guidelines.current(None):
        return
    given = json.loads((Path(__file__).parent / "guideline.json").read_text())
    for key, guideline in [(None, given["company"]), *given["departments"].items()]:
        draft = editing.draft_of(departments[key] if key else None, by=users["max"])
        texts = {
            f"text_{language}": editing.text_of(guideline["paragraphs"], language)
            for language in ("en", "de")
        }
        draft = editing.save_draft(
            draft, saved=None, by=users["max"], summary=guideline["summary_en"], **texts
        )
        for paragraph in guideline["paragraphs"]:
            draft = editing.save_checks(
                draft, paragraph["number"], paragraph["checks"], saved=None, by=users["max"]
            )
        version = editing.publish(draft, by=users["max"])
        for user in users.values():
            editing.confirm(version, by=user)


def keep_saved_replies(
    world: dict[str, Any], departments: dict[str, Department], users: dict[str, User]
) -> None:
    """Keep the departments' saved replies."""
    if SavedReply.objects.exists():
        return
    for one in world["saved_replies"]:
        saved_replies.keep(
            None,
            department=departments[one["department"]],
            title=one["title"],
            language=one["lang"],
            text=one["text"],
            by=users["max"],
        )


def hours_of(spans: list[dict[str, str]]) -> dict[str, list[list[str]]]:
    """Return the spans of a department by weekday; all day on every day is round the clock."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    found: dict[str, list[list[str]]] = {}
    for one in spans:
        first, _dash, last = one["days"].partition("-")
        for day in range(days.index(first), days.index(last or first) + 1):
            found.setdefault(str(day), []).append([one["from"], one["to"]])
    return {} if all(found.get(str(day)) == [["00:00", "24:00"]] for day in range(7)) else found


def make_ready_tickets(world: dict[str, Any], users: dict[str, User]) -> None:
    """Make the tickets that wait for whoever looks in first.

    They go the same way as all others: posted on X, read, drafted, decided.
    """
    for number, ready in enumerate(world["ready_tickets"]):
        customer = next(one for one in world["customers"] if one["key"] == ready["customer"])
        account = next(one for one in world["accounts"] if one["key"] == ready["account"])
        control(
            "users",
            username=customer["handle"],
            name=customer["name"],
            followers=customer["followers"],
            bio=customer["bio"],
            hue=customer["avatar_hue"],
        )
        for post in ready["posts"]:
            control(
                "posts",
                username=customer["handle"],
                text=post["text"].replace("{account}", "@" + account["handle"]),
                lang=post["lang"],
                minutes_ago=post["minutes_ago"] + number / 10,
            )
    for feed in Feed.objects.select_related("account__department"):
        polling.read(feed)
    for ready in world["ready_tickets"]:
        customer = next(one for one in world["customers"] if one["key"] == ready["customer"])
        ticket = Ticket.objects.filter(customer__handle=customer["handle"]).order_by("-id").first()
        if ticket:
            with translation.override("de"):
                make_ready(ticket, ready, users)


def make_ready(ticket: Ticket, ready: dict[str, Any], users: dict[str, User]) -> None:
    """Play one ticket's story up to where it waits."""
    author = users[ready["assignee"]]
    lifecycle.take(ticket, by=author)
    for given in ready["drafts"]:
        draft = drafting.open_draft(ticket, by=author)
        for place, one in enumerate(given["revisions"]):
            known_as = (
                ticket.customer.tags
                if any(finding["check"] == "customer_tag" for finding in one["findings"])
                else []
            )
            with tagged(ticket.customer, known_as):
                if "escalation" in one:
                    escalation.escalate(
                        ticket,
                        reason=one["escalation"]["reason"]["de"],
                        by=users[one["escalation"]["by"]],
                    )
                ticket = Ticket.objects.get(pk=ticket.pk)
                found = checking.examined(ticket, one["text"], author=author.person)
                revision = drafting.submit(
                    Draft.objects.get(pk=draft.pk),
                    text=one["text"],
                    context_version=ticket.context_version,
                    by=users[one["by"]],
                    explanations={
                        finding.key: explanation_of(finding.words, one) for finding in found
                    },
                )
                if "decision" in one:
                    decide(revision, one["decision"], users, place)
    if "delivery" in ready:
        control(
            "faults",
            kind="late",
            seconds=ready["delivery"]["visible_after_seconds"] + 60,
            body="lost",
        )
        time.sleep(pace.send_delay().total_seconds() + 0.2)
        delivery.send_due()


@contextmanager
def tagged(customer: Customer, tags: list[str]) -> Iterator[None]:
    """With these tags for a while.

    What is known of a customer now was not known at the beginning of every story.
    """
    Customer.objects.filter(pk=customer.pk).update(tags=tags)
    yield
    Customer.objects.filter(pk=customer.pk).update(tags=customer.tags)


def explanation_of(words: str, revision: dict[str, Any]) -> str:
    """How the story explains the finding at these words."""
    return next(
        (
            one["explanation"]["de"]
            for one in revision["findings"]
            if one["span"] == words and "explanation" in one
        ),
        "",
    )


def decide(revision: Any, decision: dict[str, Any], users: dict[str, User], place: int) -> None:
    """Make the colleague's decision of the story."""
    context_version = revision.draft.ticket.context_version
    screen = {
        "sha256": revision.sha256,
        "context_version": Ticket.objects.get(pk=revision.draft.ticket_id).context_version
        or context_version,
        "by": users[decision["by"]],
    }
    if decision["kind"] == "approve":
        decisions.approve(revision, **screen)
    else:
        decisions.request_changes(
            revision,
            comment=decision["reason"]["de"],
            paragraph=str(decision.get("paragraph", "")),
            **screen,
        )


def remember_customers(world: dict[str, Any], users: dict[str, User]) -> None:
    """Make the customers that colleagues already know, with what they remember about them."""
    if not settings.X_IS_SIMULATED or Customer.objects.exists():
        return
    for one in world["customers"]:
        if not one["handle"]:
            continue
        shown = control(
            "users",
            username=one["handle"],
            name=one["name"],
            followers=one["followers"],
            bio=one["bio"],
            hue=one["avatar_hue"],
        )
        customer = Customer.objects.create(
            external_id=external_id_of(shown["id"]),
            handle=one["handle"],
            name=one["name"],
            followers=one["followers"],
            tags=one["tags"],
        )
        if one["customer_note"]:
            notes.add_person_note(
                customer,
                text=one["customer_note"]["de"],
                ticket=None,
                by=users["lena"],
                department=users["lena"].memberships[0].department,
            )


def control(noun: str, **body: Any) -> dict[str, Any]:
    """One order to the simulator's control interface."""
    answer = requests.post(f"{settings.X_API_URL}/_control/{noun}", json=body, timeout=20)
    answer.raise_for_status()
    return answer.json()
