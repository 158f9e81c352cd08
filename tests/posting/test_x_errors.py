"""Every way in which X says no, to everything that the desk asks, in both vocabularies.

What the desk then does and says.

The real client speaks HTTP with the simulated X, through the desk's own verbs. What
came of it stands in `docs/reference/x-errors.md`; `PARAPH_WRITE_X_ERRORS=1` in the
environment writes it anew.
"""

import fcntl
import io
import os
import re

import pytest
from django.db import transaction

from approvals.drafts import attachments, drafting
from approvals.models import Void
from posting import takedown
from posting.messages import attempt_messages, read_failure_messages
from posting.models import Delivery, TakeDown
from posting.sending import delivery
from servicedesk.launcher.running import ROOT
from tests import factories
from tests.contract import description
from tests.pictures import a_picture
from tests.support import samples, sentences
from tickets.ingestion import polling, refresh
from tickets.models import ConnectedAccount, Feed, Mention, Ticket, Trouble
from xapi.simulator import refusals

PAGE = ROOT / "docs" / "reference" / "x-errors.md"
TIMES = re.compile(
    r"(?:today|tomorrow|yesterday|on \w+, \w+ \d+|\w+ \d+|\d+ \w+)(?:,? \d{4})? at \d+:\d\d [ap]m"
)
QUOTED = re.compile("“[^”]*”")
UNANSWERED = ["drop", "redirect"]
AT_ONCE = 16  # answers of each operation in a sample
DOES = {
    "due": "not sent; waits, approval stands",
    "uncertain": "in doubt: looked up, never sent blindly",
    "refused": "refused; back with its author, approval void",
    "posted": "posted",
}


def fed(desk):
    return Feed.objects.select_related("account__department").get(account=desk.account)


def arrived(desk, x, text="@AmselnetzHilfe please help"):
    """A post that stands on the simulated X, and its ticket."""
    shown = x.says("grace_adeyemi", f"{text} {os.urandom(4).hex()}")
    polling.read(fed(desk))
    return Ticket.objects.get(conversation_id=shown["id"])


def approved(desk, ticket, *, pictures=False):
    """An approved reply."""
    draft = drafting.open_draft(ticket, by=desk.aylin)
    if pictures:
        shot = a_picture("orange")
        attachments.attach(
            draft, picture=io.BytesIO(shot), size=len(shot), alt="The orange socket.", by=desk.aylin
        )
    text = f"Hello Grace, unplug it ({os.urandom(4).hex()})."
    return factories.approved(
        desk,
        drafting.submit(draft, text=text, context_version=ticket.context_version, by=desk.aylin),
    )


def account_now():
    """How the account stands after it, in words."""
    account = ConnectedAccount.objects.get(external_id="901")
    if account.status == "paused":
        return "the account is paused until a person resumes it", str(
            attempt_messages.PAUSED[account.pause_code]()
        )
    return (
        "the account rests" if attempt_messages.resting(account) else ""
    ), attempt_messages.resting(account)


def joined(*parts):
    """What is said, once each, without times and X's own words."""
    told = " ".join(dict.fromkeys(part for part in parts if part))
    return QUOTED.sub("“{X’s words}”", TIMES.sub("{time}", told))


class Posting:
    """The reply itself."""

    on = "POST /2/tweets"
    title = "Posting a reply"

    def __init__(self, desk, x):
        self.draft = approved(desk, arrived(desk, x))

    def act(self):
        delivery.send_due()
        sent = Delivery.objects.get()
        held, says = account_now()
        assert Void.objects.exists() == (sent.status == "refused")
        return joined_rows([DOES[sent.status], held], [attempt_messages.sentence(sent), says])


class Uploading(Posting):
    """A picture of the reply, before it."""

    on = "POST /2/media/upload"
    title = "Uploading a picture"

    def __init__(self, desk, x):
        self.draft = approved(desk, arrived(desk, x), pictures=True)


class Describing(Uploading):
    """The picture's description."""

    on = "POST /2/media/metadata"
    title = "Describing a picture"


class Deleting:
    """A reply that stands on X."""

    on = "DELETE /2/tweets"
    title = "Deleting a reply"

    def __init__(self, desk, x):
        approved(desk, arrived(desk, x))
        delivery.send_due()
        takedown.order(
            Delivery.objects.get(), reason="The price was wrong.", confirmed=True, by=desk.lena
        )

    def act(self):
        gone = takedown.carry_out()
        order = TakeDown.objects.get()
        assert gone == (order.status == "done")
        held, says = account_now()
        does = {
            "done": "done",
            "failed": "failed; a lead may order it again",
            "ordered": "tried again",
        }[order.status]
        return joined_rows([does, held], [attempt_messages.taken_down(order), says])


class Reading:
    """The mentions of an account."""

    on = "GET /2/users/901/mentions"
    title = "Reading the mentions"

    def __init__(self, desk, x):
        arrived(desk, x)
        self.desk, self.known = desk, fed(desk).newest_position
        Feed.objects.update(read_at=factories.ago(hours=1))

    def act(self):
        runs = 0
        # Pages without an end take three runs to be called so
        while runs < 3 and not Trouble.objects.exists():
            polling.read(fed(self.desk))
            runs += 1
        feed, trouble = fed(self.desk), Trouble.objects.get(asked="mentions")
        assert feed.newest_position == self.known, "the position does not move"
        assert runs > 1 or feed.read_at < factories.ago(minutes=30), "never well without an answer"
        held, _says = account_now()
        told = f"{read_failure_messages.what(trouble)} {read_failure_messages.why(trouble)}"
        return joined_rows(["trouble on desk and health; asked again", held], [told])


class LookingUp:
    """The posts of tickets that somebody works on."""

    on = "GET /2/tweets"
    title = "Looking a customer's post up"

    def __init__(self, desk, x):
        self.ticket = arrived(desk, x)
        self.mention, self.desk, self.context_version = (
            self.ticket.last_mention,
            desk,
            self.ticket.context_version,
        )
        approved(desk, self.ticket)
        Mention.objects.update(seen_at=factories.ago(hours=1))

    def act(self):
        refresh.follow_open_tickets()
        now = Mention.objects.get(pk=self.mention.pk)
        context_version = Ticket.objects.get(pk=self.ticket.pk).context_version
        assert (context_version > self.context_version) == (now.status in {"deleted", "hidden"}), (
            "nothing moves but by a finding"
        )
        assert now.versions.get().text
        trouble = Trouble.objects.filter(asked="posts").first()
        does = {
            "deleted": "first finding of *gone*: approval void, content kept, asked again",
            "hidden": "first finding of *hidden*: approval void, content kept, asked again",
            "live": "nothing moves; asked again",
        }[now.status]
        told = (
            f"{read_failure_messages.what(trouble)} {read_failure_messages.why(trouble)}"
            if trouble
            else self.shown(now)
        )
        held, _says = account_now()
        return joined_rows([does, held], [told])

    def shown(self, mention):
        """What the conversation says beside the post."""
        from django.test import Client

        browser = Client()
        browser.force_login(self.desk.lena)
        page = browser.get(f"/tickets/{self.ticket.number}/").content.decode()
        return next(
            (
                one
                for one in re.findall(r'<p class="(?:post__words|hint)">([^<]+)</p>', page)
                if one.startswith("X ")
            ),
            "",
        )


def joined_rows(does, says):
    """One row of the page."""
    return "; ".join(part for part in does if part), joined(*says)


CASES = {
    Posting: [*refusals.kinds(), *UNANSWERED],
    Uploading: [*refusals.kinds(), *UNANSWERED],
    Describing: [*refusals.kinds(), *UNANSWERED],
    Deleting: [*refusals.kinds(), *UNANSWERED, "undeleted"],
    Reading: [*refusals.kinds(), *UNANSWERED, "loop", "endless"],
    LookingUp: [*refusals.kinds(), *UNANSWERED],
}


def found(operation, kinds, desk, x, settings):
    """What comes of each of these answers, in both vocabularies."""
    scene = operation(desk, x)
    rows = {}
    for vocabulary in ("old", "new"):
        settings.X_VOCABULARY = vocabulary
        for kind in kinds:
            x.control("faults", method="DELETE")
            x.control(
                "faults",
                kind=kind,
                on=scene.on,
                times=100 if kind in {"loop", "endless"} else 1,
                vocabulary=vocabulary,
            )
            with transaction.atomic():
                row = scene.act()
                transaction.set_rollback(True)
            assert not [one for one in x.control("faults", method="GET") if one["times"] == 1], (
                f"{kind} was not asked for"
            )
            assert rows.setdefault(kind, row) == row, f"{kind} in the {vocabulary} vocabulary"
    x.control("faults", method="DELETE")
    return rows


def section(operation, rows):
    """The section of the page: answers with the same consequence in one row."""
    grouped = {}
    for kind, row in rows.items():
        grouped.setdefault(row, []).append(f"`{kind}`")
    lines = [f"| {', '.join(kinds)} | {does} | {says} |" for (does, says), kinds in grouped.items()]
    return "\n".join(
        [
            f"## {operation.title}",
            "",
            "| X answers | the desk | and says |",
            "| --- | --- | --- |",
            *lines,
            "",
            "",
        ]
    )


def rows_in(page, operation):
    """What the page says of each answer: kind to (does, says)."""
    part = re.search(rf"## {operation.title}\n(.*?)(?=\n## |\Z)", page, re.DOTALL)[1]
    rows = re.findall(r"^\| (`.*?`) \| (.*?) \| (.*?) \|$", part, re.MULTILINE)
    return {
        kind: (does, says) for kinds, does, says in rows for kind in re.findall("`([^`]*)`", kinds)
    }


def rewrite(operation, written):
    """Put the section into the page; one test at a time."""
    with PAGE.open("r+") as page:
        fcntl.flock(page, fcntl.LOCK_EX)
        text = re.sub(
            rf"## {operation.title}\n.*?(?=\n## |\Z)",
            lambda _found: written.rstrip("\n") + "\n",
            page.read(),
            flags=re.DOTALL,
        )
        page.seek(0)
        page.truncate()
        page.write(text)


@pytest.mark.campaign
@pytest.mark.parametrize("operation", list(CASES))
def test_every_answer_of_x_has_its_consequence_and_its_sentence_and_the_page_says_so(
    operation, desk, x, settings
):
    x.control("journal", method="DELETE")
    writes = bool(os.environ.get("PARAPH_WRITE_X_ERRORS"))
    kinds = CASES[operation]
    if not writes:
        kinds = samples.sample(kinds, AT_ONCE, of=operation.title)
    rows = found(operation, kinds, desk, x, settings)
    for kind, (does, says) in rows.items():
        assert says or does == "done" or operation is LookingUp, kind
        assert "{" not in says.replace("{time}", "").replace("{X’s words}", ""), kind
        if kind.split()[0] in {"html", "alien"} or kind in {
            "words blocked",
            "words user suspended",
            "words unlocked",
            "code 63",
            "code 136",
        }:
            assert "paused" not in does, f"{kind} says nothing about the account"
        if operation is LookingUp:
            assert ("gone" in does) == (kind == "errors resource-not-found"), kind
            assert ("hidden" in does) == (kind == "errors not-authorized-for-resource"), kind
    if writes:
        rewrite(operation, sentences.set_anew(section(operation, rows)))
    said = rows_in(PAGE.read_text(), operation)
    assert {kind: said.get(kind) for kind in rows} == rows, (
        "write the page anew: PARAPH_WRITE_X_ERRORS=1"
    )
    assert set(said) == set(CASES[operation])
    journal = x.control("journal", method="GET")
    assert [(one, wrong) for one in journal if (wrong := description.against(one))] == []
    assert {
        word
        for one in journal
        for word in description.vocabularies(one)
        if len(description.vocabularies(one)) == 1
    } == {"old", "new"}


def test_every_problem_that_x_names_is_among_them():
    assert description.problems() <= set(refusals.TYPES)
    assert {
        f"{how} {kind}" for how in ("type", "errors") for kind in description.problems()
    } <= set(refusals.kinds())
