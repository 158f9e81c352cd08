"""Judge the judge of the workflow campaigns.

It sees what must not be, and accuses nobody where the order of two acts is open.
"""

import pytest

from campaigns.logbook import Approval, Escalation, Logbook, Membership, Span, Text

SERVICE = 1
BUSINESS = 2
SENT = Span(50, 51)


@pytest.fixture
def log():
    """An agent wrote at 10, a reviewer read at 20 and approved at 21; it is sent at 50."""
    book = Logbook({SERVICE: None, BUSINESS: SERVICE}, {BUSINESS})
    for person, department, role in (
        ("agent", SERVICE, "agent"),
        ("other", SERVICE, "agent"),
        ("reviewer", SERVICE, "reviewer"),
        ("lead", SERVICE, "lead"),
        ("colleague", BUSINESS, "agent"),
    ):
        book.memberships[person].append(Membership(person, department, role, Span(0, 1)))
    book.departments[7].append((SERVICE, Span(0, 0)))
    book.tickets[1] = 7
    book.note_text(Text(1, 1, "Hello.", "agent", Span(10, 11), target=99))
    book.approvals[1].append(Approval(1, "Hello.", "reviewer", Span(20, 20.5), Span(21, 22)))
    return book


def post(text="Hello.", at=50.5, to=99):
    return {"bare": text, "at": at * 1000, "reply_to": to}


def judge(book, *posts):
    return book.judge(list(posts), lambda at: Span(at - 0.5, at))


def test_a_reply_that_two_people_stand_behind_is_no_violation_and_has_to_be_said(log):
    assert judge(log, post()) == []
    assert log.missing([], 60) == ["lost: draft 1 is approved and was not said"]
    assert log.missing([post()], 60) == []


def given_by(log, person):
    log.approvals[1][0].endorser = person


def unconfirmed(log):
    role = log.memberships["reviewer"][0]
    role.giver, role.words = "administrator", [("confirmed", Span(5, 6)), ("refused", Span(30, 31))]


BROKEN = {
    "one person": (lambda log: given_by(log, "agent"), "one person wrote and approved"),
    "an agent": (lambda log: given_by(log, "other"), "not entitled when deciding"),
    "another department": (lambda log: given_by(log, "colleague"), "not entitled when deciding"),
    "a linked person": (
        lambda log: log.links.append(("reviewer", "agent", Span(30, 31))),
        "one person wrote and approved",
    ),
    "a role that nobody confirmed": (
        lambda log: setattr(log.memberships["reviewer"][0], "giver", "administrator"),
        "not entitled when deciding",
    ),
    "a confirmation taken back": (lambda log: unconfirmed(log), "not entitled when sending"),
    "access set by a linked person": (
        lambda log: (
            log.links.append(("x", "agent", Span(2, 3))),
            log.access.append(("x", "reviewer", Span(4, 5))),
        ),
        "one had set the other's access",
    ),
    "nobody": (lambda log: log.approvals.clear(), "nobody approved these words"),
    "approved later": (
        lambda log: log.approvals.update(
            {1: [Approval(1, "Hello.", "reviewer", Span(60, 60), Span(61, 62))]}
        ),
        "approved later",
    ),
    "a newer text": (
        lambda log: log.note_text(Text(1, 2, "Hello!", "agent", Span(30, 31))),
        "a newer text stands",
    ),
    "taken back": (
        lambda log: log.ended[1].append(Span(30, 31)),
        "the approval had been taken back",
    ),
    "the context_version": (
        lambda log: log.moves[7].append(Span(30, 31)),
        "the context_version had moved",
    ),
    "edited on X": (
        lambda log: log.moves_on_x[99].append(Span(30, 31)),
        "the context_version had moved",
    ),
    "switched off": (
        lambda log: log.away.update(agent=Span(30, 31)),
        "one of the two was switched off",
    ),
    "access": (
        lambda log: log.access.append(("reviewer", "agent", Span(5, 6))),
        "one had set the other's access",
    ),
    "escalated": (
        lambda log: log.escalations[7].append(Escalation(Span(5, 6))),
        "escalated and without the lead when deciding",
    ),
    "escalated later": (
        lambda log: log.escalations[7].append(Escalation(Span(30, 31))),
        "escalated and without the lead when sending",
    ),
    "role ended": (
        lambda log: log.close_roles("reviewer", Span(30, 31)),
        "not entitled when sending",
    ),
    "handed over": (
        lambda log: log.departments[7].append((BUSINESS, Span(30, 31))),
        "not entitled when sending",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_each_breach_of_the_rule_is_seen(log, case):
    breach, words = BROKEN[case]
    breach(log)
    assert [words in found for found in judge(log, post())] == [True], judge(log, post())
    assert log.missing([], 60) == []


def test_a_role_that_came_back_does_not_carry_the_approval(log):
    log.close_roles("reviewer", Span(30, 31))
    log.memberships["reviewer"].append(Membership("reviewer", SERVICE, "reviewer", Span(32, 33)))
    assert "the right under which it was approved had ended" in judge(log, post())[0]


def test_twice_altered_and_to_somebody_else(log):
    assert "twice" in judge(log, post(), post(at=52))[0]
    assert "never submitted" in judge(log, post("Good day."))[0]
    assert any("answers 5 in place of 99" in found for found in judge(log, post(at=53, to=5)))


@pytest.mark.parametrize(
    "breach",
    [
        lambda log: log.ended[1].append(Span(21.5, 30)),
        lambda log: log.moves[7].append(Span(30, 55)),
        lambda log: log.close_roles("reviewer", Span(30, 55)),
        lambda log: log.escalations[7].append(Escalation(Span(30, 55))),
    ],
)
def test_where_the_order_is_open_nobody_is_accused_and_nothing_is_demanded(log, breach):
    breach(log)
    assert judge(log, post()) == []
    assert log.missing([], 54) == []


def test_the_lead_decides_what_is_escalated_and_the_post_closes_it(log):
    log.escalations[7].append(Escalation(Span(5, 6)))
    given_by(log, "lead")
    assert judge(log, post()) == []
    assert log.escalations[7][0].closed is not None


def test_a_countersigned_correction_counts(log):
    log.note_text(Text(1, 2, "Hello!", "reviewer", Span(30, 31), target=99))
    log.approvals[1].append(Approval(1, "Hello!", "agent", Span(32, 32), Span(33, 34)))
    assert judge(log, post("Hello!")) == []
