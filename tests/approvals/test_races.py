"""Two at once: one wins, the other is told so politely, and nothing unseen is ever approved."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from approvals.drafts import drafting
from approvals.models import Draft, Review, Void
from approvals.reviews import decisions
from approvals.states import DraftStatus
from core.errors import DeskError, refused_by_a_guard
from people.memberships import memberships
from posting.models import Delivery
from tests import factories
from tests.support.waiting import until_somebody_waits_for_me
from tickets import lifecycle
from tickets.ingestion import refresh
from tickets.models import Mention, Ticket


def at_once(*acts):
    """Run these in threads; their results or errors, in order."""
    found = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(place, act):
        try:
            gate.wait()
            found[place] = act()
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.campaign
def test_two_reviewers_at_once_make_one_approval(open_desk):
    revision = factories.submitted(open_desk)
    rita, lena = open_desk.rita, open_desk.lena
    found = at_once(
        *(
            lambda by=by: decisions.approve(
                revision, sha256=revision.sha256, context_version=1, by=by
            )
            for by in (rita, lena)
        )
    )
    assert sorted(isinstance(one, DeskError) for one in found) == [False, True]
    assert Review.objects.count() == 1


@pytest.mark.campaign
def test_who_waits_for_a_ticket_that_moves_to_another_department_still_finds_it(open_desk):
    revision = factories.submitted(open_desk)
    aylin, other = open_desk.aylin, open_desk.business
    begun, found = threading.Event(), []

    def moves() -> None:
        with transaction.atomic():
            lifecycle.hand_off(revision.draft.ticket, to=other, note="Yours.", by=aylin)
            begun.set()
            until_somebody_waits_for_me()

    def waits() -> None:
        begun.wait(10)
        drafting.withdraw(revision.draft, by=aylin)

    found = at_once(moves, waits)
    assert found[0] is None
    assert isinstance(found[1], DeskError) or found[1] is None, found[1]


@pytest.mark.campaign
def test_two_readers_of_one_edit_keep_it_once(open_desk):
    ticket = factories.a_ticket(open_desk)
    mention = ticket.last_mention
    edited = factories.post(
        "@AmselnetzHilfe it blinks red",
        key=mention.external_id,
        id=mention.position + 7,
        version_ids=(mention.position, mention.position + 7),
    )
    found = at_once(
        *(
            lambda: refresh.note_seen(
                Mention.objects.select_related("account").get(pk=mention.pk), edited
            )
            for _reader in range(4)
        )
    )
    assert sorted(found) == [0, 0, 0, 1]
    assert mention.versions.count() == 2


@pytest.mark.campaign
def test_editing_and_approving_at_once_never_approves_the_unseen_text(open_desk):
    for _round in range(6):
        revision = factories.submitted(
            open_desk, factories.a_ticket(open_desk, f"@AmselnetzHilfe round {_round}")
        )
        aylin, rita = open_desk.aylin, open_desk.rita
        at_once(
            lambda r=revision: drafting.submit(
                r.draft, text="A text nobody read.", context_version=1, by=aylin
            ),
            lambda r=revision: decisions.approve(r, sha256=r.sha256, context_version=1, by=rita),
        )
        draft = Draft.objects.get(pk=revision.draft_id)
        newest = draft.newest
        standing = Review.objects.filter(revision=newest, void__isnull=True)
        assert (draft.status == DraftStatus.APPROVED) == standing.exists()
        assert not (newest.text.startswith("A text nobody read") and standing.exists())


@pytest.mark.campaign
def test_a_claim_waits_for_a_void_and_then_refuses(open_desk):
    draft = factories.approved(open_desk)
    review = Review.objects.get()
    delivery = Delivery.objects.create(
        revision=draft.newest,
        sha256=draft.newest.sha256,
        account=open_desk.account,
        target_id=draft.newest.content["target"],
    )
    began = threading.Event()

    def void_slowly():
        with transaction.atomic():
            Void.objects.create(review=review, reason="revoked")
            began.set()
            until_somebody_waits_for_me()

    def claim():
        began.wait()
        try:
            with transaction.atomic():
                Delivery.objects.filter(pk=delivery.pk).update(
                    status="in_flight", leased_until=factories.ago(hours=-1)
                )
        except DatabaseError as refused:
            return refused
        return None

    waited, refused = at_once(void_slowly, claim)
    assert waited is None, waited
    assert refused_by_a_guard(refused)
    assert Delivery.objects.get().status == "due"


@pytest.mark.campaign
def test_an_old_snapshot_is_refused(open_desk):
    draft = factories.approved(open_desk)
    delivery = Delivery.objects.create(
        revision=draft.newest,
        sha256=draft.newest.sha256,
        account=open_desk.account,
        target_id=draft.newest.content["target"],
    )
    connection.close()
    with (
        pytest.raises(DatabaseError, match="read committed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(
            "UPDATE posting_delivery SET status = 'in_flight', leased_until = now() WHERE id = %s",
            [delivery.pk],
        )


@pytest.mark.campaign
def test_a_role_ended_while_claiming_waits_or_voids(open_desk):
    draft = factories.approved(open_desk)
    memberships.end_role(open_desk.rita.person.membership_set.get())
    delivery = Delivery.objects.create(
        revision=draft.newest,
        sha256=draft.newest.sha256,
        account=open_desk.account,
        target_id=draft.newest.content["target"],
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            status="in_flight", leased_until=factories.ago(hours=-1)
        )
    assert Ticket.objects.get().status == "sending"
