"""Routing rules: their order, one rule, a dry run over the newest posts, putting them live.

For administrators.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import DeskError, Invalid, Reason
from core.forms import whole, whole_number
from core.readable import one_line
from people.models import Department
from people.requests import DeskRequest
from tickets import routing, rule_writing
from tickets.models import ConnectedAccount
from tickets.states import Priority

LANGUAGES = ("de", "en", "fr", "es", "it", "nl", "pl", "tr", "und")
MOST_WORDS = 200
MOST_TAGS = 20
LONGEST_WORD = 120


def rules(request: DeskRequest) -> HttpResponse:
    """Show the draft beside what is live; the order, and putting it live."""
    user = request.user
    draft = rule_writing.draft_of(by=user)
    if request.method == "POST":
        act, key, saved = (
            request.POST.get("act", ""),
            request.POST.get("key", ""),
            whole_number(request, "saved"),
        )
        if act in {"up", "down"}:
            rule_writing.move_rule(
                draft, key, by_places=-1 if act == "up" else 1, saved=saved, by=user
            )
        elif act == "remove":
            rule_writing.remove_rule(draft, key, saved=saved, by=user)
        elif act == "discard":
            rule_writing.discard(draft, by=user)
        elif act == "live":
            version = rule_writing.put_live(draft, saved=saved, by=user)
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
        "corrected": rule_writing.corrected(),
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
    draft = rule_writing.draft_of(by=user)
    known = next((one for one in draft.rules if one["key"] == key), None)
    if known is None and key != "new":
        raise Http404
    typed = (
        typed_in(request)
        if request.method == "POST"
        else as_typed(known or {"name": "", "when": {}, "then": {}})
    )
    context = {
        "draft": draft,
        "key": key,
        "typed": typed,
        "departments": Department.objects.all(),
        "accounts": ConnectedAccount.objects.all(),
        "priorities": Priority.choices,
        "languages": LANGUAGES,
    }
    if request.method != "POST":
        return render(request, "tickets/routing_rule.html", context)
    try:
        rule_writing.save_rule(
            draft,
            key="" if key == "new" else key,
            saved=whole_number(request, "saved"),
            by=user,
            **parts(typed),
        )
    except DeskError as refused:
        return render(
            request,
            "tickets/routing_rule.html",
            context | {"refusal": refused},
            status=refused.status,
        )
    messages.success(request, _("Saved in the draft. Try it in a dry run, then put it live."))
    return redirect("routing")


def dry_run(request: DeskRequest) -> HttpResponse:
    """Show what the draft would have done with the last thousand posts."""
    draft = rule_writing.draft_of(by=request.user)
    found = rule_writing.dry_run(draft.rules)
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


def typed_in(request: DeskRequest) -> dict[str, Any]:
    """Return the form as it was typed."""
    typed: dict[str, Any] = {
        name: request.POST.get(name, "")
        for name in (
            "name",
            "words",
            "tags",
            "followers",
            "hours",
            "department",
            "priority",
            "add_tags",
            "minutes",
        )
    }
    return typed | {
        "languages": request.POST.getlist("languages"),
        "accounts": request.POST.getlist("accounts"),
    }


def as_typed(known: dict[str, Any]) -> dict[str, Any]:
    """Return a rule as it would be typed."""
    when, then = known["when"], known["then"]
    return {
        "name": known["name"],
        "words": "\n".join(when.get("words", [])),
        "tags": ", ".join(when.get("tags", [])),
        "followers": when.get("followers", ""),
        "hours": when.get("hours", ""),
        "languages": when.get("languages", []),
        "accounts": [str(one) for one in when.get("accounts", [])],
        "department": str(then.get("department", "")),
        "priority": then.get("priority", ""),
        "add_tags": ", ".join(then.get("tags", [])),
        "minutes": then.get("minutes", ""),
    }


def parts(typed: dict[str, Any]) -> dict[str, Any]:
    """Name, conditions and effects out of what was typed; what is no number counts as not given."""
    return {
        "name": typed["name"],
        "when": {
            "words": at_most(
                MOST_WORDS,
                [line.strip() for line in typed["words"].splitlines() if line.strip()],
                "words",
            ),
            "languages": [one for one in typed["languages"] if one in LANGUAGES],
            "accounts": [pk for one in typed["accounts"] if (pk := whole(one))],
            "tags": listed(typed["tags"]),
            "followers": whole(typed["followers"]),
            "hours": typed["hours"] if typed["hours"] in {"inside", "outside"} else "",
        },
        "then": {
            "department": whole(typed["department"]),
            "priority": typed["priority"] if typed["priority"] in Priority.values else "",
            "tags": listed(typed["add_tags"]),
            "minutes": whole(typed["minutes"]),
        },
    }


def listed(text: str) -> list[str]:
    """Tags parted by commas."""
    return at_most(
        MOST_TAGS, [one_line(one, "tags") for one in text.split(",") if one.strip()], "tags"
    )


def at_most(most: int, given: list[str], field: str) -> list[str]:
    """Return what was given, if a rule holds so much.

    Nothing that a rule decides by is dropped without a word.
    """
    if len(given) > most or any(len(one) > LONGEST_WORD for one in given):
        raise Invalid(
            Reason(
                "rule_full",
                _("At most {n} in one rule, each of at most {letters} characters.").format(
                    n=most, letters=LONGEST_WORD
                ),
            ),
            field,
        )
    return given
