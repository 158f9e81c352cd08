"""The rule of the pair, line by line.

What the guard of reviews says to a decision, and what the pair rule says of it once it stands.
"""

import pytest
from django.utils import timezone

from tests.approvals.stories import (
    NEWER,
    SAID,
    by,
    copied,
    given,
    off,
    review,
    second,
    sent,
    void,
)

pytestmark = [pytest.mark.campaign, pytest.mark.table]

RULE = "approvals_review_rule: "
PAIR = "SELECT approvals_pair_fault({words})"
ESCALATED = (
    "INSERT INTO tickets_escalation (ticket_id, by_id, reason, how, end_reason) "
    "VALUES ({ticket}, {aylin.user}, 'x', '', '')"
)
NOT_ACTIVE = "not an active person with this membership"
NOT_ENTITLED = "not entitled"
NEEDS_LEAD = "escalated: the lead decides"
MADE = "one of the two is here by the word of the other alone"
FURTHER_ROLE = (
    "INSERT INTO people_membership (id, person_id, role, department_id, given_by_id) "
    "SELECT 9001, person_id, 'agent', department_id, {max.person} "
    "FROM people_membership "
    "WHERE id = {rita.role}"
)
ACCESS = (
    "INSERT INTO people_accesschange (setter_id, subject_id, kind) "
    "VALUES ({rita.person}, {aylin.person}, 'password')"
)

# What is so: (changes, who decides under which role, what the guard says, what the pair rule says).
WORLDS = {
    "a team lead": ([], "rita", "", None),
    "a lead": ([], "lena", "", None),
    "a sign-in that is off": ([off("rita")], "rita", NOT_ACTIVE, "right_lost"),
    "a sign-in that is off, and another that is not": (
        [off("rita"), second("rita")],
        "rita",
        NOT_ACTIVE,
        "right_lost",
    ),
    "a colleague's role": ([], "rita {lena.role}", NOT_ACTIVE, "right_lost"),
    "nobody at all": ([off("rita")], "rita 4242", NOT_ACTIVE, "right_lost"),
    "a role that ended, and another that did not": (
        [
            FURTHER_ROLE,
            "UPDATE people_membership SET given_by_id = NULL, ended_at = now() WHERE id = 9001",
        ],
        "rita 9001",
        NOT_ACTIVE,
        "right_lost",
    ),
    "a newer text": ([copied()], "rita", "not the newest revision", "text_changed"),
    "the customer wrote": (
        ["UPDATE tickets_ticket SET context_version = 2 WHERE id = {ticket}"],
        "rita",
        "the context_version has moved",
        "context_changed",
    ),
    "their own words": ([by("rita")], "rita", "nobody decides on their own words", "one_person"),
    "a role that nobody confirmed, beside one that counts": (
        [FURTHER_ROLE],
        "rita 9001",
        "nobody confirmed this role",
        "right_lost",
    ),
    "an agent": ([], "bastian", NOT_ENTITLED, "right_lost"),
    "an agent, of a team lead's words": ([by("rita")], "bastian", NOT_ENTITLED, "right_lost"),
    "an agent who wrote earlier words": (
        [by("bastian", "{first}")],
        "bastian",
        NOT_ENTITLED,
        "right_lost",
    ),
    "the author, of a team lead's correction": ([by("rita")], "aylin", "", None),
    "the author, whose role nobody confirmed": ([by("rita"), given("aylin")], "aylin", "", None),
    "escalated, a team lead": ([ESCALATED], "rita", NEEDS_LEAD, "needs_lead"),
    "escalated, a lead": ([ESCALATED], "lena", "", None),
    "escalated, the author of a lead's correction": ([ESCALATED, by("lena")], "aylin", "", None),
    "escalated, an agent of a lead's words": (
        [ESCALATED, by("lena")],
        "bastian",
        NEEDS_LEAD,
        "needs_lead",
    ),
    "escalated, the author of a team lead's correction": (
        [ESCALATED, by("rita")],
        "aylin",
        NEEDS_LEAD,
        "needs_lead",
    ),
    "who brought the writer": ([given("aylin", "lena")], "lena", MADE, "made_by_one"),
    "whom the writer brought": ([by("lena"), given("aylin", "lena")], "aylin", MADE, "made_by_one"),
    "who set the writer's password": (
        [ACCESS],
        "rita",
        "access was changed between the two",
        "access_changed",
    ),
}


def decides(who, **fields):
    """The statement by which this person decides, under their own role or another."""
    name, _space, role = who.partition(" ")
    return review(name, role=role or None, **fields)


def test_the_guard_of_reviews_and_the_pair_rule_say_the_same(story):
    found = {
        what: (
            story.says(decides(who), "; ".join(changes)),
            story.gives(PAIR, "; ".join([decides(who), *changes])),
        )
        for what, (changes, who, _sentence, _code) in WORLDS.items()
    }
    wanted = {
        what: (sentence and RULE + sentence, code)
        for what, (_changes, _who, sentence, code) in WORLDS.items()
    }
    assert found == wanted


def decisions():
    """List the decisions: the change, the decision, what the guard says."""
    return {
        "not in review": (
            "UPDATE approvals_draft SET status = 'approved' WHERE id = {draft}",
            decides("rita"),
            "the draft is not in review",
        ),
        "another text": (
            "",
            decides("rita").replace("words.sha256", "repeat('0', 64)"),
            "another text",
        ),
        "another context_version": (
            "",
            decides("rita", context_version=2),
            "the context_version has moved",
        ),
        "decided already": (review("lena", number=NEWER), decides("rita"), "decided already"),
        "rejected already": (
            review("lena", number=NEWER, decision="reject"),
            decides("rita"),
            "decided already",
        ),
        "decided and voided": (
            f"{review('lena', number=NEWER)}; {void(NEWER)}",
            decides("rita"),
            "",
        ),
        "no initials": (
            "UPDATE people_person SET initials = NULL WHERE id = {rita.person}",
            decides("rita"),
            "nobody decides without initials",
        ),
        "a rejection of whom one brought": (
            given("aylin", "lena"),
            decides("lena", decision="reject"),
            "",
        ),
        "a rejection after access was set": (ACCESS, decides("rita", decision="reject"), ""),
    }


def test_a_decision_is_refused_for_what_it_says(story):
    """(the change, the decision, what the guard says)."""
    cases = decisions()
    found = {
        what: story.says(statement, change) for what, (change, statement, _wanted) in cases.items()
    }
    assert found == {
        what: sentence and RULE + sentence
        for what, (_change, _statement, sentence) in cases.items()
    }
    assert (
        story.says(decides("rita"), isolation="REPEATABLE READ")
        == RULE + "only under read committed"
    )


def test_who_decided_when_with_which_initials_is_the_databases_own(story):
    lie = decides("rita").replace("now()", "'2001-01-01'").replace("{rita.person}", "{lena.person}")
    person, initials, at = story.gives(f"{lie} RETURNING person_id, initials, at")
    assert (person, initials) == (story.words["rita"].person, "rs")
    assert abs((timezone.now() - at).total_seconds()) < 600


# The decision is written anew behind the others, where a careless look finds it last.
MOVED = f"; DELETE FROM approvals_review WHERE id = {SAID}; {decides('rita')}"
OTHER_HASH = "UPDATE approvals_review SET sha256 = repeat('0', 64) WHERE id = {}"


# (what happened since, what the pair rule says)
SINCE = {
    "nothing": ("", None),
    "no decision": (f"DELETE FROM approvals_review WHERE id = {SAID}", "not_approved"),
    "it is void": (void(), "not_approved"),
    "approved twice": (review("lena", number=NEWER), "not_approved"),
    "rejected too": (review("lena", number=NEWER, decision="reject"), "not_approved"),
    "changes were requested too": (
        review("lena", number=NEWER, decision="request_changes"),
        "not_approved",
    ),
    "changes were requested, and taken back": (
        f"{review('lena', number=NEWER, decision='request_changes')}; {void(NEWER)}{MOVED}",
        None,
    ),
    "changes were requested, and void for another reason": (
        f"{review('lena', number=NEWER, decision='request_changes')}; "
        f"{void(NEWER).replace('revoked', 'expired')}{MOVED}",
        "not_approved",
    ),
    "rejected, and void": (
        f"{review('lena', number=NEWER, decision='reject')}; {void(NEWER)}{MOVED}",
        "not_approved",
    ),
    "an earlier approval, void": (
        f"{review('lena', number=NEWER, context_version=77)}; {void(NEWER)}{MOVED}",
        None,
    ),
    "another hash": (OTHER_HASH.format(SAID), "not_approved"),
    "another approval of another hash": (
        f"{review('lena', number=NEWER, context_version=77)}; {OTHER_HASH.format(NEWER)}{MOVED}",
        None,
    ),
    "a day": (
        f"UPDATE approvals_review SET at = desk_now() - interval '24 hours' WHERE id = {SAID}",
        "expired",
    ),
    "not quite a day": (
        "UPDATE approvals_review "
        "SET at = desk_now() - interval '23 hours 50 minutes' "
        f"WHERE id = {SAID}",
        None,
    ),
    "the writer's sign-in is off": (off("aylin"), "right_lost"),
    "the writer's sign-in is off, another is not": (
        f"{off('aylin')}; {second('aylin')}",
        "right_lost",
    ),
    "the writer's sign-in is somebody else's": (
        f"{second('aylin')}; "
        "UPDATE people_user SET person_id = {minh.person} "
        "WHERE id = {aylin.user}",
        "right_lost",
    ),
    "the decider's sign-in is somebody else's": (
        f"{second('rita')}; "
        "UPDATE people_user SET person_id = {minh.person} "
        "WHERE id = {rita.user}",
        "right_lost",
    ),
    "the text, though not the hash": (
        "ALTER TABLE approvals_revision ALTER COLUMN sha256 DROP EXPRESSION; "
        "UPDATE approvals_revision SET payload = payload || ' ' WHERE id = {words}",
        "text_changed",
    ),
}


def test_the_pair_rule_looks_at_what_was_said(story):
    found = {
        what: story.gives(PAIR, "; ".join(filter(None, [decides("rita"), change])))
        for what, (change, _fault) in SINCE.items()
    }
    assert found == {what: fault for what, (_change, fault) in SINCE.items()}


def test_of_a_text_that_is_not_there_nothing_stands(story):
    assert story.gives("SELECT approvals_pair_fault(4242)") == "text_changed"


# Whether an approval rests on one person's word: (changes, who approved).
BY_ONE = {
    "nobody gave anything": ([], "rita", False),
    "the decider's role": ([given("rita")], "rita", True),
    "the writer's, where a team lead decides": ([given("aylin")], "rita", False),
    "the countersigner's own": ([by("rita"), given("aylin")], "aylin", False),
    "the countersigned one's": ([by("rita"), given("rita")], "aylin", True),
    "of words without a role": (
        [by("rita"), "UPDATE approvals_revision SET membership_id = NULL WHERE id = {words}"],
        "aylin",
        False,
    ),
    "an agent's who wrote elsewhere": ([given("bastian")], "bastian", True),
    "an agent's who wrote later": (
        [copied(), by("bastian", str(NEWER)), given("bastian")],
        "bastian",
        True,
    ),
    "a team lead's who wrote earlier": ([by("rita", "{first}"), given("rita")], "rita", True),
    "the writer's, by the decider": ([given("aylin", "lena")], "lena", True),
    "the countersigner's, by the writer": ([by("lena"), given("aylin", "lena")], "aylin", True),
}


def test_an_approval_that_rests_on_one_persons_word_is_known(story):
    found = {
        what: story.gives(f"SELECT approvals_by_one({SAID})", "; ".join([decides(who), *changes]))
        for what, (changes, who, _one) in BY_ONE.items()
    }
    assert found == {what: one for what, (_changes, _who, one) in BY_ONE.items()}


def test_a_reply_is_on_its_way_from_its_claim_on_and_only_its_own(story):
    ask = "SELECT approvals_on_its_way({draft}) IS NOT NULL"
    assert not story.gives(ask)
    found = {
        status: story.gives(ask, sent(status))
        for status in ("due", "void", "refused", "in_flight", "uncertain", "for_a_person", "posted")
    }
    assert {status for status, known in found.items() if known} == {
        "in_flight",
        "uncertain",
        "for_a_person",
        "posted",
    }
