"""What remains unusual in words that may stand there: letters and hosts that look like others."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.checks.addresses import addresses
from approvals.models import GuidelineVersion, Revision
from core.text.formatting import quoted
from core.text.lookalikes import mixed_words, only_looks_like, words
from networks.text import unicode_host
from people import company
from people.models import Person
from tickets.models import ConnectedAccount

SHORTEST = 4  # letters; shorter words look like anything


@dataclass(frozen=True)
class Known:
    """What a text could pretend to be: our names and the customer's, our initials, our hosts."""

    names: frozenset[str] = frozenset()
    initials: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Unusual:
    """A place of a text, and what is unusual about it."""

    start: int
    end: int
    sentence: str


def known_around(revision: Revision, versions: list[GuidelineVersion]) -> Known:
    """Everything that the words of this reply could be drawn like."""
    accounts = ConnectedAccount.objects.values_list("handle", "name")
    customer = revision.target.customer.handle
    whole = [company.name(), customer, *(part for account in accounts for part in account)]
    named = (word.written for name in whole for word in words(name))
    paragraphs = (one for version in versions for one in version.paragraphs)
    checks = [check for paragraph in paragraphs for check in paragraph.get("checks", [])]
    hosts = (host for check in checks for host in check.get("settings", {}).get("hosts", []))
    return Known(
        names=frozenset(name for name in named if len(name) >= SHORTEST),
        initials=frozenset(one for one in Person.objects.values_list("initials", flat=True) if one),
        hosts=frozenset(host.lower() for host in hosts),
    )


def unusual(text: str, known: Known) -> list[Unusual]:
    """Each unusual place once, in order; what is said of a host counts before what words say."""
    found = [*unusual_hosts(text, known), *in_two_scripts(text), *unusual_words(text, known)]
    kept: list[Unusual] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def in_two_scripts(text: str) -> list[Unusual]:
    """Words that mix letters of scripts that look alike."""
    sentence = _("{words} mixes letters of two scripts that look alike.")
    return [
        Unusual(word.start, word.end, sentence.format(words=quoted(word.written)))
        for word in mixed_words(text)
    ]


def unusual_hosts(text: str, known: Known) -> list[Unusual]:
    """Hosts that are drawn like one of ours, and those whose letters are hidden by an encoding."""
    found = []
    for one in addresses(text):
        read = unicode_host(one.host)
        written = text[one.start : one.end]
        if like := only_looks_like(read, known.hosts):
            found.append(Unusual(one.start, one.end, looks_like(written, like)))
        elif read != one.host and "xn--" in written.lower():
            sentence = _("{words} leads to {host}.")
            sentence = sentence.format(words=quoted(written), host=quoted(read))
            found.append(Unusual(one.start, one.end, sentence))
    return found


def unusual_words(text: str, known: Known) -> list[Unusual]:
    """Words drawn like one of our names, and signatures drawn like somebody's initials."""
    found = []
    for word in words(text):
        if text[: word.start].endswith("^"):
            names = known.initials
        else:
            names = known.names if len(word.written) >= SHORTEST else frozenset()
        if names and (like := only_looks_like(word.written, names)):
            found.append(Unusual(word.start, word.end, looks_like(word.written, like)))
    return found


def looks_like(written: str, like: str) -> str:
    """Return the sentence for a word that is not what it seems."""
    sentence = _("{words} looks like {name}, but is written with other letters.")
    return sentence.format(words=quoted(written), name=quoted(like))


def of_revision(revision: Revision, known: Known) -> list[str]:
    """Return what is unusual beside the text.

    In descriptions of pictures, in explanations of findings.
    """
    sentences = [
        _("In the description of a picture: {sentence}").format(sentence=one.sentence)
        for picture in revision.attachments
        for one in unusual(picture["alt"], known)
    ]
    for finding in revision.findings.exclude(explanation=""):
        sentences += [
            _("In an explanation: {sentence}").format(sentence=one.sentence)
            for one in unusual(finding.explanation, known)
        ]
    return sentences
