"""What lower packages' screens show of drafts.

The composer on a ticket's page, pairs of signatures in lists, guidelines.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Any, cast

from django import template
from django.db.models import Q
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from approvals import policies, querysets
from approvals.checks import KINDS
from approvals.checks.kinds import SEVERITY_LABELS
from approvals.drafts import finding_messages, word_differences
from approvals.drafts.composer import SUBMITTED, Composer, Refused, composer_of
from approvals.drafts.guideline_beside import beside
from approvals.models import (
    Call,
    Finding,
    GuidelineVersion,
    Review,
    Revision,
    Void,
)
from approvals.reviews import void_messages
from core.database import at_hand
from core.database.db_time import desk_now
from core.screens import drawn_once
from core.text import foreign_html
from core.text import formatting as words
from core.text.direction import direction_of
from people import access
from people.hours import on_call
from people.models import Person, User
from tickets.conversations.reply_permission import Light
from tickets.inbox import rows
from tickets.models import Mention, Ticket

register = template.Library()
SHOWN_TERMS = 6


@register.simple_tag
def with_pairs(groups: list[rows.Group]) -> list[rows.Group]:
    """Return the groups of a list with the pair in each row of which somebody writes a reply."""
    writers = querysets.writers_of([row.ticket for group in groups or [] for row in group.rows])
    return rows.with_pairs(groups or [], writers)


@register.simple_tag
def drawn(row: rows.Row, group: str, selecting: bool) -> SafeString:
    """Draw a row of a list, to be opened or to be chosen; what was drawn before is at hand."""
    return drawn_in(row, group == "yours", bool(selecting), get_language())


@lru_cache(maxsize=1500)
def drawn_in(row: rows.Row, is_yours: bool, is_choice: bool, _language: str | None) -> SafeString:
    """Draw a row in the language that it is prepared in."""
    context = {
        "row": row,
        "is_yours": is_yours,
        "selecting": is_choice,
        "unread": _("unread") if row.is_unread else "",
    }
    return cast(SafeString, get_template("screens/_row.html").render(context))


@register.filter
def as_difference(pieces: list[word_differences.Piece]) -> SafeString:
    """Render the pieces of a text: what was added as `ins`, what was removed as `del`.

    A filter and not a fragment: the text keeps its own blanks, a layout would add others.
    """
    return format_html_join("", "{}", ((as_element(piece),) for piece in pieces))


@register.filter
def difference_direction(pieces: list[word_differences.Piece]) -> str:
    """Return which way a difference runs: the way of the text as it stands now."""
    return direction_of("".join(piece.text for piece in pieces if piece.kind != "removed"))


def as_element(piece: word_differences.Piece) -> SafeString:
    """Render one piece, escaped: as `ins`, as `del`, or as it stands."""
    if piece.kind == "added":
        return format_html("<ins>{}</ins>", piece.text)
    if piece.kind == "removed":
        return format_html("<del>{}</del>", piece.text)
    return format_html("{}", piece.text)


@register.filter
def rests_on_one(number: int) -> bool:
    """Whether the approval of this number rests on a right that one person alone gave, still."""
    review = Review.objects.filter(pk=number).first()
    return review is not None and review.rests_on_one


@register.simple_tag
def may_keep_replies(ticket: Ticket, user: User) -> bool:
    """Whether this person may keep one of our replies for later."""
    return policies.why_not_save_replies(ticket.department, user) is None


@register.inclusion_tag("approvals/_composer.html")
def composer(
    ticket: Ticket, user: User, light: Light | None, refused: Refused | None
) -> dict[str, Any]:
    """Show the reply pane of a ticket; what it needs is prepared in `approvals.drafts.composer`.

    `light` is that of the post that the next reply would answer, `refused` the reply's form where
    it was refused.
    """
    pane = composer_of(ticket, user, refused or Refused(), light)
    return {"composer": pane}


@register.simple_tag
def answered_post(revisions: list[Revision], target: Mention | None) -> Mention | None:
    """Return the post that the reply goes to: what the waiting text among a ticket's names.

    Where none waits it is `target`, what the next reply would answer.
    """
    waiting = [one for one in revisions if one.draft.status in SUBMITTED]
    newest = max(waiting, key=lambda one: (one.draft_id, one.number), default=None)
    return newest.target if newest else target


@register.filter
def finding_sentence(finding: Finding) -> str:
    """Return what a frozen finding says."""
    return finding_messages.sentence(finding)


@register.filter
def severity_label(finding: Finding) -> str:
    """How much it weighs, in words."""
    return str(SEVERITY_LABELS[finding.severity])


@register.filter
def confirm_until(version: GuidelineVersion) -> str:
    """Until when one may go on writing without having confirmed it."""
    return words.until(version.at + timedelta(hours=version.confirm_within_hours))


@register.simple_tag
def guideline_beside(composer: Composer) -> SafeString | str:
    """Draw the guideline beside the text; nothing where none holds."""
    versions, findings = composer.checks.guidelines, composer.checks.findings
    if not versions:
        return ""
    part = beside(versions, findings, composer.standing.ticket)
    return drawn_once.drawn("approvals/_guideline_beside.html", part)


@register.simple_tag
def void_sentence(void: Void) -> str:
    """Cause and next step, for the author."""
    return void_messages.for_author(void)


@register.simple_tag
def revisions_of(ticket: Ticket) -> list[Revision]:
    """Every revision of every draft of a ticket, for its history."""
    if at_hand.is_read(ticket, "drafts") and not ticket.drafts.all():
        return []
    return list(
        Revision.objects.filter(draft__ticket=ticket)
        .select_related("draft", "person")
        .prefetch_related("reviews__person", "reviews__void")
        .order_by("id")
    )


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as HTML; HTML in the text is shown, not obeyed."""
    return foreign_html.prose(text)


@register.simple_tag
def signature(initials: str) -> SafeString:
    """Draw initials in the hand."""
    return format_html('<span class="hand">^{}</span>', initials)


@register.filter
def check_label(check: dict[str, Any]) -> str:
    """Return what a check is called."""
    return str(KINDS[check["kind"]].label) if check["kind"] in KINDS else check["kind"]


@register.filter
def check_about(check: dict[str, Any]) -> str:
    """Return what a check notices; of listed words the first few in the reader's language."""
    about = str(KINDS[check["kind"]].about) if check["kind"] in KINDS else ""
    lists = check.get("settings", {}).get("terms") or check.get("settings", {}).get("when") or {}
    terms: list[str] = lists.get((get_language() or "en")[:2]) or next(iter(lists.values()), [])
    if not terms:
        return about
    rest = " …" if len(terms) > SHOWN_TERMS else ""
    return f"{about} {', '.join(terms[:SHOWN_TERMS])}{rest}"


@register.filter
def check_severity(check: dict[str, Any]) -> str:
    """How much a check weighs, in words."""
    return str(SEVERITY_LABELS.get(check["severity"], check["severity"]))


@register.simple_tag
def people_named(ids: list[int] | None) -> str:
    """Return these people's names, in words."""
    return words.listed(
        list(Person.objects.filter(pk__in=ids or []).order_by("id").values_list("name", flat=True))
    )


@register.simple_tag
def calls_to(revision: Revision | None, ticket: Ticket) -> list[Call]:
    """Whom the clock has called to this text or to the ticket's open escalation."""
    about = Q(escalation__ticket=ticket, escalation__ended_at__isnull=True)
    if revision is not None:
        about |= Q(revision=revision)
    return list(Call.objects.filter(about).select_related("person").order_by("id"))


@register.simple_tag
def duty_sentence(ticket: Ticket, revision: Revision | None = None) -> str:
    """Where nobody who may decide is on duty: who will be, and when; empty while somebody is."""
    lead_side = bool(ticket.escalations.filter(ended_at__isnull=True).exists())
    entitled = access.entitled(
        ticket.department, lead_side=lead_side, owner=ticket.account.department
    )
    people = list(
        entitled.exclude(pk__in=access.all_rows_of(revision.person_id) if revision else [])
    )
    found = on_call.of_entitled(people, ticket.department, desk_now())
    if found.now:
        return ""
    if not people:
        return _("Nobody may decide on this reply at present. Ask the administrator.")
    if found.next_at is None:
        return _("Nobody who may decide is on duty, and none of them is expected.")
    return _("Nobody who may decide is on duty now. {names} will be {when}.").format(
        names=words.listed([one.name for one in found.next_people], words.NAMED),
        when=words.when(found.next_at),
    )
