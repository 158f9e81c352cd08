"""Saved replies: the list, one of them, and finding one while writing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from approvals import finding_words, policies, saved_replies
from approvals.models import SavedReply
from approvals.text_checks import Finding
from core.errors import DeskError
from core.forms import whole
from core.typed import words_in
from people import access
from people.models import Department, User
from people.requests import DeskRequest
from tickets.models import Incident, OwnPost
from tickets.views.ticket import load


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
    context = edit_context(request, reply, user)
    if request.method != "POST":
        status = 403 if context["why_not"] else 200
        return render(request, "approvals/saved_reply.html", context, status=status)
    try:
        if reply and request.POST.get("act") == "retire":
            saved_replies.retire(reply, by=user)
            messages.success(request, _("It is offered no longer."))
            return redirect("saved-replies")
        incident = incident_asked(request, user)
        findings = keep_typed(reply, context["typed"], incident, user)
    except DeskError as refused:
        context["refusal"] = refused
        return render(request, "approvals/saved_reply.html", context, status=refused.status)
    messages.success(
        request, _("Saved.") + "".join(f" {finding_words.sentence(one)}" for one in findings)
    )
    return redirect("incident", pk=incident.pk) if incident else redirect("saved-replies")


def reply_asked(pk: int) -> SavedReply:
    """Return the saved reply of this number; 404 if there is none, or it is retired."""
    replies = SavedReply.objects.select_related("department", "incident")
    return get_object_or_404(replies, pk=pk, retired_at__isnull=True)


def edit_context(request: DeskRequest, reply: SavedReply | None, user: User) -> dict[str, Any]:
    """Gather what the page of one saved reply shows.

    The fields, where it may stand, why it may not.
    """
    owned = [
        department
        for department in [None, *Department.objects.all()]
        if not policies.why_not_save_replies(department, user)
    ]
    why_not = None
    if reply or not owned:
        why_not = policies.why_not_save_replies(reply.department if reply else None, user)
    return {
        "reply": reply,
        "typed": fields_typed(request, reply, user),
        "departments": [department for department in owned if department],
        "company": None in owned,
        "why_not": why_not,
        "kept": words_in(request),
        "incident": reply.incident if reply else incident_asked(request, user),
    }


def fields_typed(request: DeskRequest, reply: SavedReply | None, user: User) -> dict[str, Any]:
    """Return what stands in the fields.

    What was typed, the reply's own, or what a ticket brings along.
    """
    if request.method == "POST":
        return {
            name: request.POST.get(name, "") for name in ("title", "language", "text", "department")
        }
    if reply:
        return {"title": reply.title, "language": reply.language, "text": reply.text}
    return out_of_ticket(request, user)


def keep_typed(
    reply: SavedReply | None, typed: dict[str, Any], incident: Incident | None, user: User
) -> list[Finding]:
    """Keep what was typed where it belongs; return what the checks say about it."""
    department: Department | None
    if incident:
        department = incident.department
    elif reply:
        department = reply.department
    else:
        department = Department.objects.filter(pk=whole(typed["department"]) or 0).first()
    _kept, findings = saved_replies.keep(
        reply,
        department=department,
        title=typed["title"],
        language=typed["language"],
        text=typed["text"],
        incident=incident,
        by=user,
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
    own = get_object_or_404(OwnPost, pk=post, conversation_id=ticket.conversation_id)
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
                {
                    "id": one.pk,
                    "title": one.title,
                    "language": one.language,
                    "uses": one.uses,
                    "text": saved_replies.filled(one, ticket, user.person),
                }
                for one in rows
            ],
        }
    )


def use(request: DeskRequest, number: int, pk: int) -> HttpResponse:
    """Count that it was put into a reply."""
    ticket = load(request.user, number)
    if request.method == "POST":
        saved_replies.count_use(
            get_object_or_404(
                saved_replies.applying_to(ticket.department, ticket.incident_id), pk=pk
            )
        )
    return JsonResponse({})
