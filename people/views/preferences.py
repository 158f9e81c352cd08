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
    """The form, or the choice kept; a refused form keeps what was typed."""
    user = request.user
    chosen: dict[str, Any] = {
        "language": user.language,
        "theme": user.theme,
        "density": user.density,
        "letters": user.letters,
        "sound": user.sound,
    }
    own = {letter: user.own_letters.get(letter, letter) for letter in LETTERS}
    refusal = None
    if request.method == "POST":
        chosen = {name: request.POST.get(name, "") for name in ("language", "theme", "density")} | {
            name: bool(request.POST.get(name)) for name in ("letters", "sound")
        }
        own = {letter: request.POST.get(f"letter-{letter}", "")[:20] for letter in LETTERS}
        try:
            preferences.choose_desk(user, **chosen, own_letters=own)
        except Invalid as refused:
            refusal = refused
        else:
            with translation.override(user.language or translation.get_language()):
                messages.success(request, _("Saved."))
            response = redirect("preferences")
            if user.language:
                response.set_cookie(
                    settings.LANGUAGE_COOKIE_NAME,
                    user.language,
                    max_age=365 * 86400,
                    samesite="Lax",
                )
            return response
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
