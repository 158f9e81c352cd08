"""Trying out what an installation depends on: mail, X and the clock, each told in words."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record
from core.database.db_time import desk_now
from core.text import formatting
from networks.errors import MISSHAPEN, NetworkError
from networks.registry import network_of
from people import company, policies
from people.hours import business_hours
from people.models import Company, Department, User
from servicedesk.operations import monitoring
from tickets.accounts.credentials import client_for
from tickets.models import ConnectedAccount
from tickets.states import AccountState

APART = 2.0  # seconds by which two clocks may differ


@dataclass(frozen=True)
class Outcome:
    """What came of a trial: which it was, whether all is well, and what happened, in sentences."""

    what: str
    well: bool
    says: list[str]


def run(what: str, *, by: User) -> Outcome:
    """Try this out and note that it was done.

    Refuses whoever is no administrator; `KeyError` for a trial that there is not.
    """
    policies.require_administrator(by)
    well, says = TRIALS[what](by)
    record("setting.tried", Company(pk=1), by=by, what=what, well=well)
    return Outcome(what, well, says)


def mail(by: User) -> tuple[bool, list[str]]:
    """Send a letter to whoever asks."""
    if not settings.EMAIL_HOST:
        return False, [
            _("No mail server is set (DESK_MAIL_HOST). The desk sends no e-mails; links are shown.")
        ]
    if not by.email:
        return False, [_("You have no e-mail address. Enter one under Sign-in and security.")]
    letter = EmailMessage(
        _("A test e-mail from the desk"),
        _("{name} tried out the mail server of {company}. There is nothing for you to do.").format(
            name=by.person.name, company=company.name() or "Paraph"
        ),
        to=[by.email],
    )
    begun = time.monotonic()
    try:
        letter.send()
    except Exception as fault:  # whatever a mail server does, the page says it
        sentence = _(
            "{host} did not accept the e-mail: {fault}. Check name, port, password and TLS."
        )
        said = f"{type(fault).__name__} {fault}"[:200].rstrip(". ")
        return False, [sentence.format(host=settings.EMAIL_HOST, fault=said)]
    sentence = _("{host} accepted an e-mail to {address} in {seconds} s. Check whether it arrived.")
    return True, [
        sentence.format(
            host=settings.EMAIL_HOST,
            address=by.email,
            seconds=f"{time.monotonic() - begun:.1f}",
        )
    ]


def network(by: User) -> tuple[bool, list[str]]:
    """Ask X for each account whose access it is."""
    accounts = ConnectedAccount.objects.exclude(status=AccountState.REVOKED).order_by("id")
    asked = [ask(one) for one in accounts]
    if not asked:
        return False, [_("No account is connected, so there is nothing to ask X about.")]
    return all(well for well, _says in asked), [says for _well, says in asked]


def ask(account: ConnectedAccount) -> tuple[bool, str]:
    """Ask X whose access this account's is; a sentence on what it said."""
    begun = time.monotonic()
    try:
        client = client_for(account)
        try:
            owner = network_of(account.network).read_profile(client.me()["data"])
        finally:
            client.close()
    except NetworkError as error:
        sentence = _("{account}: X refuses or cannot be reached ({code}): {said}.")
        said = error.said[:200].rstrip(". ")
        return False, sentence.format(account=account, code=error.code, said=said)
    except MISSHAPEN:
        return False, _("{account}: X’s answer cannot be read.").format(account=account)
    sentence = _("{account}: X answered in {seconds} s: the access belongs to @{handle}.")
    return True, sentence.format(
        account=account, handle=owner.handle, seconds=f"{time.monotonic() - begun:.1f}"
    )


def clock(by: User) -> tuple[bool, list[str]]:
    """Compare this machine's clock with the database's, and say what time it is where."""
    apart = abs((datetime.now(UTC) - desk_now()).total_seconds())
    age = monitoring.heartbeat_age(desk_now())
    lived = formatting.duration(timedelta(seconds=age))
    says = [
        _("Web and database are {seconds} s apart.").format(seconds=f"{apart:.1f}"),
        _("Worker and beat last showed a sign of life {duration} ago.").format(duration=lived),
        *(local_time(one) for one in Department.objects.all()),
    ]
    return apart < APART and age < monitoring.SLOW.total_seconds(), says


def local_time(department: Department) -> str:
    """Say what time it is in a department, and whether it is on duty."""
    now = desk_now()
    with timezone.override(ZoneInfo(department.time_zone)):
        time_there = formatting.oclock(now)
    sentence = (
        _("{department}: {time} in {zone}, on duty.")
        if business_hours.on_duty(department, now)
        else _("{department}: {time} in {zone}, not on duty; its clocks rest.")
    )
    return sentence.format(department=department.name, time=time_there, zone=department.time_zone)


TRIALS = {"mail": mail, "x": network, "clock": clock}
