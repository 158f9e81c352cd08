"""The guidelines: read and confirmed by everybody, written by administrators."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from approvals import check_forms, differences, guidelines, policies, publishing, trying_out
from approvals.models import Confirmation, GuidelineDraft, GuidelineVersion
from approvals.text_checks import KINDS
from approvals.text_checks.kinds import SEVERITY_LABELS
from core.errors import DeskError
from core.forms import is_number, is_ours, whole_number
from core.typed import words_in
from people.models import Department, User

FIELDS = ("text_en", "text_de", "training_en", "training_de", "summary")


def department_of(scope: str) -> Department | None:
    """`company`, or a department's number."""
    if scope == "company":
        return None
    if not is_number(scope):
        raise Http404
    return get_object_or_404(Department, pk=int(scope))


def show(request: HttpRequest, scope: str = "company") -> HttpResponse:
    """The text that holds, its checks, who has confirmed it, and its earlier versions."""
    department = department_of(scope)
    user: User = request.user  # type: ignore[assignment]
    versions = list(
        GuidelineVersion.objects.filter(department=department)
        .select_related("by__person")
        .order_by("-number")
    )
    chosen = next(
        (one for one in versions if str(one.number) == request.GET.get("version")),
        versions[0] if versions else None,
    )
    earlier = next((one for one in versions if chosen and one.number == chosen.number - 1), None)
    holds = bool(versions) and chosen == versions[0]
    return render(
        request,
        "approvals/guidelines.html",
        frame(scope, department)
        | {
            "versions": versions,
            "chosen": chosen,
            "pieces": differences.by_words(earlier.text, chosen.text) if earlier and chosen else [],
            "why_not": policies.why_not_publish(user),
            "draft": GuidelineDraft.objects.filter(department=department)
            .select_related("by__person")
            .first(),
            "to_confirm": chosen
            if holds and chosen and guidelines.unconfirmed(user, [chosen])
            else None,
            "confirmations": Confirmation.objects.filter(version=chosen)
            .select_related("person")
            .order_by("at")
            if chosen
            else [],
        },
    )


def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what changed, then say that one has read it."""
    user: User = request.user  # type: ignore[assignment]
    version = get_object_or_404(
        GuidelineVersion.objects.select_related("department", "by__person"), pk=pk
    )
    back = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        publishing.confirm(version, by=user)
        messages.success(request, _("Version {n} is confirmed.").format(n=version.number))
        return redirect(back if is_ours(request, back) else "inbox")
    earlier = GuidelineVersion.objects.filter(
        department=version.department, number=version.number - 1
    ).first()
    return render(
        request,
        "approvals/guideline_confirm.html",
        {
            "version": version,
            "next": back,
            "confirmed": not guidelines.unconfirmed(user, [version]),
            "pieces": differences.by_words(earlier.text, version.text) if earlier else [],
        },
    )


def edit(request: HttpRequest, scope: str) -> HttpResponse:
    """The draft of the next version, both languages side by side.

    Kept until it is published or thrown away.
    """
    department = department_of(scope)
    user: User = request.user  # type: ignore[assignment]
    if why_not := policies.why_not_publish(user):
        return render(
            request,
            "approvals/guideline_edit.html",
            frame(scope, department) | {"why_not": why_not, "kept": words_in(request)},
            status=403,
        )
    draft = publishing.draft_of(department, by=user)
    if request.method != "POST":
        return render(
            request, "approvals/guideline_edit.html", edit_frame(scope, department, draft)
        )
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
    act = request.POST.get("act", "save")
    try:
        if act == "discard":
            publishing.discard(draft, by=user)
            messages.success(
                request, _("The draft is thrown away. What was published holds as before.")
            )
            return redirect("guidelines", scope=scope)
        hours = whole_number(request, "confirm_within_hours")
        draft = publishing.save_draft(
            draft,
            saved=whole_number(request, "saved"),
            by=user,
            confirm_within_hours=min(hours, 24 * 90) if hours else draft.confirm_within_hours,
            **typed,
        )
        if act == "publish":
            version = publishing.publish(draft, by=user)
            messages.success(
                request,
                _("Version {n} is published and holds from now on.").format(n=version.number),
            )
            return redirect("guidelines", scope=scope)
    except DeskError as refused:
        context = edit_frame(scope, department, draft) | {"typed": typed, "refusal": refused}
        return render(request, "approvals/guideline_edit.html", context, status=refused.status)
    messages.success(request, _("The draft is saved. It holds only once it is published."))
    return redirect("guideline-edit", scope=scope)


def edit_frame(scope: str, department: Department | None, draft: GuidelineDraft) -> dict[str, Any]:
    """What the editor shows."""
    held = guidelines.current(department)
    return frame(scope, department) | {
        "draft": draft,
        "held": held,
        "typed": {name: getattr(draft, name) for name in FIELDS},
        "kinds": KINDS,
        "severities": SEVERITY_LABELS,
        "pieces": differences.by_words(held.text, draft.text)
        if held and held.text != draft.text
        else [],
    }


def check(request: HttpRequest, scope: str, number: str, place: str) -> HttpResponse:
    """One check of a paragraph: what it looks for, how much it weighs, and a box to try it out.

    `place` is its number there, or `new`.
    """
    department = department_of(scope)
    user: User = request.user  # type: ignore[assignment]
    draft = publishing.draft_of(department, by=user)
    paragraph = next((one for one in draft.shown_paragraphs if str(one["number"]) == number), None)
    checks = list(paragraph["checks"]) if paragraph else []
    if paragraph is None or (
        place != "new" and (not is_number(place) or int(place) >= len(checks))
    ):
        raise Http404
    known = None if place == "new" else checks[int(place)]
    kind = KINDS.get(
        request.POST.get("kind") or request.GET.get("kind") or (known["kind"] if known else "")
    )
    context = frame(scope, department) | {
        "draft": draft,
        "paragraph": paragraph,
        "place": place,
        "kind": kind,
        "kinds": KINDS,
        "severities": SEVERITY_LABELS,
    }
    if kind is None:
        return render(request, "approvals/guideline_check.html", context)
    given = known if known and known["kind"] == kind.name else {"severity": "hint", "settings": {}}
    if request.method == "POST":
        made = {
            "kind": kind.name,
            "severity": request.POST.get("severity", "hint"),
            "settings": check_forms.read(kind, request.POST),
        }
        act = request.POST.get("act", "save")
        if act == "try":
            return render(
                request,
                "approvals/guideline_check.html",
                context
                | {
                    "fields": check_forms.fields(kind, made["settings"]),
                    "severity": made["severity"],
                    "sample": request.POST.get("sample", ""),
                    "tried": trying_out.on_sample(request.POST.get("sample", ""), made, paragraph),
                    "earlier": trying_out.on_earlier(made, paragraph, department),
                },
            )
        kept = [one for number_there, one in enumerate(checks) if str(number_there) != place]
        if act != "remove":
            kept.insert(len(kept) if place == "new" else int(place), made)
        try:
            publishing.save_checks(
                draft, number, kept, saved=whole_number(request, "saved"), by=user
            )
        except DeskError as refused:
            return render(
                request,
                "approvals/guideline_check.html",
                context
                | {
                    "fields": check_forms.fields(kind, made["settings"]),
                    "severity": made["severity"],
                    "sample": request.POST.get("sample", ""),
                    "refusal": refused,
                },
                status=refused.status,
            )
        messages.success(
            request,
            _("The check is saved in the draft. It holds only once the draft is published."),
        )
        return redirect("guideline-edit", scope=scope)
    return render(
        request,
        "approvals/guideline_check.html",
        context
        | {"fields": check_forms.fields(kind, given["settings"]), "severity": given["severity"]},
    )


def frame(scope: str, department: Department | None) -> dict[str, Any]:
    """What every page shows at the left."""
    return {"scope": scope, "department": department, "departments": Department.objects.all()}
