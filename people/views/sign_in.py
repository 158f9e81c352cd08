"""Signing in and out; in the demo also with one click."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.http import require_POST

from core.screens.form_values import is_ours, posted, sent
from people import company, demo
from people.forms import SignInForm
from people.identity import signing_in
from people.models import User


@method_decorator(login_not_required, name="dispatch")
class SignIn(View):
    """The first page anybody sees."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, and in the demo the people one can be."""
        return self.page(request, SignInForm(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in, then on to where the person wanted to go."""
        form = SignInForm(request, data=sent(request))
        if not form.is_valid():
            return self.page(request, form, status=400)
        signing_in.sign_in(request, form.get_user())
        return redirect(wanted(request))

    def page(self, request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
        """Show the page with this form."""
        return sign_in_page(request, form, status=status)


def sign_in_page(
    request: HttpRequest, form: SignInForm, *, status: int, wait: str = ""
) -> HttpResponse:
    """Show the page with this form, and in the demo the people one can be.

    `wait` is why one may not try now.
    """
    people = demo.people_to_be() if demo.is_demo() else []
    next_page = posted(request, "next") or request.GET.get("next", "")
    return render(
        request,
        "people/sign_in.html",
        {
            "form": form,
            "people": people,
            "next": next_page,
            "wait": wait,
            "company": company.name(),
        },
        status=status,
    )


def locked_out(
    request: HttpRequest,
    original: HttpResponse | None = None,
    credentials: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """After too many wrong passwords: the page with a sentence that says how long to wait; 429."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    wait = ngettext(
        "Too many wrong passwords. Try again in {n} minute, or ask the administrator.",
        "Too many wrong passwords. Try again in {n} minutes, or ask the administrator.",
        minutes,
    ).format(n=minutes)
    answer = sign_in_page(
        request,
        SignInForm(request, initial={"username": posted(request, "username")}),
        status=429,
        wait=wait,
    )
    answer["Retry-After"] = str(minutes * 60)
    return answer


@login_not_required
@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """One click in the demo: no password. Anywhere else this address does not exist."""
    if not demo.is_demo():
        raise Http404
    user = User.objects.filter(username=posted(request, "username"), is_active=True).first()
    if user is None or user.username not in demo.usernames():
        raise Http404
    signing_in.sign_in(request, user)
    return redirect(wanted(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    signing_in.sign_out(request)
    return redirect("sign-in")


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """English or German: kept with the person, or with the browser for who is not signed in."""
    language = posted(request, "language")
    response = redirect(wanted(request))
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=language)
        translation.activate(language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax"
        )
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system."""
    theme = posted(request, "theme")
    if theme in {"", "light", "dark"}:
        User.objects.filter(username=request.user.get_username()).update(theme=theme)
    return redirect(wanted(request))


def wanted(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    target = posted(request, "next") or request.GET.get("next") or ""
    return target if is_ours(request, target) else "/inbox/"
