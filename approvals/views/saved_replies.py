"""Saved replies: the list, one of them, and finding one while writing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from approvals import policies
from approvals.checks import Finding
from approvals.drafts import finding_messages, saved_replies
from approvals.forms import SavedReplyForm, as_typed
from approvals.models import SavedReply
from core.errors import Reason
from core.screens.form_values import posted, sent, whole
from core.screens.typed_values import words_in
from people import access
from people.models import Department, User
from people.requests import DeskRequest
from satisfaction import asking
from tickets.models import Incident, OwnPost, Ticket
from tickets.querysets import conversations_of
from tickets.views.lookup import load

INVITATION = 0  # stands among the saved replies, and is none: the survey's question with its link


def listing(request: DeskRequest) -> HttpResponse:
    """Those of the company and of the departments one sees, the most used first.

    With the way to change them for who may.
    """
    user = request.user
    departments = (
        list(Department.objects.all()) if user.is_administrator else access.departments_of(user)
    )
    groups = [
        {
            "department": one,
            "replies": list(
                SavedReply.objects.filter(
                    department=one, incident=None, retired_at__isnull=True
                ).order_by("-uses", "title")
            ),
            "why_not": policies.why_not_save_replies(one, user),
        }
        for one in [None, *departments]
    ]
    return render(
        request,
        "approvals/saved_replies.html",
        {"groups": groups, "mine": any(not one["why_not"] for one in groups)},
    )


def edit(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """One saved reply, new or known; what was typed stays when it is refused."""
    user = request.user
    reply = reply_asked(pk) if pk else None
    incident = incident_asked(request, user)
    form = form_of(request, reply, incident)
    if reply and posted(request, "act") == "retire":
        with form.refusing():
            saved_replies.retire(reply, by=user)
            messages.success(request, _("It is no longer offered."))
            return redirect("saved-replies")
    elif form.is_valid():
        with form.refusing():
            findings = keep_typed(reply, form.cleaned_data, incident, user)
            said = [_("Saved."), *map(finding_messages.sentence, findings)]
            messages.success(request, " ".join(map(str, said)))
            return redirect("incident", pk=incident.pk) if incident else redirect("saved-replies")
    why_not = why_not_edit(reply, user)
    context = {
        "reply": reply,
        "form": form,
        "why_not": why_not,
        "kept": words_in(request),
        "incident": reply.incident if reply else incident,
    }
    status = 403 if why_not and not form.is_bound else form.status
    return render(request, "approvals/saved_reply.html", context, status=status)


def reply_asked(pk: int) -> SavedReply:
    """Return the saved reply of this number; 404 if there is none, or it is retired."""
    replies = SavedReply.objects.select_related("department", "incident")
    return get_object_or_404(replies, pk=pk, retired_at__isnull=True)


def owned_by(user: User) -> list[Department | None]:
    """Return where this person keeps saved replies: in departments, or (None) in the company."""
    everywhere = [None, *Department.objects.all()]
    return [one for one in everywhere if not policies.why_not_save_replies(one, user)]


def why_not_edit(reply: SavedReply | None, user: User) -> Reason | None:
    """Return why this person may not change the reply, or write a new one anywhere."""
    if reply is None and owned_by(user):
        return None
    return policies.why_not_save_replies(reply.department if reply else None, user)


def form_of(
    request: DeskRequest, reply: SavedReply | None, incident: Incident | None
) -> SavedReplyForm:
    """Return the form: as it was sent, the reply's own, or with what a ticket brings along."""
    user = request.user
    data = sent(request)
    initial: dict[str, Any] = {}
    if reply:
        initial = as_typed(reply)
    elif data is None:
        initial = out_of_ticket(request, user)
    return SavedReplyForm(
        data, initial=initial, owned=None if reply or incident else owned_by(user)
    )


def keep_typed(
    reply: SavedReply | None, typed: dict[str, Any], incident: Incident | None, user: User
) -> list[Finding]:
    """Keep what was typed where it belongs; return what the checks say about it."""
    department: Department | None = typed.pop("department", None)
    if incident:
        department = incident.department
    elif reply:
        department = reply.department
    _kept, findings = saved_replies.keep(
        reply, department=department, incident=incident, by=user, **typed
    )
    return findings


def incident_asked(request: DeskRequest, user: User) -> Incident | None:
    """Return the incident for which a text is written; 404 for one of another department."""
    wanted = whole(request.GET.get("incident", ""))
    return (
        get_object_or_404(
            Incident.objects.filter(department__in=access.department_ids(user)).select_related(
                "department"
            ),
            pk=wanted,
        )
        if wanted
        else None
    )


def out_of_ticket(request: DeskRequest, user: User) -> dict[str, Any]:
    """Return what a new one begins with.

    Nothing, or the reply of ours (`post`) that somebody found worth it in a ticket (`ticket`).
    """
    typed: dict[str, Any] = {"language": user.language or "en"}
    number, post = whole(request.GET.get("ticket", "")), whole(request.GET.get("post", ""))
    if number is None or post is None:
        return typed
    ticket = load(user, number)
    own = get_object_or_404(
        OwnPost,
        pk=post,
        network=ticket.account.network,
        conversation_id__in=conversations_of(ticket),
    )
    language = ticket.language if ticket.language in {"de", "en"} else typed["language"]
    return {
        "text": saved_replies.out_of(own.text, ticket),
        "language": language,
        "department": str(ticket.department_id),
    }


def search(request: DeskRequest, number: int) -> HttpResponse:
    """Those that fit what was typed after the slash, filled in for this ticket."""
    user = request.user
    ticket = load(user, number)
    rows, more = saved_replies.found(ticket, request.GET.get("q", "")[:100])
    return JsonResponse(
        {
            "more": more,
            "replies": [
                *invitation_in(ticket, request.GET.get("q", "")),
                *(
                    {
                        "id": one.pk,
                        "title": one.title,
                        "language": one.language,
                        "uses": one.uses,
                        "text": saved_replies.filled(one, ticket, user.person),
                    }
                    for one in rows
                ),
            ],
        }
    )


def invitation_in(ticket: Ticket, words: str) -> list[dict[str, Any]]:
    """Return what asks the customer how content they are, if this one is asked and it fits."""
    invitation = asking.invitation_of(ticket)
    title = _("Ask whether it is solved (about 0.20 USD on X)")
    if invitation is None or words.strip().lower() not in f"{title} {invitation.text}".lower():
        return []
    return [
        {
            "id": INVITATION,
            "title": title,
            "language": invitation.language,
            "uses": 0,
            "text": invitation.text,
        }
    ]


def use(request: DeskRequest, number: int, pk: int) -> HttpResponse:
    """Count that it was put into a reply; the survey's link works from then on."""
    ticket = load(request.user, number)
    if request.method == "POST" and pk == INVITATION:
        asking.ask(ticket, by=request.user)
    elif request.method == "POST":
        saved_replies.count_use(
            get_object_or_404(
                saved_replies.applying_to(ticket.department, ticket.incident_id), pk=pk
            )
        )
    return JsonResponse({})
