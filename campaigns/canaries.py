"""Look for marked texts wherever a person of another department may look.

Each department has marked texts in every place that holds words.

Each text has the word `quokka`, which searches look for, and a mark of its own that no
search types. Numbers of tickets that somebody may not see are looked for as well.
"""

import io
import re
from collections.abc import Iterator

from tests.pictures import a_picture

# Who may not read what is marked with this department. Lead and deputy of Customer Service stand
# above Business Customers; the administrator reads no ticket.
FORBIDDEN = {
    "service": ("nobody", "gone", "nele", "farida", "henrik", "max"),
    "business": ("nobody", "gone", "aylin", "bastian", "rita", "max"),
}
OPEN_TO_ADMINISTRATORS = {"saved", "pause"}  # they write saved replies, and help with accounts
PEOPLE = {"service": ("aylin", "rita", "lena"), "business": ("nele", "farida", "henrik")}
PLACES = (
    "post",
    "customer",
    "note",
    "customernote",
    "tag",
    "half",
    "text",
    "comment",
    "escalation",
    "incident",
    "incidenttext",
    "saved",
    "view",
    "alt",
    "takedown",
    "pause",
)


def mark(department: str, place: str) -> str:
    """The mark of one text."""
    return f"zz{department}zz{place}"


def words(department: str, place: str) -> str:
    """A text with its mark."""
    return f"Quokka {mark(department, place)}"


class Canaries:
    """What was planted, and what of it may stand in front of whom."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.planted: dict[str, dict] = {}
        for key in ("service", "business"):
            self.planted[key] = plant(desk, key)

    def leaks(self, actor: str, text: str) -> list[str]:
        """Marks and numbers in this text that this person may not see."""
        found = []
        for department, actors in FORBIDDEN.items():
            if actor not in actors:
                continue
            marks = set(re.findall(rf"zz{department}zz([a-z]+)", text.lower()))
            found += [
                mark(department, one)
                for one in sorted(marks - (OPEN_TO_ADMINISTRATORS if actor == "max" else set()))
            ]
            found += [
                f"ticket {number}"
                for number in self.planted[department]["numbers"]
                if re.search(rf"(?<!\d){number}(?!\d)", text)
            ]
        return found

    def addresses_of_lists(self, numbers, departments):
        """List the filters and searches that could show words."""
        yield from (
            "/inbox/?q=quokka",
            "/inbox/?select=1",
            "/review/",
            "/review/?tab=decided",
            "/review/outcomes/",
            "/satisfaction/",
            "/lead/",
            "/incidents/",
            "/saved-replies/",
            "/guidelines/",
            "/people/",
            "/audit/",
            "/audit/?kind=tickets&everything=on&raw=on",
            "/health/",
            "/notices/",
            "/notices/new/?after=0",
            "/live/since/?after=0",
            "/preferences/",
            "/sign-ins/",
            f"/live/looking/?{numbers}",
            "/api/v1/tickets/",
            "/api/v1/tickets/?q=quokka",
            "/api/v1/tickets/?q=grace",
            "/api/v1/drafts/",
            "/api/v1/deliveries/",
            "/api/v1/accounts/",
            "/api/v1/departments/",
            "/api/v1/people/",
            "/api/v1/customers/7001/",
            "/api/v1/me/",
            "/routing/",
            "/routing/dry-run/",
        )
        yield from (
            f"/outbox/?tab={tab}"
            for tab in ("waiting", "uncertain", "refused", "posted", "without")
        )
        yield from (f"/api/v1/tickets/?department={one}" for one in departments)

    def addresses(self) -> Iterator[str]:
        """List every page and answer with words on it.

        For the objects of both departments, and every list with its filters.
        """
        for one in self.planted.values():
            yield from one["addresses"]
        numbers = "&".join(
            f"ticket={number}" for one in self.planted.values() for number in one["numbers"]
        )
        departments = (self.desk.service.pk, self.desk.business.pk)
        yield from (
            f"/inbox/?tab={tab}"
            for tab in (
                "mine",
                "unassigned",
                "open",
                "approval",
                "snoozed",
                "answered",
                "resolved",
                "filtered",
            )
        )
        yield from (f"/inbox/list/?q={word}" for word in ("quokka", "grace", "zz"))
        yield from (f"/inbox/?department={one}&select=1" for one in departments)
        yield from self.addresses_of_lists(numbers, departments)


def marked_tickets(desk, key: str, department, account):
    """Make four tickets with marked posts, and a fifth one."""
    from tests import factories

    own = factories.XUser(
        id=7100 + department.pk, handle=mark(key, "customer")[:15], name=words(key, "customer")
    )

    def ticket(by=factories.GRACE):
        post = factories.post(
            f"@{account.handle} {words(key, 'post')}", by=by, account=account.handle.lower()
        )
        return factories.arrive(desk, post, account=account, users=(by,))[0]

    writing, reviewed, difficult, answered = ticket(), ticket(own), ticket(), ticket(own)
    return own, writing, reviewed, difficult, answered, ticket()


def write_beside(key: str, agent, writing):
    """Write notes, tags, half a reply and a picture into this ticket."""
    from approvals.drafts import attachments, drafting
    from tickets import lifecycle
    from tickets.conversations import notes

    notes.add_note(writing, text=words(key, "note"), by=agent)
    notes.add_person_note(
        writing.customer, text=words(key, "customernote"), ticket=writing, by=agent
    )
    lifecycle.tag(writing, tags=[words(key, "tag")], by=agent)
    half = drafting.open_draft(writing, by=agent, text=words(key, "half"))
    shot = a_picture()
    picture = attachments.attach(half, picture=io.BytesIO(shot), size=len(shot), by=agent)
    attachments.describe(half, {picture.pk: words(key, "alt")}, by=agent)
    return half


def submit_twice(desk, key: str, agent, reviewer, reviewed):
    """Submit a reply, ask for changes, submit again."""
    from approvals.drafts import drafting
    from approvals.reviews import decisions
    from tests import factories
    from tickets.models import Ticket

    revision = factories.submitted(desk, reviewed, by=agent, text=f"Hi, {words(key, 'text')}.")
    context_version = Ticket.objects.get(pk=reviewed.pk).context_version
    decisions.request_changes(
        revision,
        sha256=revision.sha256,
        context_version=context_version,
        by=reviewer,
        comment=words(key, "comment"),
    )
    again = drafting.submit(
        revision.draft,
        text=f"Hello, {words(key, 'text')}!",
        context_version=context_version,
        by=agent,
    )
    return again


def escalate_and_join(key: str, agent, department, writing, difficult):
    """Escalate one ticket, and join the other to an incident."""
    from approvals.escalation import escalation
    from tickets import incidents
    from tickets.models import Ticket

    escalation.escalate(difficult, reason=words(key, "escalation"), by=agent)
    incident = incidents.open_incident(name=words(key, "incident"), department=department, by=agent)
    lifecycle_ticket = Ticket.objects.select_related("department").get(pk=writing.pk)
    incidents.join(lifecycle_ticket, incident=incident, by=agent)
    return incident


def keep_for_later(key: str, agent, lead, department, incident):
    """Keep two saved replies and a view."""
    from approvals.drafts import saved_replies
    from tickets.inbox import saved_views

    saved, _findings = saved_replies.keep(
        None,
        department=department,
        title=words(key, "saved"),
        language="en",
        text=words(key, "saved"),
        by=lead,
    )
    saved_replies.keep(
        None,
        department=department,
        title="Wave",
        language="en",
        text=words(key, "incidenttext"),
        incident=incident,
        by=lead,
    )
    saved_views.keep(name=words(key, "view"), query="tag=bill", department=department, by=agent)
    return saved


def post_and_take_down(desk, key: str, agent, reviewer, lead, account, answered):
    """Post a reply, order it taken down, and pause the account."""
    from posting import takedown
    from tickets.accounts import accounts

    delivery = posted(desk, answered, account, agent, reviewer, words(key, "text"))
    takedown.order(delivery, reason=words(key, "takedown"), confirmed=True, by=lead)
    accounts.pause(account, reason=words(key, "pause"), by=lead)
    return delivery


def plant(desk, key: str) -> dict:
    """Marked words of one department by its own people.

    The numbers of its tickets and the addresses of what was made.
    """
    from tickets.merging import merging

    agent, reviewer, lead = (getattr(desk, one) for one in PEOPLE[key])
    department = getattr(desk, key)
    account = desk.account if key == "service" else desk.business_account
    own, writing, reviewed, difficult, answered, merged = marked_tickets(
        desk, key, department, account
    )
    merging.merge(merged, into=difficult, by=agent)
    half = write_beside(key, agent, writing)
    again = submit_twice(desk, key, agent, reviewer, reviewed)
    incident = escalate_and_join(key, agent, department, writing, difficult)
    saved = keep_for_later(key, agent, lead, department, incident)
    delivery = post_and_take_down(desk, key, agent, reviewer, lead, account, answered)
    tickets = (writing, reviewed, difficult, answered, merged)
    return {
        "numbers": [one.number for one in tickets],
        "addresses": [
            *(f"/tickets/{one.number}/" for one in tickets),
            *(f"/tickets/{one.number}/conversation/" for one in tickets),
            *(f"/tickets/{one.number}/saved-replies/?q=" for one in tickets),
            *(f"/api/v1/tickets/{one.number}/" for one in tickets),
            f"/review/{again.draft_id}/",
            f"/review/{half.pk}/",
            f"/evidence/{delivery.revision.draft_id}/",
            f"/api/v1/drafts/{half.pk}/",
            f"/api/v1/drafts/{again.draft_id}/",
            f"/incidents/{incident.pk}/",
            f"/inbox/?incident={incident.pk}",
            f"/saved-replies/{saved.pk}/",
            f"/saved-replies/new/?incident={incident.pk}",
            f"/api/v1/customers/{own.id}/",
            f"/people/{agent.person_id}/",
            f"/guidelines/{department.pk}/",
        ],
    }


def posted(desk, ticket, account, writer, endorser, text):
    """A reply that stands on X, by these two."""
    from posting.models import Delivery
    from posting.sending import delivery
    from posting.states import Outcome
    from tests import factories
    from tickets.models import ConnectedAccount

    draft = factories.approved(
        desk, factories.submitted(desk, ticket, by=writer, text=text), by=endorser
    )
    claimed = delivery.claim(
        draft, ConnectedAccount.objects.select_related("department").get(pk=account.pk)
    )
    delivery.record_posted(
        claimed.attempt, str(5000 + claimed.delivery.pk), Outcome.POSTED, shown=None
    )
    return Delivery.objects.get(pk=claimed.delivery.pk)


def sweep(canaries: Canaries, clients: dict, keys: dict) -> tuple[int, list[str]]:
    """Open every address as everybody.

    How many were opened, and what stood there that should not.
    """
    opened, found = 0, []
    for actor, client in clients.items():
        for address in canaries.addresses():
            headers = (
                {"authorization": f"Token {keys[actor]}"}
                if address.startswith("/api/v1/") and actor in keys
                else {}
            )
            answer = client.get(address, headers=headers)
            opened += 1
            if answer.status_code >= 500:
                found.append(f"{actor} {address}: {answer.status_code}")
            found += [
                f"{actor} reads {leak} at {address}"
                for leak in canaries.leaks(actor, answer.content.decode(errors="replace"))
            ]
    return opened, found


def letters(canaries: Canaries) -> tuple[int, list[str]]:
    """Make the notices and write the letters that are due.

    How many there were, and what stood in them that should not.
    """
    from django.core import mail
    from django.test.utils import override_settings

    from notices import dispatch
    from notices import notice_email as writing

    people = {
        getattr(canaries.desk, one).email: one
        for one in {*FORBIDDEN["service"], *FORBIDDEN["business"]} - {"nobody", "gone"}
    }
    with override_settings(
        EMAIL_HOST="mail.example.com", EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"
    ):
        mail.outbox = []
        dispatch.tell()
        writing.send_due()
        found = [
            f"a letter to {people[one.to[0]]} has {leak}"
            for one in mail.outbox
            if one.to[0] in people
            for leak in canaries.leaks(people[one.to[0]], f"{one.subject}\n{one.body}")
        ]
        return len(mail.outbox), found
