"""Saying once more who one is, before what cannot be undone.

Who sits at an open browser may be somebody else.

Asked when the sign-in, or the last such word, is older than an hour. The one list of addresses
stands here, both ways: what needs it, and what deliberately does not; a rule test misses none.
The form that was on its way is carried through the question and then done. Programs with a
token of the API are not asked: they have no password, and making a token is on the list.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.database.db_time import desk_now
from people import demo
from people.forms import AgainForm
from people.identity.session_engine import PROVED, STARTED
from people.identity.throttling import is_password_of
from people.models import User
from people.requests import PasswordRequest

HOLDS = timedelta(hours=1)
FIELD = "again_password"
NOT_CARRIED = ("csrfmiddlewaretoken", FIELD)
SAFE = ("GET", "HEAD", "OPTIONS")
ADMIN = "admin"

# What needs it: the address's name, and those of its verbs that do not.
NEEDED: dict[str, frozenset[str]] = {
    # Take-down, and saying that a reply is not there, which sends it again
    "settle": frozenset({"look", "public", "another"}),
    "person-act": frozenset(
        {
            "absence",
            "end-absence",
            "picture",
            "no-picture",
            "end-session",
            "end-sessions",
            "revoke-token",
        }
    ),
    "sign-ins-act": frozenset(
        {
            "password",
            "email",
            "add",
            "confirm-email",
            "revoke-token",
            "end-session",
            "end-others",
            "known",
        }
    ),
    "invite": frozenset(),
    "account-new": frozenset(),
    "account-resume": frozenset(),
    "api-token-list": frozenset(),
    "api-account-resume": frozenset(),
    "api-delivery-take-down": frozenset(),
    "api-delivery-absent": frozenset(),
}
# What does not, and why.
FREE: dict[str, str] = {
    "home healthz readyz metrics first-steps health keep-elsewhere evidence evidence-archive "
    "live-since live-looking "
    "notices-new parts audit outcome-checks satisfaction survey people person initials picture "
    "inbox inbox-list find sign-ins "
    "ticket conversation between attachment saved-reply-search incidents queue queue-list review "
    "review-state review-beside review-weigh lead guidelines-home guidelines outbox outbox-list "
    "saved-replies api-root "
    "api-schema api-me api-department-list api-people-list api-ticket-list api-ticket-detail "
    "api-customer-detail api-account-list api-account-detail api-department-detail "
    "api-draft-list api-delivery-list "
    "api-delivery-detail": "they only show",
    "sign-in sign-in-as forgotten sign-out invitation": "they are about signing in themselves",
    "language theme preferences notices notice-choices tour view-keep view-discard": (
        "one's own taste; changed back at any time"
    ),
    "ticket-act several outcome-check survey-edit escalate hand-back incident saved-reply-use "
    "saved-reply-new saved-reply routing routing-dry-run routing-rule company setup setup-try "
    "department-new department "
    "guideline-edit guideline-check guideline-confirm api-ticket-take api-ticket-assign "
    "api-ticket-hand-off api-ticket-snooze api-ticket-resolve api-ticket-reopen "
    "api-ticket-tags api-ticket-priority api-ticket-notes api-ticket-escalate "
    "api-ticket-hand-back api-ticket-merge api-ticket-unmerge undo api-ticket-undo": (
        "the work of every day, or settings that are changed back"
    ),
    "draft-save draft-submit draft-take-over draft-withdraw draft-revoke attachment-add "
    "attachment-remove api-ticket-drafts api-draft-detail api-draft-pictures api-draft-picture "
    "api-draft-submit api-draft-take-over api-draft-withdraw api-draft-revoke api-draft-claim "
    "api-draft-release api-draft-take-back-changes review-take-back": (
        "nothing of it leaves the desk"
    ),
    "review-next review-release review-decide api-draft-approve api-draft-countersign "
    "api-draft-request-changes api-draft-reject api-draft-correct": (
        "a review is read and signed, dozens a day; the second person is the safeguard"
    ),
    "account-pause api-account-pause api-token-detail": (
        "they only stop something, and who must stop it is in a hurry"
    ),
    "posts-known api-delivery-look api-delivery-public api-delivery-another": (
        "they send nothing and take nothing away"
    ),
}


class SaysAgain:
    """Asks in between, where the list says so and the last word is too old."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None where the view may go on; else the question."""
        if (
            request.method in SAFE
            or not is_needed(request, kwargs)
            or not isinstance(request.user, User)
        ):
            return None
        if brings_a_token(request) or is_fresh(request):
            return None
        if request.path.startswith("/api/") or request.headers.get("X-Requested-With") == "fetch":
            sentence = _(
                "Confirm that it is you: sign in again, or do this on its page. Nothing was "
                "changed."
            )
            return JsonResponse(
                {"error": {"code": "confirm_identity", "message": sentence}}, status=403
            )
        return answer(request, request.user)


def is_needed(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """Whether this address, with this verb, is on the list."""
    match = request.resolver_match
    if match is None:
        return False
    if ADMIN in match.namespaces:
        return match.url_name not in {"login", "logout"}
    name = match.url_name or ""
    return name in NEEDED and kwargs.get("verb", "") not in NEEDED[name]


def brings_a_token(request: HttpRequest) -> bool:
    """Whether a program calls: then the token alone says who it is, and no session is looked at."""
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    return request.path.startswith("/api/") and scheme in {"token", "bearer"}


def is_fresh(request: HttpRequest) -> bool:
    """Whether the sign-in, or the last word, is younger than an hour."""
    said = str(request.session.get(PROVED) or request.session.get(STARTED) or "")
    try:
        return datetime.fromisoformat(said) > desk_now() - HOLDS
    except (TypeError, ValueError):
        return False


def answer(request: HttpRequest, user: User) -> HttpResponse | None:
    """Show the question, what is wrong with the password, or how long to wait.

    None once it was answered well.
    """
    by_click = demo.is_demo() and user.username in demo.usernames()
    if FIELD not in request.POST:
        return question(request, by_click=by_click, status=403)
    if by_click or is_password_of(user, request.POST[FIELD], request=request):
        request.session[PROVED] = desk_now().isoformat()
        return None
    if getattr(request, "axes_locked_out", False):
        # The words must not be lost to the sign-in page
        cast(PasswordRequest, request).axes_locked_out = False
        return question(
            request,
            by_click=by_click,
            status=429,
            wrong=ngettext(
                "Too many wrong passwords. Try again in {n} minute, or ask the administrator.",
                "Too many wrong passwords. Try again in {n} minutes, or ask the administrator.",
                10,
            ).format(n=10),
        )
    return question(
        request,
        by_click=by_click,
        status=400,
        wrong=_("This is not your present password. Nothing was changed."),
    )


def question(request: HttpRequest, *, by_click: bool, status: int, wrong: str = "") -> HttpResponse:
    """Show the page; everything that the form brought goes along."""
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_CARRIED
        for value in values
    ]
    back = request.headers.get("referer", "")
    back = back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/inbox/"
    return render(
        request,
        "people/again.html",
        {"carried": carried, "by_click": by_click, "form": AgainForm(wrong), "back": back},
        status=status,
    )
