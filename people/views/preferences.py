"""How the desk looks and is worked, for each person: language, theme, density, letters, sound."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Invalid
from people import preferences
from people.desk_keys import LETTERS
from people.requests import DeskRequest


def edit(request: DeskRequest) -> HttpResponse:
    """Show the form, or the choice kept; a refused form keeps what was typed."""
    user = request.user
    refusal = None
    chosen, own = typed_in(request)
    if request.method == "POST":
        try:
            preferences.choose_desk(user, **chosen, own_letters=own)
        except Invalid as refused:
            refusal = refused
        else:
            return saved(request)
    letters = [
        {"letter": letter, "field": f"letter-{letter}", "name": name, "own": own[letter].upper()}
        for letter, name in LETTERS.items()
    ]
    return render(
        request,
        "people/preferences.html",
        {"chosen": chosen, "letters": letters, "refusal": refusal},
        status=400 if refusal else 200,
    )


def typed_in(request: DeskRequest) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what stands in the fields, and the letters: typed, or as this person has them."""
    user = request.user
    if request.method != "POST":
        chosen = {name: getattr(user, name) for name in (*CHOICES, *SWITCHES)}
        return chosen, {letter: user.own_letters.get(letter, letter) for letter in LETTERS}
    chosen = {name: request.POST.get(name, "") for name in CHOICES}
    chosen |= {name: bool(request.POST.get(name)) for name in SWITCHES}
    return chosen, {letter: request.POST.get(f"letter-{letter}", "")[:20] for letter in LETTERS}


def saved(request: DeskRequest) -> HttpResponse:
    """Say so in the language that was chosen, and keep it for the pages before signing in."""
    language = request.user.language
    with translation.override(language or translation.get_language()):
        messages.success(request, _("Saved."))
    response = redirect("preferences")
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax"
        )
    return response


CHOICES = ("language", "theme", "density")
SWITCHES = ("letters", "sound")
