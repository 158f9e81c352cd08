"""The guidelines: read and confirmed by everybody, written by administrators."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from approvals import applicable_guidelines, policies
from approvals.checks import KINDS
from approvals.drafts import word_differences
from approvals.forms import CheckForm, GuidelineForm
from approvals.guidelines import check_trial, editing
from approvals.models import Confirmation, GuidelineDraft, GuidelineVersion
from core.screens.form_values import is_number, is_ours, posted, sent, whole_number
from core.screens.typed_values import words_in
from people.models import Department, User
from people.requests import DeskRequest


def department_of(scope: str) -> Department | None:
    """`company`, or a department's number."""
    if scope == "company":
        return None
    if not is_number(scope):
        raise Http404
    return get_object_or_404(Department, pk=int(scope))


def show(request: DeskRequest, scope: str = "company") -> HttpResponse:
    """Show the text that holds, its checks, who has confirmed it, and its earlier versions."""
    department = department_of(scope)
    user = request.user
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
            "pieces": word_differences.by_words(earlier.text, chosen.text)
            if earlier and chosen
            else [],
            "why_not": policies.why_not_publish(user),
            "draft": GuidelineDraft.objects.filter(department=department)
            .select_related("by__person")
            .first(),
            "to_confirm": chosen
            if holds and chosen and applicable_guidelines.unconfirmed(user, [chosen])
            else None,
            "confirmations": Confirmation.objects.filter(version=chosen)
            .select_related("person")
            .order_by("at")
            if chosen
            else [],
        },
    )


def confirm(request: DeskRequest, pk: int) -> HttpResponse:
    """Read what changed, then say that one has read it."""
    user = request.user
    version = get_object_or_404(
        GuidelineVersion.objects.select_related("department", "by__person"), pk=pk
    )
    back = posted(request, "next") or request.GET.get("next", "")
    if request.method == "POST":
        editing.confirm(version, by=user)
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
            "confirmed": not applicable_guidelines.unconfirmed(user, [version]),
            "pieces": word_differences.by_words(earlier.text, version.text) if earlier else [],
        },
    )


def edit(request: DeskRequest, scope: str) -> HttpResponse:
    """Show the draft of the next version, both languages side by side.

    Kept until it is published or thrown away.
    """
    department = department_of(scope)
    user = request.user
    if why_not := policies.why_not_publish(user):
        return render(
            request,
            "approvals/guideline_edit.html",
            frame(scope, department) | {"why_not": why_not, "kept": words_in(request)},
            status=403,
        )
    draft = editing.draft_of(department, by=user)
    form = GuidelineForm(draft, sent(request))
    if posted(request, "act") in {"discard", "starter"} or form.is_valid():
        with form.refusing():
            said = act_on_draft(request, draft, form, user)
            if said:
                messages.success(request, said)
                return redirect("guidelines", scope=scope)
            messages.success(
                request, _("The draft is saved. It applies only once it is published.")
            )
            return redirect("guideline-edit", scope=scope)
    # What was refused may have been saved before
    context = edit_frame(scope, department, editing.draft_of(department, by=user), form)
    return render(request, "approvals/guideline_edit.html", context, status=form.status)


def act_on_draft(
    request: DeskRequest, draft: GuidelineDraft, form: GuidelineForm, user: User
) -> str:
    """Throw the draft away, or save it, and publish it if asked.

    Returns what to say where the draft is gone afterwards; empty where it is kept.
    """
    act = posted(request, "act")
    if act == "discard":
        editing.discard(draft, by=user)
        return _("The draft is discarded. What was published still applies.")
    if act == "starter":
        editing.begin_with_starter(draft, saved=whole_number(request, "saved"), by=user)
        return ""
    draft = editing.save_draft(
        draft, saved=whole_number(request, "saved"), by=user, **form.cleaned_data
    )
    if act != "publish":
        return ""
    version = editing.publish(draft, by=user)
    return _("Version {n} is published and applies from now on.").format(n=version.number)


def edit_frame(
    scope: str, department: Department | None, draft: GuidelineDraft, form: GuidelineForm
) -> dict[str, Any]:
    """Return what the editor shows."""
    held = applicable_guidelines.current(department)
    return frame(scope, department) | {
        "draft": draft,
        "held": held,
        "form": form,
        "pieces": word_differences.by_words(held.text, draft.text)
        if held and held.text != draft.text
        else [],
    }


@dataclass(frozen=True)
class Asked:
    """Which check of which paragraph a page is about; `place` is its number there, or `new`."""

    scope: str
    department: Department | None
    draft: GuidelineDraft
    paragraph: dict[str, Any]
    place: str

    @property
    def checks(self) -> list[dict[str, Any]]:
        """The checks of the paragraph, in their order."""
        return list(self.paragraph["checks"])

    @property
    def known(self) -> dict[str, Any] | None:
        """The check as it stands in the draft; None for a new one."""
        return None if self.place == "new" else self.checks[int(self.place)]

    def checks_with(self, made: dict[str, Any] | None) -> list[dict[str, Any]]:
        """Return the checks of the paragraph with this one in its place; without it for None."""
        kept = [one for place, one in enumerate(self.checks) if str(place) != self.place]
        if made:
            kept.insert(len(kept) if self.place == "new" else int(self.place), made)
        return kept


def asked_check(scope: str, number: str, place: str, user: User) -> Asked:
    """Find the paragraph, and the check at this place; 404 if there is none."""
    department = department_of(scope)
    draft = editing.draft_of(department, by=user)
    paragraph = next((one for one in draft.shown_paragraphs if str(one["number"]) == number), None)
    if paragraph is None:
        raise Http404
    if place != "new" and (not is_number(place) or int(place) >= len(paragraph["checks"])):
        raise Http404
    return Asked(scope, department, draft, paragraph, place)


def check(request: DeskRequest, scope: str, number: str, place: str) -> HttpResponse:
    """One check of a paragraph: what it looks for, how much it weighs, and a box to try it out.

    `place` is its number there, or `new`.
    """
    user = request.user
    asked = asked_check(scope, number, place, user)
    form = check_form(request, asked)
    if form is None:
        return check_page(request, asked)
    act = posted(request, "act")
    if act == "remove" or (form.is_valid() and act != "try"):
        kept = asked.checks_with(None if act == "remove" else form.check())
        with form.refusing():
            saved = whole_number(request, "saved")
            editing.save_checks(asked.draft, number, kept, saved=saved, by=user)
            messages.success(
                request,
                _("The check is saved in the draft. It applies only once the draft is published."),
            )
            return redirect("guideline-edit", scope=scope)
    if act == "try" and form.is_valid():
        return check_page(request, asked, form, tried_out(form, asked))
    return check_page(request, asked, form)


NEW_CHECK: dict[str, Any] = {"severity": "hint", "settings": {}}


def check_form(request: DeskRequest, asked: Asked) -> CheckForm | None:
    """Return the form of the check: as it was sent, as it stands in the draft, or a new one.

    None where the kind of check is still to be chosen.
    """
    known = asked.known or NEW_CHECK
    named = posted(request, "kind") or request.GET.get("kind") or known.get("kind", "")
    kind = KINDS.get(named)
    if kind is None:
        return None
    fits = known.get("kind") == kind.name
    return CheckForm(kind, known if fits else NEW_CHECK, sent(request))


def tried_out(form: CheckForm, asked: Asked) -> dict[str, Any]:
    """Return what the check finds in the sentence, and in what was submitted before."""
    made = form.check()
    return {
        "tried": check_trial.on_sample(form.cleaned_data["sample"], made, asked.paragraph),
        "earlier": check_trial.on_earlier(made, asked.paragraph, asked.department),
    }


def check_page(
    request: DeskRequest,
    asked: Asked,
    form: CheckForm | None = None,
    tried: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the page of a check with its form, or the kinds to choose from."""
    context = frame(asked.scope, asked.department) | {
        "draft": asked.draft,
        "paragraph": asked.paragraph,
        "place": asked.place,
        "form": form,
        "kinds": KINDS,
    }
    status = form.status if form else 200
    return render(request, "approvals/guideline_check.html", context | (tried or {}), status=status)


def frame(scope: str, department: Department | None) -> dict[str, Any]:
    """Return what every page shows at the left."""
    return {"scope": scope, "department": department, "departments": Department.objects.all()}
