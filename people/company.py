"""Whose desk this is: the company's name and its language."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, Reason
from core.text.readable import readable_name
from people import policies
from people.models import Company, User


def name() -> str:
    """Return the company's name; empty before anybody has given it."""
    return Company.objects.values_list("name", flat=True).first() or ""


def language() -> str:
    """Return the language of letters to people who have not chosen one."""
    return Company.objects.values_list("language", flat=True).first() or settings.LANGUAGE_CODE


@transaction.atomic
def keep(*, name: str, language: str, by: User | None) -> Company:
    """Name the company and its language.

    Refuses an empty name and a language that the desk does not speak.
    """
    policies.require_administrator(by)
    name = readable_name(name)[:120]
    if not name:
        raise Invalid(Reason("name_missing", _("The company needs a name.")), "name")
    if language not in dict(settings.LANGUAGES):
        raise Invalid(Reason("language_unknown", _("Choose a language.")), "language")
    company, _new = Company.objects.update_or_create(
        pk=1, defaults={"name": name, "language": language}
    )
    record("company.named", company, by=by)
    return company
