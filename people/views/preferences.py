"""How the desk looks and is worked, for each person: language, theme, density, letters, sound."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from core.screens.form_values import sent
from people.forms import PreferencesForm
from people.preferences import preferences
from people.requests import DeskRequest


def edit(request: DeskRequest) -> HttpResponse:
    """Show the form, or the choice kept; a refused form keeps what was typed."""
    user = request.user
    form = PreferencesForm(user, sent(request))
    if form.is_valid():
        with form.refusing():
            preferences.choose_desk(user, **form.chosen())
            return saved(request)
    return render(request, "people/preferences.html", {"form": form}, status=form.status)


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
