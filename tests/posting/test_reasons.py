"""Each reason why a reply is not settled, looked for or taken down, and to whom it is given."""

import pytest

from core.database.transitions import move
from networks.errors import NetworkError
from posting import policies, reconciliation, takedown
from posting.models import Delivery, Doubt, Result, TakeDown
from posting.own_posts import candidates
from posting.sending import delivery
from posting.states import DELIVERY_MOVES, DeliveryStatus, Outcome, TakeDownStatus
from posting.views.outbox import post_named
from tests import factories
from tests.refusals import code, refused


def anew(one):
    """The delivery as it stands now."""
    return Delivery.objects.select_related(
        "account__department",
        "revision__draft__ticket__department__parent",
        "revision__draft__ticket__account__department",
    ).get(pk=one.pk)


@pytest.fixture
def uncertain(desk):
    """A reply of which nobody knows whether X took it."""
    sent = delivery.claim(factories.approved(desk), desk.account)
    delivery.record_trouble(sent, NetworkError("no_answer", outcome="uncertain"))
    return anew(sent.delivery)


@pytest.fixture
def asked(uncertain):
    """The same, and a person is asked."""
    move(uncertain, DeliveryStatus.FOR_A_PERSON, moves=DELIVERY_MOVES)
    return anew(uncertain)


@pytest.fixture
def public(desk):
    """A reply that stands on X as post 4711."""
    sent = delivery.claim(factories.approved(desk), desk.account)
    delivery.record_posted(sent.attempt, "4711", Outcome.POSTED, shown=None)
    return anew(sent.delivery)


def doubt(of, external_id):
    """A post of ours at the place of this reply that says something else."""
    return Doubt.objects.create(
        delivery=of,
        external_id=str(external_id),
        position=external_id,
        text="Something else.",
        written_at=factories.ago(minutes=1),
    )


def test_who_says_what_became_of_a_reply_and_when(uncertain, desk):
    assert code(policies.why_not_say(uncertain, desk.rita)) == "not_for_a_person"
    assert refused(lambda: reconciliation.say_absent(uncertain, by=desk.rita)) == "not_for_a_person"
    move(uncertain, DeliveryStatus.FOR_A_PERSON, moves=DELIVERY_MOVES)
    cast = {
        "rita": None,
        "lena": None,
        "aylin": "no_right",
        "farida": "no_right",
        "max": "no_right",
    }
    assert {
        name: code(policies.why_not_say(uncertain, getattr(desk, name))) for name in cast
    } == cast
    assert (
        refused(lambda: reconciliation.say_public(uncertain, external_id="4712", by=desk.aylin))
        == "no_right"
    )


def test_absence_is_not_said_while_a_post_is_in_doubt_or_before_x_shows_everything(
    asked, desk, ahead
):
    assert code(policies.why_not_say_absent(asked)) == "too_early"
    ahead("1 minute")
    assert code(policies.why_not_say_absent(asked)) is None
    doubt(asked, 4712)
    assert code(policies.why_not_say_absent(asked)) == "doubt_open"
    assert refused(lambda: reconciliation.say_absent(asked, by=desk.rita)) == "doubt_open"


def test_who_has_the_desk_look_again(uncertain, desk):
    assert code(policies.why_not_look_again(uncertain, desk.aylin)) is None
    planned = anew(uncertain).look_at
    assert refused(lambda: reconciliation.look_now(uncertain, by=desk.nele)) == "other_department"
    assert anew(uncertain).look_at == planned
    move(uncertain, DeliveryStatus.FOR_A_PERSON, moves=DELIVERY_MOVES)
    assert refused(lambda: reconciliation.look_now(uncertain, by=desk.aylin)) == "not_uncertain"


@pytest.mark.campaign
def test_what_a_person_saw_names_a_post_that_is_nobody_elses(asked, desk):
    sent = delivery.claim(
        factories.approved(
            desk, factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe another"))
        ),
        desk.account,
    )
    delivery.record_posted(sent.attempt, "4711", Outcome.POSTED, shown=None)
    for external_id in ("0", "-1", "4711"):
        assert (
            refused(
                lambda external_id=external_id: reconciliation.say_public(
                    asked, external_id=external_id, by=desk.rita
                )
            )
            == "post_known"
        )
    reconciliation.say_public(asked, external_id="4712", by=desk.rita)
    reconciliation.say_public(anew(asked), external_id="4712", by=desk.rita)
    assert Result.objects.filter(outcome=Outcome.SEEN).count() == 1
    assert (
        refused(lambda: reconciliation.say_public(anew(asked), external_id="4713", by=desk.rita))
        == "not_for_a_person"
    )
    assert (
        refused(lambda: reconciliation.say_public(anew(asked), external_id="4712", by=desk.lena))
        == "not_for_a_person"
    )


def test_another_post_is_named_by_its_number_once(asked, desk):
    doubt(asked, 4712)
    doubt(asked, 4713)
    assert (
        refused(lambda: reconciliation.say_another(asked, external_id="4714", by=desk.rita))
        == "no_doubt"
    )
    reconciliation.say_another(asked, external_id="4713", by=desk.rita)
    assert (
        refused(lambda: reconciliation.say_another(asked, external_id="4713", by=desk.rita))
        == "no_doubt"
    )
    assert list(Doubt.objects.filter(another_at=None).values_list("external_id", flat=True)) == [
        "4712"
    ]


@pytest.mark.campaign
def test_absent_said_twice_is_said_once_and_only_for_who_said_it(asked, desk, ahead):
    ahead("1 minute")
    reconciliation.say_absent(asked, by=desk.rita)
    reconciliation.say_absent(anew(asked), by=desk.rita)
    assert Result.objects.filter(outcome=Outcome.UNSEEN).count() == 1
    assert reconciliation.said_already(asked, Outcome.UNSEEN, desk.rita)
    assert not reconciliation.said_already(asked, Outcome.UNSEEN, desk.lena)
    assert not reconciliation.said_already(asked, Outcome.SEEN, desk.rita)
    assert (
        refused(lambda: reconciliation.say_absent(anew(asked), by=desk.lena)) == "not_for_a_person"
    )
    move(anew(asked), DeliveryStatus.VOID, moves=DELIVERY_MOVES)
    assert (
        refused(lambda: reconciliation.say_absent(anew(asked), by=desk.rita)) == "not_for_a_person"
    )


@pytest.mark.campaign
def test_a_lead_takes_down_what_is_public_once(public, desk):
    assert {
        name: code(policies.why_not_take_down(public, getattr(desk, name)))
        for name in ("lena", "samuel", "rita", "henrik")
    } == {"lena": None, "samuel": None, "rita": "needs_lead", "henrik": "needs_lead"}
    for reason, confirmed, wanted in (
        (" \u200b ", True, "reason_missing"),
        ("Wrong price.", False, "confirm_missing"),
    ):
        assert (
            refused(
                lambda reason=reason, confirmed=confirmed: takedown.order(
                    public, reason=reason, confirmed=confirmed, by=desk.lena
                )
            )
            == wanted
        )
    takedown.order(public, reason="Wrong price.", confirmed=True, by=desk.lena)
    assert (
        refused(lambda: takedown.order(anew(public), reason="Again.", confirmed=True, by=desk.lena))
        == "taken_down"
    )
    move(TakeDown.objects.get(), TakeDownStatus.FAILED, moves=takedown.TAKE_DOWN_MOVES)
    assert code(policies.why_not_take_down(anew(public), desk.lena)) is None


def test_what_is_not_public_is_not_taken_down(uncertain, desk):
    assert (
        refused(
            lambda: takedown.order(uncertain, reason="Wrong price.", confirmed=True, by=desk.lena)
        )
        == "not_posted"
    )


def test_a_doubt_is_raised_only_while_the_outcome_is_unknown(public):
    assert candidates.raise_doubt(public, []) is False
    assert anew(public).status == DeliveryStatus.POSTED


@pytest.mark.parametrize(
    "typed", ["", "https://x.com/AmselnetzHilfe/status/", "no number", "1" * 20]
)
def test_an_address_without_the_number_of_a_post_is_refused(rf, typed):
    assert refused(lambda: post_named(rf.post("/", {"post": typed}))) == "post_unreadable"


def test_the_number_at_the_end_of_an_address_is_the_post(rf):
    assert (
        post_named(rf.post("/", {"post": "https://x.com/AmselnetzHilfe/status/4711?s=20"}))
        == "4711"
    )
