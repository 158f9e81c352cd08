"""The guidelines: read by everybody, edited by administrators."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from approvals import differences, guidelines, policies
from approvals.models import GuidelineVersion
from core.errors import DeskError
from people.models import Department


def department_of(scope: str) -> Department | None:
    """`company`, or a department's number."""
    if scope == "company":
        return None
    if not scope.isdigit():
        raise Http404
    return get_object_or_404(Department, pk=int(scope))


def show(request: HttpRequest, scope: str = "company") -> HttpResponse:
    """The text that holds, and its earlier versions."""
    department = department_of(scope)
    versions = list(GuidelineVersion.objects.filter(department=department).select_related("by__person").order_by("-number")[:30])
    chosen = next((one for one in versions if str(one.number) == request.GET.get("version")), versions[0] if versions else None)
    earlier = next((one for one in versions if chosen and one.number == chosen.number - 1), None)
    return render(request, "approvals/guidelines.html", frame(scope, department) | {
        "versions": versions, "chosen": chosen, "pieces": differences.by_words(earlier.text, chosen.text) if earlier and chosen else [],
        "why_not": policies.why_not_publish(request.user)})  # type: ignore[arg-type]


def edit(request: HttpRequest, scope: str) -> HttpResponse:
    """Both languages side by side; publishing makes a new version that holds at once."""
    department = department_of(scope)
    held = guidelines.current(department)
    context = frame(scope, department) | {"held": held, "why_not": policies.why_not_publish(request.user)}  # type: ignore[arg-type]
    context |= {"text_en": held.text_en if held else "", "text_de": held.text_de if held else "", "summary": ""}
    if request.method != "POST":
        return render(request, "approvals/guideline_edit.html", context, status=403 if context["why_not"] else 200)
    typed = {name: request.POST.get(name, "") for name in ("text_en", "text_de", "summary")}
    based_on = request.POST.get("based_on", "")
    try:
        version = guidelines.publish(department=department, based_on=int(based_on) if based_on.isdigit() else None, by=request.user, **typed)  # type: ignore[arg-type]
    except DeskError as refused:
        return render(request, "approvals/guideline_edit.html", context | typed | {"refusal": refused}, status=refused.status)
    messages.success(request, _("Version {n} is published and holds from now on.").format(n=version.number))
    return redirect("guidelines", scope=scope)


def frame(scope: str, department: Department | None) -> dict[str, Any]:
    """What both pages show at the left."""
    return {"scope": scope, "department": department, "departments": Department.objects.all()}
