"""Pictures of a reply from the ticket's page: bring, take away, show."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from approvals.drafts import attachments, drafting
from approvals.models import Attachment
from core.screens.form_values import is_posted, posted, whole_number
from people.requests import DeskRequest
from servicedesk.screens.composer import alts_in, open_draft_of
from tickets.views.lookup import load


@require_POST
def add(request: DeskRequest, number: int) -> HttpResponse:
    """Add the pictures that the form brings, and keep what was typed beside them.

    The first one opens the draft.
    """
    user = request.user
    ticket = load(user, number)
    draft = open_draft_of(ticket)
    if draft is None:
        draft = drafting.open_draft(ticket, by=user, text=posted(request, "text"))
    elif is_posted(request, "text"):
        draft = drafting.save(
            draft, text=posted(request, "text"), saved=whole_number(request, "saved"), by=user
        )
    attachments.describe(draft, alts_in(request), by=user)
    if not request.FILES.getlist("picture"):
        attachments.attach(draft, picture=None, size=0, by=user)
    added = [
        attachments.attach(draft, picture=one, size=one.size or 0, by=user)
        for one in request.FILES.getlist("picture")
    ]
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect("ticket", number=number)
    return JsonResponse(
        {
            "saved": draft.saved,
            "attachments": [
                {
                    "id": one.pk,
                    "url": reverse("attachment", args=[number, one.pk]),
                    "remove": reverse("attachment-remove", args=[number, one.pk]),
                    "alt": one.alt,
                    "width": one.width,
                    "height": one.height,
                }
                for one in added
            ],
        }
    )


@require_POST
def remove(request: DeskRequest, number: int, pk: int) -> HttpResponse:
    """Take one away; what was typed beside it is kept too."""
    user = request.user
    draft = open_draft_of(load(user, number))
    if draft is not None:
        if is_posted(request, "text"):
            draft = drafting.save(
                draft, text=posted(request, "text"), saved=whole_number(request, "saved"), by=user
            )
        attachments.describe(draft, alts_in(request), by=user)
        attachments.detach(draft, pk, by=user)
    return (
        JsonResponse({})
        if request.headers.get("X-Requested-With") == "fetch"
        else redirect("ticket", number=number)
    )


@require_GET
def image(request: DeskRequest, number: int, pk: int) -> HttpResponse:
    """Show the picture itself, for whoever sees the ticket; its bytes never change."""
    one = get_object_or_404(Attachment, pk=pk, draft__ticket=load(request.user, number))
    name = f"{one.sha256[:12]}.{attachments.EXTENSIONS[one.kind]}"
    return HttpResponse(
        bytes(one.image),
        content_type=one.kind,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
