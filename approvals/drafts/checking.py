"""Run the checks of the guidelines that apply to a ticket, and keep what they found."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext as _

from approvals import applicable_guidelines
from approvals.checks import Finding as Found
from approvals.checks import Text, examine
from approvals.checks.base import SEVERITIES
from approvals.checks.language.languages import address_of
from approvals.checks.language.prose import detect
from approvals.drafts import finding_messages, saved_replies
from approvals.drafts.payload import signed
from approvals.models import Finding, GuidelineVersion, Review, Revision
from approvals.states import Decision, DraftStatus
from core.database.db_time import desk_now
from core.errors import Invalid, Reason
from core.text.characters import cleaned, says_something
from core.text.readable import readable
from people.models import Person
from tickets.models import Ticket
from tickets.querysets import mentions_of

RECENT = 100
SAVED = 200
WITHIN = timedelta(hours=24)
LATER = 5  # posts of the customer that are asked for their language
ALSO_IN_ALT = {
    "amount",
    "date",
    "forbidden_words",
    "links",
    "money",
    "personal_data",
    "quoted_insult",
}


def examined(
    ticket: Ticket,
    typed: str,
    *,
    author: Person,
    versions: list[GuidelineVersion] | None = None,
    alts: Iterable[str] = (),
) -> list[Found]:
    """Return what the checks say about these words of this author as a reply in this ticket.

    Of the pictures' descriptions `alts`, what must not stand in public anywhere (personal data,
    promises, words to avoid), without a place in the text.
    """
    if not typed.strip():
        return []
    text = surroundings(ticket, typed, author)
    versions = (
        applicable_guidelines.applying_to(ticket.department) if versions is None else versions
    )
    found = [
        one for version in versions for one in examine(text, version.paragraphs, version=version.pk)
    ]
    known = {one.key for one in found}
    for alt in alts:
        for one in (
            each
            for version in versions
            for each in examine(replace(text, typed=alt), version.paragraphs, version=version.pk)
        ):
            if one.kind in ALSO_IN_ALT and one.key not in known:
                known.add(one.key)
                found.append(replace(one, start=0, end=0, values={**one.values, "place": "alt"}))
    return sorted(found, key=weight)


def weight(one: Found) -> tuple[int, bool, int, int]:
    """Say where a finding stands in a list: what holds the reply up first, then by its place."""
    return (-SEVERITIES.index(one.severity), one.end == 0, one.start, one.end)


def surroundings(ticket: Ticket, typed: str, author: Person) -> Text:
    """Return the text with everything that the checks want to know around it."""
    posts = [
        text
        for text in mentions_of(ticket)
        .filter(customer=ticket.customer)
        .order_by("written_at")
        .values_list("newest__text", flat=True)
        if text
    ]
    words = "\n".join(posts)
    language = language_of(ticket, posts)
    return Text(
        typed=typed,
        whole=signed(typed, author.initials) if author.initials else typed,
        initials=author.initials or "",
        known_initials=frozenset(
            one for one in Person.objects.values_list("initials", flat=True) if one
        ),
        first_reply=not ticket.drafts.filter(status=DraftStatus.POSTED).exists(),
        customer=f"@{ticket.customer.handle}",
        customer_text=words,
        customer_language=language,
        customer_address=address_of(words) if language == "de" else "",
        customer_tags=tuple(sorted({*ticket.customer.tags, *ticket.tags})),
        recent_replies=recent(ticket),
        saved_replies={
            one.title: saved_replies.filled(one, ticket, author)
            for one in saved_replies.applying_to(ticket.department)[:SAVED]
        },
    )


def language_of(ticket: Ticket, posts: list[str]) -> str:
    """Return the language that the customer writes now.

    Of the newest later post that tells, else the ticket's, else of all posts.
    """
    told = next((found for post in reversed(posts[1:][-LATER:]) if (found := detect(post))), "")
    if told:
        return told
    return (
        ticket.language
        if ticket.language not in saved_replies.UNKNOWN
        else detect("\n".join(posts))
    )


def recent(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Return our words of the last day from this account to other customers.

    Approved ones alone, the newest first.
    """
    found = (
        Revision.objects.filter(
            reviews__at__gt=desk_now() - WITHIN,
            reviews__decision=Decision.APPROVE,
            reviews__void__isnull=True,
            draft__status__in=[DraftStatus.APPROVED, DraftStatus.POSTED],
            draft__ticket__account=ticket.account_id,
        )
        .exclude(draft__ticket__customer=ticket.customer_id)
        .order_by("-id")
        .values_list("draft__ticket__customer__handle", "payload", "draft_id")[:RECENT]
    )
    newest: dict[int, tuple[str, str]] = {}
    for handle, payload, draft in found:
        newest.setdefault(draft, (f"@{handle}", Revision(payload=payload).text))
    return tuple(newest.values())


def passed(found: list[Found], explanations: dict[str, str]) -> list[Found]:
    """Return the findings, if nothing blocks and everything that wants an explanation has one.

    Else `Invalid` with the findings.
    """
    for explanation in explanations.values():
        readable(explanation, "explanations")
    blocking = [one for one in found if one.severity == "blocks"]
    if blocking:
        title = finding_messages.title_of(blocking[0])
        raise Invalid(
            Reason(
                "finding_blocks",
                _(
                    "One finding blocks this text: {title}, paragraph {n}. Change the "
                    "marked place, then submit."
                ).format(title=title, n=blocking[0].paragraph),
            ),
            "text",
            findings=[finding_messages.shown(one) for one in found],
        )
    if any(
        one.severity == "must_explain" and not says_something(explanations.get(one.key, ""))
        for one in found
    ):
        raise Invalid(
            Reason(
                "finding_explain",
                _(
                    "Explain this finding in a sentence, or change the text. The reviewer "
                    "sees both."
                ),
            ),
            "explanations",
            findings=[finding_messages.shown(one) for one in found],
        )
    return found


def reasons_for_the_lead(found: list[Found]) -> str:
    """Why the lead has to decide, in a sentence; empty where no finding wants that."""
    wanted = {
        one.paragraph: finding_messages.title_of(one)
        for one in found
        if one.severity == "needs_lead"
    }
    return "; ".join(
        _("Guideline, paragraph {n}: {title}").format(n=number, title=title)
        for number, title in wanted.items()
    )


def keep(
    revision: Revision,
    found: list[Found],
    explanations: dict[str, str],
    *,
    review: Review | None = None,
) -> None:
    """Freeze the findings with the revision they were made for.

    `review` is the approval at which they came up, if that was after the text was submitted.
    """
    Finding.objects.bulk_create(
        Finding(
            revision=revision,
            review=review,
            version_id=one.version,
            paragraph=one.paragraph,
            kind=one.kind,
            detail=one.detail,
            severity=one.severity,
            words=one.words,
            start=one.start,
            end=one.end,
            values=one.values,
            explanation=cleaned(explanations.get(one.key, ""))[:500],
        )
        for one in found
    )
