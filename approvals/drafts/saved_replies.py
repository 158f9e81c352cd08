"""Saved replies: keeping and retiring them, finding and filling them in."""

import re

import regex
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from approvals import applicable_guidelines, events, policies
from approvals.checks import Finding, Text, examine, placeholders
from approvals.drafts import finding_messages
from approvals.models import SavedReply
from core.audit import record
from core.database.guards import DeskNow
from core.database.locking import lock_row
from core.errors import Invalid, NotAllowed, Reason
from core.text.readable import one_line, readable
from networks.text import HANDLE, behind_handles
from people.models import Department, Person, User
from tickets.models import Customer, Incident, Ticket

SIGNATURE = re.compile(r"\s*\^[A-Za-z]{2,4}\s*$")
# Letters with their marks, and what joins them in names: Anne-Marie O’Neil, J. R. Müller. A dot
# only at the end of a word: X would make a link of one within.
NAME = regex.compile(r"(?=.{2,40}$)\p{L}[\p{L}\p{M}'’-]*\.?(?: \p{L}[\p{L}\p{M}'’-]*\.?){0,4}")
BESIDE_A_NAME = regex.compile(r"[\p{So}\p{Emoji_Modifier}\uFE0F\u200D]+")
LONGEST = 2000
SHOWN = 30
UNKNOWN = {"", "und", "zxx", "qme", "qst"}  # what X says where it knows no language


def applying_to(department: Department, incident: int | None = None) -> QuerySet[SavedReply]:
    """Return the company's and the department's, the most used first.

    An incident's only with it.
    """
    for_all = Q(department=department, incident=None) | Q(department=None)
    return SavedReply.objects.filter(
        for_all | Q(incident=incident) if incident else for_all, retired_at__isnull=True
    ).order_by("-uses", "title", "id")


def of_incident(ticket: Ticket, writer: Person) -> str:
    """Return the text of the ticket's incident in the customer's language.

    Filled in for this ticket.

    Where that is not known, the only text there is. Else empty.
    """
    if not ticket.incident_id:
        return ""
    replies = list(
        SavedReply.objects.filter(incident=ticket.incident_id, retired_at__isnull=True).order_by(
            "-id"
        )
    )
    reply = next((one for one in replies if one.language == ticket.language), None)
    if reply is None and ticket.language in UNKNOWN and len(replies) == 1:
        reply = replies[0]
    return filled(reply, ticket, writer) if reply else ""


def found(ticket: Ticket, words: str) -> tuple[list[SavedReply], int]:
    """Those whose title or text holds every word, the ticket's language first, then the most used.

    And how many more there are.
    """
    replies = applying_to(ticket.department, ticket.incident_id)
    for word in words.split()[:6]:
        replies = replies.filter(Q(title__icontains=word) | Q(text__icontains=word))
    fitting = sorted(replies, key=lambda one: (one.language != ticket.language, -one.uses))
    return fitting[:SHOWN], len(fitting[SHOWN:])


def filled(reply: SavedReply, ticket: Ticket, writer: Person) -> str:
    """Return the text with what the desk knows filled in; other fields stay for the writer."""
    return reply.text.replace("{customer}", called(ticket.customer)).replace(
        "{agent}", writer.first_name
    )


def called(customer: Customer) -> str:
    """Return what a greeting calls the customer: their name, else `@handle`.

    A name is at most five words of letters, without the emoji beside them; what else people put
    there (slogans, addresses, numbers, a name of a thousand letters) is nothing to greet with.
    """
    name = " ".join(BESIDE_A_NAME.sub(" ", customer.name).split())
    return name if NAME.fullmatch(name) else f"@{customer.handle}"


def out_of(words: str, ticket: Ticket) -> str:
    """Return what would be kept of a reply that stands on X.

    Without the handles in front, without its signature, and with a field where the customer is
    named.
    """
    text = SIGNATURE.sub("", behind_handles(words.strip()))
    handle = ticket.customer.handle.lower()
    text = HANDLE.sub(
        lambda found: "{customer}" if found.name.lower() == handle else found.written, text
    )
    names = [ticket.customer.name, *ticket.customer.name.split()[:1]]
    for name in names:
        if len(name) > 2:
            text = re.sub(
                rf"(?<!\w){re.escape(name)}(?!\w)", "{customer}", text, flags=re.IGNORECASE
            )
    return text


def count_use(reply: SavedReply) -> None:
    """Count that it was put into a reply."""
    SavedReply.objects.filter(pk=reply.pk).update(uses=F("uses") + 1)


@transaction.atomic
def keep(
    reply: SavedReply | None,
    *,
    department: Department | None,
    title: str,
    language: str,
    text: str,
    by: User,
    incident: Incident | None = None,
) -> tuple[SavedReply, list[Finding]]:
    """Keep a new one or change one; returns it with what the guideline's checks say about it.

    Refuses a text that a check blocks.
    """
    if reason := policies.why_not_save_replies(department, by):
        raise NotAllowed(reason)
    title, text = one_line(title, "title")[:120], readable(text)
    refuse_incomplete(title, language, text)
    findings = examined(department, text, language)
    refuse_blocked(findings)
    if incident is not None:
        refuse_incident_elsewhere(incident, department)
    if reply is None and (known := _just_kept(department, incident, title, language, text)):
        return known, findings
    kept = reply or SavedReply(department=department, incident=incident)
    kept.title, kept.language, kept.text, kept.by = title, language, text, by
    if reply is None:
        kept.save(force_insert=True)
    else:
        kept.save(update_fields=["title", "language", "text", "by"])
    SavedReply.objects.filter(pk=kept.pk).update(at=DeskNow())
    record(
        events.SAVED_REPLY_KEPT, kept, by=by, department_id=department.pk if department else None
    )
    return kept, findings


def refuse_incomplete(title: str, language: str, text: str) -> None:
    """Refuse (`Invalid`) what has no title or text, a text that is too long, another language."""
    if not title or not text:
        reason = Reason("text_empty", _("A saved reply has a title and a text."))
        raise Invalid(reason, "text" if title else "title")
    if len(text) > LONGEST:
        sentence = _("At most {n} readable characters.").format(n=LONGEST)
        raise Invalid(Reason("text_long", sentence), "text")
    if language not in {"de", "en"}:
        raise Invalid(Reason("language_unknown", _("Choose a language.")), "language")


def refuse_blocked(findings: list[Finding]) -> None:
    """Refuse (`Invalid`, with all findings) a text that a check blocks; its length may change."""
    blocking = [one for one in findings if one.severity == "blocks" and one.kind != "length"]
    if not blocking:
        return
    sentence = _(
        "One finding blocks this text: {title}, paragraph {n}. Change the marked place, "
        "then submit."
    ).format(title=finding_messages.title_of(blocking[0]), n=blocking[0].paragraph)
    raise Invalid(
        Reason("finding_blocks", sentence),
        "text",
        findings=[finding_messages.shown(one) for one in findings],
    )


def refuse_incident_elsewhere(incident: Incident, department: Department | None) -> None:
    """Refuse (`Invalid`) an incident that is over, or that belongs to another department."""
    elsewhere = incident.department_id != (department.pk if department else None)
    if elsewhere or incident.ended_at is not None:
        sentence = _("This incident is over, or belongs to another department.")
        raise Invalid(Reason("incident_elsewhere", sentence), "incident")


def _just_kept(
    department: Department | None, incident: Incident | None, title: str, language: str, text: str
) -> SavedReply | None:
    """One that says the very same in the same place: a form that was sent twice."""
    if department:
        lock_row(Department, department.pk)
    same = SavedReply.objects.filter(
        department=department, incident=incident, title=title, language=language, text=text
    )
    return same.filter(retired_at__isnull=True).first()


@transaction.atomic
def retire(reply: SavedReply, *, by: User) -> None:
    """Offer it no longer; replies that were made from it stay as they are."""
    if reason := policies.why_not_save_replies(reply.department, by):
        raise NotAllowed(reason)
    if not SavedReply.objects.filter(pk=reply.pk, retired_at__isnull=True).update(
        retired_at=DeskNow()
    ):
        return
    record(events.SAVED_REPLY_RETIRED, reply, by=by, department_id=reply.department_id)


def examined(department: Department | None, text: str, language: str) -> list[Finding]:
    """Return what the checks say about a text that is not yet for anybody.

    Fields count as words, and nobody has signed.
    """
    versions = (
        applicable_guidelines.applying_to(department)
        if department
        else [one for one in [applicable_guidelines.current(None)] if one]
    )
    typed = placeholders.FIELD.sub(lambda field: "x" * len(field.group()), text)
    shown = Text(
        typed=typed, initials="xx", known_initials=frozenset({"xx"}), customer_language=language
    )
    return [
        one
        for version in versions
        for one in examine(shown, version.paragraphs, version=version.pk)
    ]
