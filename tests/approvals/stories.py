"""The committed story that the tables of the guards of approvals change.

A text is in review; beside it stands another draft whose rows must never count for it.
"""

import pytest

from approvals.drafts import drafting
from approvals.models import Draft
from tests import factories
from tests.by_sql import Story, cast

REVIEW = """INSERT INTO approvals_review (id, revision_id, sha256, decision, context_version,
  comment,
            paragraph, user_id, person_id, membership_id, initials, channel, at)
            SELECT {number}, words.id, words.sha256, '{decision}', {context_version}, 'x', '', {by},
            {of}, {role}, 'xx', '', now()
            FROM approvals_revision words WHERE words.id = {words}"""
DELIVERY = """INSERT INTO posting_delivery (id, revision_id, sha256, account_id, target_id,
              status, tries, code, said, leased_until, external_id, claimed_at)
              SELECT {number}, words.id, words.sha256, {{account}}, '1', '{status}', 0, '', '',
              now(), '{number}', now()
              FROM approvals_revision words
              WHERE words.id = {words}"""
COPY = """INSERT INTO approvals_revision (id, draft_id, number, payload, user_id, person_id,
          membership_id, is_correction, context_version, channel)
          SELECT {number}, draft_id, {place}, payload, user_id, person_id, membership_id,
          false, context_version, ''
          FROM approvals_revision
          WHERE id = {words}"""
# Rows that changes write have these numbers; those of the story itself come from sequences and
# are small.
SAID = 9001
VOIDED = 9002
STANDING = 9003
REJECTED = 9004
NEWER = 9005


def review(
    by="rita", *, number=SAID, words="{words}", decision="approve", context_version=1, role=None
):
    """The statement that writes a decision."""
    return REVIEW.format(
        number=number,
        words=words,
        decision=decision,
        context_version=context_version,
        by=f"{{{by}.user}}",
        of=f"{{{by}.person}}",
        role=role or f"{{{by}.role}}",
    )


def void(said=SAID):
    """The statement that ends an approval."""
    return f"INSERT INTO approvals_void (review_id, reason, detail) VALUES ({said}, 'revoked', '')"


def sent(status, *, words="{words}", number=9001):
    """The statement that writes a delivery in this state."""
    return DELIVERY.format(number=number, status=status, words=words)


def copied(words="{words}", *, number=NEWER, place=3):
    """The statement that writes the same text as a further revision."""
    return COPY.format(number=number, place=place, words=words)


def by(who, words="{words}"):
    """The statement that makes somebody else the writer of these words."""
    return (
        "UPDATE approvals_revision "
        f"SET user_id = {{{who}.user}}, person_id = {{{who}.person}}, membership_id = "
        f"{{{who}.role}} "
        f"WHERE id = {words}"
    )


def given(who, giver="max"):
    """The statement that makes somebody's role one that nobody has confirmed."""
    return (
        f"UPDATE people_membership SET given_by_id = {{{giver}.person}} WHERE id = {{{who}.role}}"
    )


def off(who):
    """The statement that switches somebody's sign-in off."""
    return f"UPDATE people_user SET is_active = false WHERE id = {{{who}.user}}"


def second(who, *, active=True, number=9001):
    """The statement that gives somebody a further sign-in."""
    kept = (
        "person_id, password, language, theme, density, letters, own_letters, sound, notices, "
        "quiet_days, moves_on"
    )
    return (
        f"INSERT INTO people_user (id, username, email, confirmed_email, is_active, {kept}) "
        f"SELECT {number}, 'further', '', '', {active}, {kept} FROM people_user "
        f"WHERE id = {{{who}.user}}"
    )


def write_earlier_rows(story):
    """Write the rows that stand before the story."""
    earlier = (
        "(SELECT id FROM approvals_revision WHERE draft_id = {other_draft} AND number = {number})"
    )
    story.write(
        "; ".join(
            [
                copied("{first}", number=8001, place=2),
                review("lena", words="{first}", number=8001, context_version=77),
                review("lena", words=earlier.replace("{number}", "1"), number=STANDING),
                review("lena", words=earlier.replace("{number}", "2"), number=VOIDED),
                void(VOIDED),
                review("rita", words="{other}", number=REJECTED, decision="reject"),
                sent("posted", words="{other}", number=8001),
                "INSERT INTO tickets_escalation (ticket_id, by_id, reason, how, end_reason) "
                "VALUES ({other_ticket}, {aylin.user}, 'x', '', '')",
                "INSERT INTO tickets_escalation (ticket_id, by_id, reason, how, end_reason, "
                "ended_at) "
                "VALUES ({ticket}, {aylin.user}, 'x', 'handed_back', 'x', now())",
            ]
        )
    )


@pytest.fixture
def story(committed, owner):
    """Aylin's text was submitted twice with the same words.

    Bastian's other draft was submitted three times, judged, voided, posted and escalated.
    """
    desk = committed
    first = factories.submitted(desk)
    other = factories.submitted(
        desk,
        factories.a_ticket(desk, "@AmselnetzHilfe something else"),
        by=desk.bastian,
        text="One.",
    )
    for text in ("Two.", "Three."):
        other = drafting.submit(
            Draft.objects.get(pk=other.draft_id), text=text, context_version=1, by=desk.bastian
        )
    empty = drafting.open_draft(
        factories.a_ticket(desk, "@AmselnetzHilfe a third thing"), by=desk.aylin
    )
    story = Story(
        owner,
        first=first.pk,
        words=8001,
        other=other.pk,
        draft=first.draft_id,
        other_draft=other.draft_id,
        empty=empty.pk,
        ticket=first.draft.ticket_id,
        other_ticket=other.draft.ticket_id,
        account=desk.account.pk,
        sha256=first.sha256,
        **cast(desk),
    )
    story.desk, story.revision, story.other = desk, first, other
    write_earlier_rows(story)
    return story
