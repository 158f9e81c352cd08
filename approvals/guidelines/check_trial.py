"""Trying a check before it is published.

On a typed sample, and on what was really submitted here before.
"""

from typing import Any

from approvals.checks import Finding, Text, examine
from approvals.drafts import checking, finding_messages
from approvals.models import Revision
from people.models import Department

EARLIER = 200
SHOWN = 40


def on_sample(typed: str, check: dict[str, Any], paragraph: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the check finds in a typed sample, as a first reply under the initials `an`."""
    text = Text(
        typed=typed,
        whole=f"{typed} ^an",
        initials="an",
        known_initials=frozenset({"an"}),
        first_reply=True,
        customer="@customer",
    )
    return [parts(typed, one) for one in examine(text, [{**paragraph, "checks": [check]}])]


def on_earlier(
    check: dict[str, Any], paragraph: dict[str, Any], department: Department | None
) -> dict[str, Any]:
    """Return what it would have found in the newest texts that were submitted here.

    How many were read, and those it would have marked.
    """
    revisions = Revision.objects.select_related(
        "draft__ticket__customer", "draft__ticket__account", "person"
    ).order_by("-id")
    if department:
        revisions = revisions.filter(draft__ticket__department=department)
    read = 0
    marked: list[dict[str, Any]] = []
    more = 0
    for revision in revisions[:EARLIER]:
        read += 1
        typed = revision.text.removesuffix(f" ^{revision.initials}")
        found = examine(
            checking.surroundings(revision.draft.ticket, typed, revision.draft.writer.person),
            [{**paragraph, "checks": [check]}],
        )
        if found and len(marked) == SHOWN:
            more += 1
        elif found:
            marked.append(
                {
                    "ticket": revision.draft.ticket.number,
                    "finding": parts(typed, found[0]),
                    "more": len(found) - 1,
                }
            )
    return {"read": read, "marked": marked, "more": more, "found": len(marked) + more}


def parts(typed: str, finding: Finding) -> dict[str, Any]:
    """Return a text cut at the place of a finding."""
    return {
        "before": typed[: finding.start],
        "words": typed[finding.start : finding.end],
        "after": typed[finding.end :],
        "sentence": finding_messages.sentence(finding),
    }
