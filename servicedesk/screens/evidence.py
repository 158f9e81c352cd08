"""One page per reply with everything that stands behind it, made to be printed."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from approvals.models import Draft
from core import audit_chain
from core.database.db_time import desk_now
from people.requests import DeskRequest
from servicedesk.evidence import anchors, export, story
from tickets.querysets import visible_to


def evidence(request: DeskRequest, pk: int) -> HttpResponse:
    """For whoever sees the ticket."""
    told = story.of_draft(visible_draft(request, pk))
    numbers = [step.number for step in told.steps if step.number]
    return render(
        request,
        "servicedesk/evidence.html",
        {
            "story": told,
            "now": desk_now(),
            "first": min(numbers, default=None),
            "last": max(numbers, default=None),
            "head": audit_chain.head(),
            "unlinked": len(told.steps) - len(numbers),
            "anchor": anchors.last(),
        },
    )


def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """Hand the same as a file over that anybody can verify without the desk."""
    draft = visible_draft(request, pk)
    answer = HttpResponse(export.of_reply(draft), content_type="application/zip")
    name = f"evidence-{draft.ticket.number}-{draft.pk}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def visible_draft(request: DeskRequest, pk: int) -> Draft:
    """Return the draft with what its story shows; 404 for who does not see the ticket."""
    drafts = Draft.objects.filter(ticket__in=visible_to(request.user)).select_related(
        "ticket__customer", "ticket__account", "ticket__department", "writer__person", "target"
    )
    return get_object_or_404(drafts, pk=pk)
