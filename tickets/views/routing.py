"""Routing rules: their order, one rule, a dry run over the newest posts, putting them live.

For administrators.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.screens.form_values import posted, sent, whole_number
from people.models import Department
from people.requests import DeskRequest
from tickets.forms import RuleForm, as_typed
from tickets.models import ConnectedAccount
from tickets.routing import routing, rule_editing
from tickets.states import Priority


def rules(request: DeskRequest) -> HttpResponse:
    """Show the draft beside what is live; the order, and putting it live."""
    user = request.user
    draft = rule_editing.draft_of(by=user)
    if request.method == "POST":
        act, key, saved = (
            posted(request, "act"),
            posted(request, "key"),
            whole_number(request, "saved"),
        )
        if act in {"up", "down"}:
            rule_editing.move_rule(
                draft, key, by_places=-1 if act == "up" else 1, saved=saved, by=user
            )
        elif act == "remove":
            rule_editing.remove_rule(draft, key, saved=saved, by=user)
        elif act == "discard":
            rule_editing.discard(draft, by=user)
        elif act == "live":
            version = rule_editing.put_live(draft, saved=saved, by=user)
            messages.success(
                request,
                _(
                    "The rules are live from now on (version {n}). Tickets that are there "
                    "stay where they are."
                ).format(n=version.number),
            )
        return redirect("routing")
    held = routing.live()
    context = {
        "draft": draft,
        "live": held,
        "changed": draft.rules != (held.rules if held else []),
        "corrected": rule_editing.corrected(),
    }
    return render(request, "tickets/routing.html", context | named(draft.rules))


def named(written: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the rules with names in place of numbers."""
    departments = {one.pk: one for one in Department.objects.all()}
    accounts = {one.pk: one for one in ConnectedAccount.objects.all()}
    return {
        "rules": [
            one
            | {
                "to": departments.get(one["then"].get("department")),
                "from": [
                    accounts[pk].handle for pk in one["when"].get("accounts", []) if pk in accounts
                ],
                "priority": dict(Priority.choices).get(one["then"].get("priority")),
            }
            for one in written
        ]
    }


def rule(request: DeskRequest, key: str) -> HttpResponse:
    """One rule: when it holds, and what it does. `new` is a new one."""
    user = request.user
    draft = rule_editing.draft_of(by=user)
    known = next((one for one in draft.rules if one["key"] == key), None)
    if known is None and key != "new":
        raise Http404
    form = RuleForm(sent(request), initial=as_typed(known) if known else None)
    if form.is_valid():
        with form.refusing():
            rule_editing.save_rule(
                draft,
                key="" if key == "new" else key,
                saved=whole_number(request, "saved"),
                by=user,
                **form.rule(),
            )
            messages.success(
                request, _("Saved in the draft. Try it in a dry run, then put it live.")
            )
            return redirect("routing")
    context = {"draft": draft, "key": key, "form": form}
    return render(request, "tickets/routing_rule.html", context, status=form.status)


def dry_run(request: DeskRequest) -> HttpResponse:
    """Show what the draft would have done with the last thousand posts."""
    draft = rule_editing.draft_of(by=request.user)
    found = rule_editing.dry_run(draft.rules)
    counts = [(one["name"], found["counts"][one["key"]]) for one in draft.rules]
    return render(
        request,
        "tickets/routing_dry_run.html",
        {
            "read": found["read"],
            "counts": counts,
            "elsewhere": found["elsewhere"],
            "all": len(found["elsewhere"]),
        },
    )
