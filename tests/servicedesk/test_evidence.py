"""The evidence holds, and whoever tampers with it is named.

In the chain, behind an anchor, or past the verbs.
"""

import base64
import io
import json
import random
import re
import subprocess
import sys
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from approvals.drafts import attachments, drafting
from approvals.models import Draft
from core import audit_chain
from core.audit import record
from core.channel import acting_through
from core.database.db_time import desk_now
from core.models import ChainHead, Event, Link
from people.identity.tokens import issue
from servicedesk import tasks
from servicedesk.evidence import anchors
from servicedesk.evidence.audit_check import examine
from tests import factories
from tests.approvals.test_four_eyes import insert_review
from tests.pictures import a_picture
from tickets.ingestion import refresh, retention
from tickets.models import ConnectedAccount, Mention
from tickets.states import MentionState

pytestmark = [pytest.mark.campaign, pytest.mark.table]

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def anchored(settings, tmp_path):
    """A key and a file for anchors."""
    settings.ANCHOR_KEY, settings.ANCHOR_FILE = KEY, str(tmp_path / "anchors.jsonl")
    return tmp_path / "anchors.jsonl"


def codes(**options):
    """What the examination finds, as codes."""
    return {fault.code for fault in examine(**options).faults}


@pytest.fixture
def story(open_desk):
    """A desk in which something happened, everything through tokens of those who did it."""
    for name in ("aylin", "rita"):
        issue(getattr(open_desk, name), name="test")
    with acting_through(f"token:{open_desk.aylin.tokens.get().pk}"):
        revision = factories.submitted(open_desk)
    with acting_through(f"token:{open_desk.rita.tokens.get().pk}"):
        factories.approved(open_desk, revision)
    return open_desk


def test_what_happened_is_linked_and_holds(story):
    report = examine()
    assert report.faults == []
    assert report.links == Event.objects.count() == Link.objects.count() > 20
    assert ChainHead.objects.get().number == report.links


def test_the_link_is_made_when_the_transaction_commits(story):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("ticket.tagged", story.account)
        _ = 1 / 0
    assert examine().faults == []


TAMPERINGS = {
    "changed": (
        "UPDATE core_event SET data = '{\"forged\": 1}' WHERE id = %(one)s",
        {"hash_wrong"},
    ),
    "backdated": (
        "UPDATE core_event SET at = at - interval '1 hour' WHERE id = %(one)s",
        {"hash_wrong"},
    ),
    "deleted": ("DELETE FROM core_event WHERE id = %(one)s", {"event_missing"}),
    "link deleted": (
        "DELETE FROM core_link WHERE event_id = %(one)s",
        {"link_missing", "tail_missing"},
    ),
    "inserted": (
        "INSERT INTO core_event (name, at, channel, topic_kind, subject_kind, data) "
        "VALUES ('x', now(), '', '', '', '{}')",
        {"event_unlinked"},
    ),
    "swapped": (
        """UPDATE core_link SET event_id = -1
                   WHERE event_id = %(one)s;
                   UPDATE core_link SET event_id = %(one)s
                   WHERE event_id = %(two)s;
                   UPDATE core_link SET event_id = %(two)s WHERE event_id = -1""",
        {"hash_wrong"},
    ),
}


def tamper(owner, sql, **names):
    """What only the owner of the cluster can do: with the guards silenced."""
    owner.execute("BEGIN; SET LOCAL session_replication_role = replica")
    owner.execute(sql, names)
    owner.execute("COMMIT")


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_tampered_event_is_named(story, owner, how):
    sql, expected = TAMPERINGS[how]
    numbers = list(Event.objects.order_by("id").values_list("id", flat=True))
    one, two = random.Random(how).sample(numbers, 2)
    tamper(owner, sql, one=one, two=two)
    assert codes() & expected
    with pytest.raises(CommandError):
        call_command("verify_audit")


def test_a_cut_tail_is_named_even_where_the_head_was_put_back(story, owner, anchored):
    assert anchors.write()
    assert codes() == set()
    last = Link.objects.order_by("-number").first()
    tamper(
        owner,
        """DELETE FROM core_link
                     WHERE number = %(number)s;
                     DELETE FROM core_event
                     WHERE id = %(event)s;
                     UPDATE core_chainhead
                     SET number = number - 1, hash = (
                     SELECT hash FROM core_link ORDER BY number DESC LIMIT 1)""",
        number=last.number,
        event=last.event_id,
    )
    assert "tail_cut" in codes()


# What somebody with the owner's role would run to give all events links anew.
LINK_ANEW = """
DO $anew$
DECLARE
  entry core_event;
  number_so_far bigint := 0;
  hash_so_far text := repeat('0', 64);
  linked timestamptz;
BEGIN
  FOR entry IN SELECT event.* FROM core_event event ORDER BY event.id LOOP
    linked := desk_now();
    number_so_far := number_so_far + 1;
    hash_so_far := encode(sha256(convert_to(
      hash_so_far || core_event_text(entry, number_so_far, linked), 'UTF8')), 'hex');
    INSERT INTO core_link (number, event_id, at, hash)
    VALUES (number_so_far, entry.id, linked, hash_so_far);
  END LOOP;
  INSERT INTO core_chainhead (id, number, hash) VALUES (1, number_so_far, hash_so_far);
END $anew$;
"""


def test_a_chain_written_anew_from_the_start_is_caught_by_its_anchor(story, owner, anchored):
    assert anchors.write()
    tamper(
        owner,
        """DELETE FROM core_link;
            DELETE FROM core_chainhead;
            UPDATE core_event SET data = '{"forged": 1}'
            WHERE id = (SELECT min(id) FROM core_event)""",
    )
    owner.execute(LINK_ANEW)
    assert "chain_rewritten" in codes()


def test_a_forged_anchor_and_a_broken_line_are_named(story, anchored):
    anchors.write()
    row = json.loads(anchored.read_text())
    anchored.write_text(json.dumps(row | {"number": row["number"] - 1}) + "\nrubbish\n")
    assert {"anchor_forged", "anchor_unreadable"} <= codes()


def test_a_review_by_raw_sql_has_no_event_and_no_door_of_its_person(story):
    revision = factories.submitted(story)
    insert_review(revision, story.rita, channel=f"token:{story.aylin.tokens.get().pk}")
    found = {(fault.code, fault.place.split()[0]) for fault in examine().faults}
    assert {("fact_without_event", "review"), ("foreign_door", "review")} <= found


def test_decisions_in_the_browser_name_a_session_that_was_really_begun(story, client):
    revision = factories.submitted(story)
    assert (
        client.post("/sign-in/", {"username": "rita", "password": "a-long-password"}).status_code
        == 302
    )
    assert (
        client.post(
            f"/review/{revision.draft_id}/approve/",
            {"sha256": revision.sha256, "context_version": 1},
        ).status_code
        == 302
    )
    found = [fault for fault in examine().faults if fault.place.startswith("review")]
    assert found == []


def test_the_application_cannot_touch_the_chain(db):
    for sql in (
        "INSERT INTO core_link (number, event_id, at, hash) VALUES (999999, 1, now(), 'x')",
        "UPDATE core_link SET hash = 'x'",
        "DELETE FROM core_link",
        "UPDATE core_chainhead SET number = 0",
        "SELECT 1 FROM core_chainhead FOR UPDATE",
        "SELECT core_event_link()",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_page_of_one_reply_tells_its_whole_story(story, client):
    client.force_login(story.rita)
    draft = Draft.objects.get()
    page = client.get(f"/evidence/{draft.pk}/").content.decode()
    for words in (
        "Evidence of one reply",
        "Aylin Nergiz",
        "Rita Sommer",
        draft.newest.text,
        draft.newest.sha256,
        "approved exactly this",
        "all linked",
    ):
        assert words in page
    client.force_login(story.nele)
    assert client.get(f"/evidence/{draft.pk}/").status_code == 404


def test_every_time_of_the_evidence_has_date_second_and_zone(story, client):
    client.force_login(story.rita)
    page = client.get(f"/evidence/{Draft.objects.get().pk}/").content.decode()
    article = page.partition("<article")[2]
    exact = r"\d{1,2} [A-Z][a-z]{2} \d{4}, \d{1,2}:\d\d:\d\d [ap]m \(CES?T\)"
    assert len(re.findall(exact, article)) >= 7
    assert not re.search(r"\d:\d\d|today|yesterday", re.sub(exact, "", article))


def test_one_reply_is_exported_and_verified_without_the_desk(story, anchored, client, tmp_path):
    draft = Draft.objects.get()
    client.force_login(story.nele)
    assert client.get(f"/evidence/{draft.pk}/archive/").status_code == 404
    client.force_login(story.rita)
    assert f"/evidence/{draft.pk}/archive/" in client.get(f"/evidence/{draft.pk}/").content.decode()
    answer = client.get(f"/evidence/{draft.pk}/archive/")
    assert f"evidence-{draft.ticket.number}-{draft.pk}.zip" in answer["Content-Disposition"]
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "out")
    told = [json.loads(line) for line in (tmp_path / "out/replies.jsonl").open()]
    assert [one["draft"] for one in told] == [draft.pk]
    linked = [json.loads(line)["number"] for line in (tmp_path / "out/links.jsonl").open()]
    assert linked == told[0]["links"]
    assert "the router blinks orange" not in (tmp_path / "out/replies.jsonl").read_text()
    assert verified(tmp_path / "out") == (0, "ok: everything in this export holds\n")
    forged = (
        (tmp_path / "out/links.jsonl").read_text().replace("draft.submitted", "draft.withdrawn")
    )
    (tmp_path / "out/links.jsonl").write_text(forged)
    status, says = verified(tmp_path / "out")
    assert status == 1
    assert "does not hold" in says


def test_the_evidence_of_a_deleted_post_stands_without_its_words(story, client, ahead):
    for said_at in ("", "61 minutes"):
        ahead(said_at)
        refresh.note_gone(Mention.objects.get(), MentionState.DELETED)
    assert retention.empty(Mention.objects.get())
    client.force_login(story.rita)
    page = client.get(f"/evidence/{Draft.objects.get().pk}/").content.decode()
    assert "the router blinks orange" not in page
    assert "its words were removed here too" in page


@pytest.fixture
def exported(story, anchored, tmp_path):
    """An export, unpacked."""
    call_command("export_evidence", str(tmp_path / "evidence.zip"), verbosity=0)
    zipfile.ZipFile(tmp_path / "evidence.zip").extractall(tmp_path / "out")
    return tmp_path / "out"


def verified(directory, *more):
    """The stand-alone verifier, with nothing of the desk: exit status and what it says."""
    done = subprocess.run(
        [sys.executable, directory / "verify.py", directory, *more],
        capture_output=True,
        text=True,
        cwd="/",
    )
    return done.returncode, done.stdout + done.stderr


def test_an_export_verifies_alone_and_holds_no_word_of_the_customer(exported):
    assert verified(exported) == (0, "ok: everything in this export holds\n")
    everything = "".join(path.read_text() for path in exported.iterdir())
    assert "unplug it for 30 seconds" in everything
    assert "the router blinks orange" not in everything
    assert "grace_adeyemi" not in everything


def test_without_the_package_for_signatures_the_verifier_says_so(exported):
    (exported / "cryptography.py").write_text("raise ImportError")
    code, said = verified(exported)
    assert code == 0
    assert "the signature was not checked" in said


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("replies.jsonl", "30 seconds", "40 seconds", "is not what was hashed"),
        ("links.jsonl", "review.approved", "review.rejected", "does not hold"),
        ("manifest.json", "made_at", "made_At", "the signature is wrong"),
        ("anchor.json", "number", "Number", "is not the file that was exported"),
    ],
)
def test_a_changed_export_is_named(exported, name, old, new, says):
    path = exported / name
    path.write_text(path.read_text().replace(old, new, 1))
    code, said = verified(exported)
    assert code == 1
    assert says in said


@pytest.fixture
def with_picture(story, anchored, tmp_path):
    """An export with a reply that names two pictures, one of them taken away since; unpacked."""
    draft = drafting.open_draft(
        factories.a_ticket(story, "@AmselnetzHilfe which socket?"), by=story.aylin
    )
    for colour in ("orange", "blue"):
        shot = a_picture(colour)
        attachments.attach(
            draft,
            picture=io.BytesIO(shot),
            size=len(shot),
            alt=f"A socket, {colour}.",
            by=story.aylin,
        )
    drafting.submit(
        draft, text="Hi Grace, these.", context_version=draft.ticket.context_version, by=story.aylin
    )
    attachments.detach(draft, attachments.of_draft(draft)[0].pk, by=story.aylin)
    call_command("export_evidence", str(tmp_path / "evidence.zip"), verbosity=0)
    zipfile.ZipFile(tmp_path / "evidence.zip").extractall(tmp_path / "out")
    return tmp_path / "out"


def test_an_export_holds_the_pictures_of_every_text(with_picture):
    assert verified(with_picture) == (0, "ok: everything in this export holds\n")
    assert len(list(with_picture.glob("picture-*.png"))) == 2


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.write_bytes(a_picture("black")), "is not the file that was exported"),
        (lambda path: path.unlink(), "a picture of revision 1 is not among the files"),
    ],
)
def test_an_export_with_another_picture_is_named(with_picture, spoil, says):
    spoil(next(with_picture.glob("picture-*.png")))
    code, said = verified(with_picture)
    assert code == 1
    assert says in said


def test_an_export_by_another_key_is_named(exported):
    assert "another key" in verified(exported, "00" * 32)[1]


def test_health_says_line_by_line_what_is_well(story, client, anchored):
    client.force_login(story.max)
    page = client.get("/health/").content.decode()
    assert "It is not anchored outside the database" in page
    anchors.write()
    assert "Anchored outside the database" in client.get("/health/").content.decode()
    client.force_login(story.aylin)
    assert client.get("/health/").status_code == 403


def test_anchors_are_written_at_once_and_then_every_five_minutes(story, anchored, ahead):
    assert [anchors.write_if_due(), anchors.write_if_due()] == [True, False]
    ahead("6 minutes")
    assert anchors.write_if_due()
    assert len(anchored.read_text().splitlines()) == 2


def test_an_anchor_ahead_of_the_chain_pauses_every_account_once(story, anchored, client):
    """The database was put back to before the last anchor, as by a snapshot of its disk."""
    head = audit_chain.head()
    ahead_of_it = audit_chain.Head(head.number + 1, "0" * 64)
    line = anchors.signed(ahead_of_it, desk_now().isoformat(), anchors.private_key())
    anchored.write_text(json.dumps(line) + "\n")
    tasks.anchor()
    paused = ConnectedAccount.objects.filter(status="paused", pause_code="restore")
    assert paused.count() == ConnectedAccount.objects.count() > 0
    client.force_login(story.max)
    assert "put back to an earlier moment" in client.get("/health/").content.decode()
    paused.update(status="active", pause_code="")
    tasks.anchor()
    assert not paused.exists()


def test_metrics_are_for_who_has_the_token(story, client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "scrape"
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
    answer = client.get("/metrics", headers={"authorization": "Bearer scrape"})
    assert answer["content-type"].startswith("text/plain; version=0.0.4")
    text = answer.content.decode()
    assert "paraph_database_hardened 1" in text
    assert "Grace" not in text
    assert len([line for line in text.splitlines() if not line.startswith("#")]) == 19
