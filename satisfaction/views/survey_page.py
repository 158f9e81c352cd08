"""The page behind a survey's link: one question, for whoever has the link and nobody else.

No sign-in, no cookie, no script, and nothing kept of where somebody came from. Reading it answers
nothing (previews and scanners read links); a wrong link, an old and a used one look alike.
"""

import hashlib
import hmac
from ipaddress import ip_address, ip_network

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.broker import counters
from core.errors import Stale
from core.screens.form_values import posted, sent
from people.identity.throttling import client_address
from people.models import Company
from satisfaction import answering
from satisfaction.asking import language_of, question_in
from satisfaction.forms import AnswerForm
from satisfaction.models import Asking

MOST = 120  # calls from one network within so many seconds; a preview reads a link dozens of times
WITHIN_SECONDS = 600
FORM_LASTS = 86_400  # seconds in which a form that was shown can be sent
FORM = signing.TimestampSigner(salt="satisfaction.survey")
POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "font-src": ["'self'"],
    "img-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


@csrf_exempt
@login_not_required
@never_cache
@csp_replace(POLICY)  # type: ignore[arg-type]
def survey(request: HttpRequest, key: str) -> HttpResponse:
    """Show the question, or keep the answer to it."""
    network = network_of(client_address(request))
    if counters.count(f"survey:{network}", seconds=WITHIN_SECONDS) > MOST:
        return page("over", status=429)
    asking = answering.asking_behind(key)
    if asking is None:
        return page("over", status=404)
    with translation.override(language_of(asking.ticket)):
        if request.method != "POST":
            return question(asking, key, AnswerForm())
        return receive(request, asking, key)


def receive(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Keep what a form of ours brought; anything else is told that the link is over."""
    if not is_ours(posted(request, "form"), key):
        return page("over", status=404)
    if posted(request, "act") == "stop":
        answering.stop_asking(asking)
        return page("stopped")
    form = AnswerForm(sent(request))
    if form.is_valid():
        with form.refusing():
            answering.answer(asking, **form.cleaned_data)
            return page("thanks")
    if isinstance(form.refusal, Stale):
        return page("over", status=404)
    return question(asking, key, form)


def question(asking: Asking, key: str, form: AnswerForm) -> HttpResponse:
    """Show the form; after a refusal with what was typed, and why."""
    return page(
        "question",
        status=form.status,
        question=question_in(asking.survey, language_of(asking.ticket)),
        form=form,
        shown=FORM.sign(key),
    )


def is_ours(form: str, key: str) -> bool:
    """Whether the form was shown by this page within a day."""
    try:
        return FORM.unsign(form, max_age=FORM_LASTS) == key
    except signing.BadSignature:
        return False


def page(state: str, *, status: int = 200, **shown: object) -> HttpResponse:
    """Return one state of the page; it knows nothing of who is signed in here."""
    company = Company.objects.first()
    context = {"state": state, "company": company.name if company else "", **shown}
    response = HttpResponse(render_to_string("satisfaction/survey.html", context), status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def network_of(address: str) -> str:
    """Return a name for the network of an address, from which the address does not follow.

    Of IPv4 the first 24 bits, of IPv6 the first 48; behind a keyed hash.
    """
    try:
        bits = 24 if ip_address(address).version == 4 else 48
        network = str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        network = ""
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, f"survey:{network}".encode(), hashlib.sha256).hexdigest()
