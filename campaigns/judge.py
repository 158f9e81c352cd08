"""The judge judged: each safeguard is taken away alone, and the attacks must then notice.

Baseline: with every safeguard up no attack gets through.

An attack is a short story that tries what must never be; it returns whether it was
stopped. Walls are triggers, lines of guards, locks, constraints, rights, and the settle
time; they are weakened by the owner in a database of the campaign's own and put back
after each.
"""

import contextlib
import io
import itertools
import json
import re
import threading
import time
from dataclasses import dataclass

import psycopg2

from campaigns.world import World

_words = itertools.count(1)


def run(options) -> tuple[dict, list[str]]:
    """Baseline, then every removal; figures and violations."""
    with World(seed=options.seed, scale=0.01, DESK_SEND_DELAY_SECONDS="0") as world:
        stage = Stage(world)
        report: dict[str, str] = {}
        violations = [
            f"with every safeguard up, {name} gets through"
            for name, attack in ATTACKS.items()
            if not stage.stopped(attack)
        ]
        for safeguard in safeguards(stage):
            stage.own(safeguard.weaken)
            try:
                through = [name for name in safeguard.attacks if not stage.stopped(ATTACKS[name])]
            finally:
                stage.own(safeguard.restore)
            report[safeguard.name] = (
                f"noticed by: {', '.join(through)}" if through else "NOT NOTICED"
            )
        missed = [safeguard for safeguard, outcome in report.items() if outcome == "NOT NOTICED"]
        violations += [f"removed and not noticed: {safeguard}" for safeguard in missed]
        violations += [
            f"after everything was put back, {name} gets through"
            for name, attack in ATTACKS.items()
            if not stage.stopped(attack)
        ]
        return {
            "safeguards removed": len(report),
            "noticed": len(report) - len(missed),
            "attacks": len(ATTACKS),
            "each": report,
        }, violations


class Stage:
    """People, an account, lines to the database, and the attacks' building blocks."""

    def __init__(self, world: World) -> None:
        from tests import factories

        self.world, self.factories = world, factories
        world.x.control("limits", on=False)
        world.x.control("duplicates", on=False)
        for handle, number in (("AmselnetzHilfe", 901), ("AmselnetzBiz", 902)):
            world.x.control("users", username=handle, name=handle, account=True, id=number)
        self.desk = factories.make_desk()
        self.owner = psycopg2.connect(world.owner_dsn)
        self.owner.autocommit = True

    def own(self, sql: str) -> None:
        """As the owner."""
        with self.owner.cursor() as cursor:
            cursor.execute(sql)

    def ask(self, sql: str):
        """One value, as the owner."""
        with self.owner.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    def silently(self, sql: str) -> None:
        """Run this as the owner with every trigger silent.

        How a database administrator would set a scene.
        """
        self.own(f"BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT")

    def stopped(self, attack) -> bool:
        """Whether the attack was stopped; what it leaves behind is harmless to the next."""
        from django.db import connection

        try:
            return attack(self)
        finally:
            connection.close()

    def ticket(self):
        """A new ticket by a new customer, its post on X."""
        from tickets.models import Ticket

        post = self.world.x.says(
            f"customer{next(_words)}", f"@AmselnetzHilfe question {next(_words)}"
        )
        shown = self.factories.post(
            "@AmselnetzHilfe question",
            key=post["id"],
            by=self.factories.XUser(
                id=post["author"], handle=f"c{post['author']}", name="Customer"
            ),
            at=None,
        )
        taken = self.factories.ingest(self.factories.Page(posts=[shown]), self.desk.account)
        return Ticket.objects.get(pk__in=taken.tickets)

    def submitted(self, by=None):
        """A revision in review."""
        return self.factories.submitted(
            self.desk, self.ticket(), by=by, text=f"Hello, this is answer {next(_words)}."
        )

    def approved(self):
        """A draft that may be sent."""
        return self.factories.approved(self.desk, self.submitted())

    def delivery(self, revision) -> int:
        """A waiting delivery of this revision."""
        from posting.models import Delivery

        return Delivery.objects.create(
            revision=revision,
            sha256=revision.sha256,
            account=self.desk.account,
            target_id=revision.content["target"],
        ).pk

    def app(self, sql: str, *values, isolation: str = "") -> bool:
        """Raw SQL as the application's role; whether it went through."""
        line = psycopg2.connect(self.world.app_dsn)
        try:
            with line.cursor() as cursor:
                if isolation:
                    cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
                cursor.execute(sql, values)
            line.commit()
            return True
        except psycopg2.Error:
            return False
        finally:
            line.close()

    def fly(self, delivery: int, **how) -> bool:
        """Try to put this delivery in flight; whether it went."""
        went = self.app(
            "UPDATE posting_delivery "
            "SET status = 'in_flight', leased_until = now() + interval '1 hour' "
            "WHERE id = %s",
            delivery,
            **how,
        )
        if went:  # the account must be free for the next attack
            self.silently(f"UPDATE posting_delivery SET status = 'void' WHERE id = {delivery}")
        return went

    def review(self, revision, user, **fields) -> bool:
        """A raw approval in this person's name; whether it went in."""
        from tickets.models import Ticket

        row = {
            "revision_id": revision.pk,
            "sha256": revision.sha256,
            "decision": "approve",
            "comment": "",
            "paragraph": "",
            "user_id": user.pk,
            "context_version": Ticket.objects.get(drafts=revision.draft_id).context_version,
            "person_id": user.person_id,
            "channel": "",
            "membership_id": user.person.membership_set.filter(ended_at=None).first().pk,
            **fields,
        }
        return self.app(
            f"INSERT INTO approvals_review ({', '.join(row)}) "
            f"VALUES ({', '.join(['%s'] * len(row))})",
            *row.values(),
        )


ATTACKS = {}


def attack(function):
    """Register an attack under its own words."""
    ATTACKS[function.__name__.replace("_", " ")] = function
    return function


@attack
def one_approves_own_words(stage) -> bool:
    return not stage.review(stage.submitted(by=stage.desk.rita), stage.desk.rita)


@attack
def an_agent_approves(stage) -> bool:
    return not stage.review(stage.submitted(), stage.desk.bastian)


@attack
def a_reviewer_approves_what_is_escalated(stage) -> bool:
    from approvals.escalation import escalation

    revision = stage.submitted()
    escalation.escalate(revision.draft.ticket, reason="Difficult.", by=stage.desk.aylin)
    return not stage.review(revision, stage.desk.rita)


@attack
def a_status_is_set_past_the_rule(stage) -> bool:
    return not stage.app(
        "UPDATE approvals_draft SET status = 'approved' WHERE id = %s", stage.submitted().draft_id
    )


@attack
def a_delivery_without_a_pair(stage) -> bool:
    return not stage.fly(stage.delivery(stage.submitted()))


@attack
def a_pair_of_one_person(stage) -> bool:
    draft = stage.approved()
    stage.silently(
        f"UPDATE approvals_review SET person_id = {draft.newest.person_id} "
        f"WHERE revision_id = {draft.newest.pk}; "
        "UPDATE approvals_review "
        f"SET user_id = {draft.newest.user_id}, membership_id = ("
        "SELECT id FROM people_membership "
        f"WHERE person_id = {draft.newest.person_id} LIMIT 1) "
        f"WHERE revision_id = {draft.newest.pk}; "
        "UPDATE people_membership SET role = 'reviewer' "
        f"WHERE person_id = {draft.newest.person_id}"
    )
    try:
        return not stage.fly(stage.delivery(draft.newest))
    finally:
        stage.silently(
            "UPDATE people_membership SET role = 'agent' "
            f"WHERE person_id = {draft.newest.person_id}"
        )


@attack
def a_superseded_text(stage) -> bool:
    draft = stage.approved()
    old = draft.newest
    delivery = stage.delivery(old)
    stage.silently(f"""INSERT INTO approvals_revision (draft_id, number, payload, user_id,
        person_id, membership_id, is_correction, context_version, channel, at)
        SELECT draft_id, number + 1, replace(payload, 'answer', 'ANSWER'), user_id, person_id,
        membership_id, false, context_version, '', now()
        FROM approvals_revision
        WHERE id = {old.pk}""")
    return not stage.fly(delivery)


@attack
def a_void_approval(stage) -> bool:
    draft = stage.approved()
    review = draft.newest.reviews.get()
    stage.silently(
        "INSERT INTO approvals_void (review_id, reason, detail, at) "
        f"VALUES ({review.pk}, 'revoked', '', now())"
    )
    return not stage.fly(stage.delivery(draft.newest))


@attack
def an_approval_on_another_context_version(stage) -> bool:
    draft = stage.approved()
    stage.silently(
        "UPDATE tickets_ticket SET context_version = context_version + 1 "
        f"WHERE id = {draft.ticket_id}"
    )
    return not stage.fly(stage.delivery(draft.newest))


@attack
def an_old_approval(stage) -> bool:
    draft = stage.approved()
    stage.silently(
        "UPDATE approvals_review SET at = at - interval '25 hours' "
        f"WHERE revision_id = {draft.newest.pk}"
    )
    return not stage.fly(stage.delivery(draft.newest))


@attack
def a_membership_that_has_ended(stage) -> bool:
    draft = stage.approved()
    membership = draft.newest.reviews.get().membership_id
    stage.silently(f"""UPDATE people_membership SET ended_at = now() WHERE id = {membership};
        INSERT INTO people_membership (person_id, department_id, role, started_at)
        SELECT person_id, department_id, role, now() FROM people_membership
        WHERE id = {membership}""")
    return not stage.fly(stage.delivery(draft.newest))


@attack
def an_endorser_who_lost_the_right(stage) -> bool:
    draft = stage.approved()
    membership = draft.newest.reviews.get().membership_id
    stage.silently(f"UPDATE people_membership SET role = 'agent' WHERE id = {membership}")
    try:
        return not stage.fly(stage.delivery(draft.newest))
    finally:
        stage.silently(f"UPDATE people_membership SET role = 'reviewer' WHERE id = {membership}")


@attack
def a_writer_who_is_switched_off(stage) -> bool:
    draft = stage.approved()
    stage.silently(f"UPDATE people_user SET is_active = false WHERE id = {draft.newest.user_id}")
    try:
        return not stage.fly(stage.delivery(draft.newest))
    finally:
        stage.silently(f"UPDATE people_user SET is_active = true WHERE id = {draft.newest.user_id}")


@attack
def escalated_after_the_approval(stage) -> bool:
    draft = stage.approved()
    stage.silently(
        "INSERT INTO tickets_escalation (ticket_id, by_id, reason, at, how, end_reason) "
        f"VALUES ({draft.ticket_id}, {stage.desk.aylin.pk}, 'x', now(), '', '')"
    )
    return not stage.fly(stage.delivery(draft.newest))


@attack
def a_pair_that_set_each_others_access(stage) -> bool:
    draft = stage.approved()
    review = draft.newest.reviews.get()
    stage.silently(
        "INSERT INTO people_accesschange (setter_id, subject_id, kind, at) "
        f"VALUES ({review.person_id}, {draft.newest.person_id}, 'role', now())"
    )
    try:
        return not stage.fly(stage.delivery(draft.newest))
    finally:
        stage.silently("DELETE FROM people_accesschange")


def ghost(stage, role: str, department=None, giver=None):
    """Somebody who came by the administrator's word alone: user and role."""
    from people.identity import persons, provisioning
    from people.memberships import memberships
    from people.models import User
    from people.roles import Role

    number = next(_words)
    person = persons.add_person(
        f"Ghost {number}", initials="g" + "".join(chr(97 + int(one)) for one in f"{number:03d}")
    )
    user = provisioning.add_sign_in(f"ghost{number}", person=person)
    given = memberships.give_role(
        person, role=Role(role), department=department, invited_by=giver or stage.desk.max
    )
    return User.objects.select_related("person").get(pk=user.pk), given


def said(stage, given, user, under: int) -> bool:
    """A raw confirmation in this person's name; whether it went in."""
    return stage.app(
        "INSERT INTO people_roleconfirmation (membership_id, word, channel, user_id, "
        "person_id, under_id) "
        "VALUES (%s, 'confirmed', '', %s, %s, %s)",
        given.pk,
        user.pk,
        user.person_id,
        under,
    )


def own_role(user) -> int:
    """The number of this person's open role."""
    return user.person.membership_set.filter(ended_at=None).first().pk


@attack
def a_role_confirmed_by_its_giver(stage) -> bool:
    _user, given = ghost(stage, "reviewer", stage.desk.service)
    return not said(stage, given, stage.desk.max, own_role(stage.desk.max))


@attack
def a_role_confirmed_by_its_bearer(stage) -> bool:
    user, given = ghost(stage, "reviewer", stage.desk.service)
    stage.silently(
        "INSERT INTO people_membership (person_id, department_id, role, started_at) "
        f"VALUES ({user.person_id}, {stage.desk.service.pk}, 'lead', now())"
    )
    power = stage.ask(f"SELECT max(id) FROM people_membership WHERE person_id = {user.person_id}")
    try:
        return not said(stage, given, user, power)
    finally:
        stage.silently(f"UPDATE people_membership SET ended_at = now() WHERE id = {power}")


@attack
def a_role_confirmed_by_an_agent(stage) -> bool:
    _user, given = ghost(stage, "reviewer", stage.desk.service)
    stage.silently(
        "INSERT INTO people_membership (person_id, department_id, role, started_at, "
        "given_by_id) "
        f"VALUES ({stage.desk.bastian.person_id}, {stage.desk.service.pk}, 'lead', now(), "
        f"{stage.desk.max.person_id})"
    )
    waiting = stage.ask(
        f"SELECT max(id) FROM people_membership WHERE person_id = {stage.desk.bastian.person_id}"
    )
    try:
        return not said(stage, given, stage.desk.bastian, waiting)
    finally:
        stage.silently(f"UPDATE people_membership SET ended_at = now() WHERE id = {waiting}")


@attack
def a_role_confirmed_with_a_password_that_its_giver_set(stage) -> bool:
    _user, given = ghost(stage, "reviewer", stage.desk.service)
    stage.silently(
        "INSERT INTO people_accesschange (setter_id, subject_id, kind, at) "
        f"VALUES ({stage.desk.max.person_id}, {stage.desk.lena.person_id}, 'password', now())"
    )
    try:
        return not said(stage, given, stage.desk.lena, own_role(stage.desk.lena))
    finally:
        stage.silently("DELETE FROM people_accesschange")


@attack
def a_role_given_by_an_agent(stage) -> bool:
    return (
        not stage.app(
            "INSERT INTO people_membership (person_id, department_id, role, given_by_id) "
            "VALUES (%s, %s, 'deputy', %s)",
            stage.desk.chiara.person_id,
            stage.desk.business.pk,
            stage.desk.bastian.person_id,
        )
        or stage.silently(
            "DELETE FROM people_membership "
            f"WHERE person_id = {stage.desk.chiara.person_id} "
            "AND role = 'deputy'"
        )
        is not None
    )


@attack
def a_word_about_a_role_unsaid(stage) -> bool:
    _user, given = ghost(stage, "reviewer", stage.desk.service)
    assert said(stage, given, stage.desk.lena, own_role(stage.desk.lena))
    try:
        stage.own(f"DELETE FROM people_roleconfirmation WHERE membership_id = {given.pk}")
        return False
    except psycopg2.Error:
        return True


@attack
def a_role_that_waits_beside_one_that_counts(stage) -> bool:
    user, given = ghost(stage, "reviewer", stage.desk.service)
    stage.silently(
        "INSERT INTO people_membership (person_id, department_id, role, started_at) "
        f"VALUES ({user.person_id}, {stage.desk.service.pk}, 'agent', now())"
    )
    counting = stage.ask(
        f"SELECT max(id) FROM people_membership WHERE person_id = {user.person_id}"
    )
    draft = stage.approved()
    stage.silently(
        "UPDATE approvals_review "
        f"SET person_id = {user.person_id}, user_id = {user.pk}, membership_id = {counting} "
        f"WHERE revision_id = {draft.newest.pk}"
    )
    return not stage.fly(stage.delivery(draft.newest))


@attack
def a_writer_made_by_the_endorser(stage) -> bool:
    user, _given = ghost(stage, "agent", stage.desk.service)
    stage.silently(
        "INSERT INTO people_membership (person_id, department_id, role, started_at) "
        f"VALUES ({stage.desk.max.person_id}, {stage.desk.service.pk}, 'reviewer', now())"
    )
    power = stage.ask(
        f"SELECT max(id) FROM people_membership WHERE person_id = {stage.desk.max.person_id}"
    )
    draft = stage.factories.approved(stage.desk, stage.submitted(by=user))
    stage.silently(
        "UPDATE approvals_review "
        f"SET person_id = {stage.desk.max.person_id}, user_id = {stage.desk.max.pk}, "
        f"membership_id = {power} "
        f"WHERE revision_id = {draft.newest.pk}"
    )
    try:
        return not stage.fly(stage.delivery(draft.newest))
    finally:
        stage.silently(f"UPDATE people_membership SET ended_at = now() WHERE id = {power}")


@attack
def a_pair_of_which_a_linked_row_set_the_access(stage) -> bool:
    from people.identity import persons

    draft = stage.approved()
    review = draft.newest.reviews.get()
    other = persons.add_person(f"Row {next(_words)}")
    stage.silently(
        "INSERT INTO people_personlink (person_id, same_as_id, at) "
        f"VALUES ({other.pk}, {review.person_id}, now()); "
        "INSERT INTO people_accesschange (setter_id, subject_id, kind, at) "
        f"VALUES ({other.pk}, {draft.newest.person_id}, 'email', now())"
    )
    try:
        return not stage.fly(stage.delivery(draft.newest))
    finally:
        stage.silently("DELETE FROM people_accesschange")


@attack
def two_agents_after_a_hand_over(stage) -> bool:
    draft = stage.approved()
    stage.silently(
        f"UPDATE tickets_ticket SET department_id = {stage.desk.business.pk} "
        f"WHERE id = {draft.ticket_id}; "
        "UPDATE approvals_review "
        f"SET person_id = {stage.desk.minh.person_id}, user_id = {stage.desk.minh.pk}, "
        f"membership_id = {own_role(stage.desk.minh)} "
        f"WHERE revision_id = {draft.newest.pk}"
    )
    return not stage.fly(stage.delivery(draft.newest))


@attack
def a_decision_without_initials(stage) -> bool:
    revision = stage.submitted()
    stage.silently(
        f"UPDATE people_person SET initials = NULL WHERE id = {stage.desk.rita.person_id}"
    )
    try:
        return not stage.review(revision, stage.desk.rita)
    finally:
        stage.silently(
            f"UPDATE people_person SET initials = 'rs' WHERE id = {stage.desk.rita.person_id}"
        )


@attack
def a_text_with_a_rejection(stage) -> bool:
    draft = stage.approved()
    stage.silently(f"""INSERT INTO approvals_review (revision_id, sha256, decision, context_version,
        comment, paragraph, user_id, person_id, membership_id, channel, at)
        SELECT revision_id, sha256, 'reject', context_version, 'no', '', user_id, person_id,
        membership_id, '', now()
        FROM approvals_review
        WHERE revision_id = {draft.newest.pk}""")
    return not stage.fly(stage.delivery(draft.newest))


@attack
def an_old_snapshot(stage) -> bool:
    draft = stage.approved()
    delivery = stage.delivery(draft.newest)
    return not stage.fly(delivery, isolation="REPEATABLE READ")


def raced(stage, first: str, draft) -> bool:
    """Somebody changes a fact and has not committed yet when the claim comes.

    Whether the claim waited and then refused.
    """
    delivery = stage.delivery(draft.newest)
    line = psycopg2.connect(stage.world.app_dsn)
    went: list[bool] = []
    try:
        with line.cursor() as cursor:
            cursor.execute(first)
        claim = threading.Thread(target=lambda: went.append(stage.fly(delivery)))
        claim.start()
        time.sleep(0.4)
        line.commit()
        claim.join(10)
    finally:
        line.close()
    return went == [False]


def returned(stage):
    """A text that Rita gave back to its author, and the number of her decision."""
    revision = stage.submitted()
    assert stage.review(revision, stage.desk.rita, decision="request_changes", comment="Shorter.")
    stage.app(
        "UPDATE approvals_draft SET status = 'changes_requested' WHERE id = %s", revision.draft_id
    )
    return revision, revision.reviews.get().pk


@attack
def a_request_for_changes_that_another_ends(stage) -> bool:
    _revision, review = returned(stage)
    return not stage.app(
        "INSERT INTO approvals_void (review_id, reason, detail, by_id) "
        "VALUES (%s, 'revoked', '', %s)",
        review,
        stage.desk.lena.pk,
    )


@attack
def a_pair_beside_a_request_for_changes(stage) -> bool:
    draft = stage.approved()
    given = draft.newest.reviews.get().pk
    stage.silently(f"""INSERT INTO approvals_review (revision_id, sha256, decision, context_version,
        comment, paragraph, user_id, person_id, membership_id, initials, channel, at)
        SELECT revision_id, sha256, 'request_changes', context_version, 'x', '', user_id, person_id,
        membership_id, initials, '', at
        FROM approvals_review
        WHERE id = {given}""")
    return not stage.fly(stage.delivery(draft.newest))


@attack
def a_claim_beside_a_void(stage) -> bool:
    draft = stage.approved()
    return raced(
        stage,
        "INSERT INTO approvals_void (review_id, reason, detail) "
        f"VALUES ({draft.newest.reviews.get().pk}, 'revoked', '')",
        draft,
    )


@attack
def an_account_that_is_paused(stage) -> bool:
    delivery, own = stage.delivery(stage.approved().newest), stage.desk.account.pk
    stage.silently(
        f"UPDATE tickets_connectedaccount SET status = 'paused', paused_at = now() WHERE id = {own}"
    )
    try:
        return not stage.fly(delivery)
    finally:
        stage.silently(
            "UPDATE tickets_connectedaccount SET status = 'active', paused_at = NULL "
            f"WHERE id = {own}"
        )


@attack
def an_account_that_rests(stage) -> bool:
    delivery, own = stage.delivery(stage.approved().newest), stage.desk.account.pk
    stage.silently(
        "UPDATE tickets_connectedaccount "
        "SET rests_until = now() + interval '5 minutes' "
        f"WHERE id = {own}"
    )
    try:
        return not stage.fly(delivery)
    finally:
        stage.silently(f"UPDATE tickets_connectedaccount SET rests_until = NULL WHERE id = {own}")


@attack
def a_claim_beside_a_pause(stage) -> bool:
    draft, own = stage.approved(), stage.desk.account.pk
    try:
        return raced(
            stage,
            "UPDATE tickets_connectedaccount "
            "SET status = 'paused', paused_at = now() "
            f"WHERE id = {own}",
            draft,
        )
    finally:
        stage.silently(
            "UPDATE tickets_connectedaccount SET status = 'active', paused_at = NULL "
            f"WHERE id = {own}"
        )


@attack
def a_claim_beside_an_ending_membership(stage) -> bool:
    draft = stage.factories.approved(stage.desk, stage.submitted(), by=stage.desk.tomasz)
    membership = draft.newest.reviews.get().membership_id
    try:
        return raced(
            stage, f"UPDATE people_membership SET ended_at = now() WHERE id = {membership}", draft
        )
    finally:
        stage.silently(f"UPDATE people_membership SET ended_at = NULL WHERE id = {membership}")


@attack
def an_attempt_out_of_nothing(stage) -> bool:
    return not stage.app(
        "INSERT INTO posting_attempt (delivery_id, number) VALUES (%s, 1)",
        stage.delivery(stage.submitted()),
    )


def flown(stage) -> tuple[int, int]:
    """A delivery really in flight, with its attempt: (delivery, attempt)."""
    delivery = stage.delivery(stage.approved().newest)
    assert stage.app(
        "UPDATE posting_delivery "
        "SET status = 'in_flight', leased_until = now() + interval '1 hour' "
        "WHERE id = %s",
        delivery,
    )
    assert stage.app("INSERT INTO posting_attempt (delivery_id, number) VALUES (%s, 1)", delivery)
    return delivery, stage.ask(f"SELECT id FROM posting_attempt WHERE delivery_id = {delivery}")


def landed(stage, delivery: int) -> None:
    """Free the account."""
    stage.silently(f"UPDATE posting_delivery SET status = 'void' WHERE id = {delivery}")


@attack
def an_outcome_that_did_not_happen(stage) -> bool:
    delivery, attempt_id = flown(stage)
    try:
        return not stage.app(
            "INSERT INTO posting_result (attempt_id, outcome, external_id, code, said) "
            "VALUES (%s, 'found', '17', '', '')",
            attempt_id,
        )
    finally:
        landed(stage, delivery)


@attack
def due_again_without_an_outcome(stage) -> bool:
    delivery, _attempt = flown(stage)
    try:
        return not stage.app("UPDATE posting_delivery SET status = 'due' WHERE id = %s", delivery)
    finally:
        landed(stage, delivery)


def uncertain(stage) -> tuple[int, int]:
    """A delivery whose outcome nobody knows."""
    delivery, attempt_id = flown(stage)
    assert stage.app(
        "INSERT INTO posting_result (attempt_id, outcome, code, said) "
        "VALUES (%s, 'uncertain', '', '')",
        attempt_id,
    )
    assert stage.app(
        "UPDATE posting_delivery SET status = 'uncertain', leased_until = NULL WHERE id = %s",
        delivery,
    )
    return delivery, attempt_id


@attack
def absent_at_once(stage) -> bool:
    delivery, attempt_id = uncertain(stage)
    for _number in range(2):
        stage.app(
            "INSERT INTO posting_timelinecheck (delivery_id, attempt_id) VALUES (%s, %s)",
            delivery,
            attempt_id,
        )
    return not stage.app(
        "INSERT INTO posting_result (attempt_id, outcome, code, said) "
        "VALUES (%s, 'absent', '', '')",
        attempt_id,
    )


def asked(stage, *, hours: int = 0) -> tuple[int, int]:
    """A delivery that a person is asked about, uncertain for so long."""
    delivery, attempt_id = uncertain(stage)
    assert stage.app("UPDATE posting_delivery SET status = 'for_a_person' WHERE id = %s", delivery)
    stage.silently(
        f"UPDATE posting_result SET at = at - interval '{hours} hours' "
        f"WHERE attempt_id = {attempt_id}"
    )
    return delivery, attempt_id


def unseen(stage, attempt_id: int) -> bool:
    """Whether a person's word goes in that it is not on X."""
    return stage.app(
        "INSERT INTO posting_result (attempt_id, outcome, code, said, by_id) "
        "VALUES (%s, 'unseen', '', '', %s)",
        attempt_id,
        stage.desk.rita.pk,
    )


def doubted(stage, delivery: int) -> None:
    """A post at the place of this delivery of which nobody knows what it is."""
    assert stage.app(
        "INSERT INTO posting_doubt (delivery_id, external_id, position, text, written_at) "
        "VALUES (%s, '17', 17, 'Other words', now())",
        delivery,
    )


@attack
def not_there_at_once(stage) -> bool:
    _delivery, attempt_id = asked(stage)
    return not unseen(stage, attempt_id)


@attack
def not_there_while_a_post_is_in_doubt(stage) -> bool:
    delivery, attempt_id = asked(stage, hours=9)
    doubted(stage, delivery)
    return not unseen(stage, attempt_id)


@attack
def a_doubt_taken_back(stage) -> bool:
    delivery, _attempt = asked(stage)
    doubted(stage, delivery)
    return not stage.app(
        "UPDATE posting_doubt SET another_by_id = %s, another_at = now() WHERE delivery_id = %s; "
        "UPDATE posting_doubt SET another_by_id = NULL, another_at = NULL WHERE delivery_id = %s",
        stage.desk.rita.pk,
        delivery,
        delivery,
    )


EXCHANGE = """UPDATE tickets_connectedaccount mine
              SET credentials = other.credentials FROM tickets_connectedaccount other
              WHERE (mine.external_id, other.external_id) IN (('901', '902'), ('902', '901'))"""


@attack
def the_access_of_two_accounts_exchanged(stage) -> bool:
    try:
        stage.own(EXCHANGE)
    except psycopg2.Error:
        return True
    stage.silently(EXCHANGE)
    return False


@attack
def access_past_its_routine(stage) -> bool:
    return not stage.app(
        "UPDATE tickets_connectedaccount "
        "SET credentials = credentials || ''::bytea "
        "WHERE external_id = '901'"
    )


@attack
def exchanged_access_that_opens(stage) -> bool:
    """Exchange the access of two accounts past every guard.

    The sealing itself must not open, so that nothing can be sent with it.
    """
    from tickets.accounts.credentials import opened
    from tickets.models import ConnectedAccount

    front = (
        "CASE mine.external_id "
        "WHEN '901' THEN '1:901:'::bytea "
        "ELSE '1:902:'::bytea END || substring(other.credentials FROM 7)"
    )
    stage.silently(EXCHANGE.replace("other.credentials FROM", f"{front} FROM"))
    try:
        return all(
            opened(account) == {}
            for account in ConnectedAccount.objects.filter(external_id__in=["901", "902"])
        )
    finally:
        stage.silently(EXCHANGE.replace("other.credentials FROM", f"{front} FROM"))


@attack
def a_reading_in_advance(stage) -> bool:
    delivery, attempt_id = flown(stage)
    try:
        return not stage.app(
            "INSERT INTO posting_timelinecheck (delivery_id, attempt_id) VALUES (%s, %s)",
            delivery,
            attempt_id,
        )
    finally:
        landed(stage, delivery)


@attack
def two_in_flight_on_one_account(stage) -> bool:
    delivery, _attempt = flown(stage)
    try:
        return not stage.fly(stage.delivery(stage.approved().newest))
    finally:
        landed(stage, delivery)


@attack
def two_deliveries_of_one_text(stage) -> bool:
    revision = stage.approved().newest
    stage.delivery(revision)
    return not stage.app(
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status, "
        "tries, code, said) "
        "VALUES (%s, %s, %s, %s, 'due', 0, '', '')",
        revision.pk,
        revision.sha256,
        stage.desk.account.pk,
        revision.content["target"],
    )


@attack
def a_delivery_to_another_post(stage) -> bool:
    revision = stage.approved().newest
    return not stage.app(
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status, "
        "tries, code, said) "
        "VALUES (%s, %s, %s, '4242', 'due', 0, '', '')",
        revision.pk,
        revision.sha256,
        stage.desk.account.pk,
    )


@attack
def a_delivery_from_another_account(stage) -> bool:
    revision = stage.approved().newest
    return not stage.app(
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status, "
        "tries, code, said) "
        "VALUES (%s, %s, %s, %s, 'due', 0, '', '')",
        revision.pk,
        revision.sha256,
        stage.desk.business_account.pk,
        revision.content["target"],
    )


@attack
def a_picture_exchanged_after_the_approval(stage) -> bool:
    from approvals.drafts import attachments, drafting
    from approvals.models import Attachment
    from tests.pictures import a_picture

    draft, shot = stage.approved(), a_picture()
    attachments.attach(
        draft, picture=io.BytesIO(shot), size=len(shot), alt="A light.", by=draft.writer
    )
    drafting.submit(draft, text="Hello, look at this.", context_version=None, by=draft.writer)
    one = Attachment.objects.get(draft=draft)
    return not stage.app(
        "UPDATE approvals_attachment SET image = 'black' WHERE id = %s", one.pk
    ) and not stage.app("DELETE FROM approvals_attachment WHERE id = %s", one.pk)


@attack
def a_void_after_the_start(stage) -> bool:
    draft = stage.approved()
    delivery = stage.delivery(draft.newest)
    assert stage.app(
        "UPDATE posting_delivery "
        "SET status = 'in_flight', leased_until = now() + interval '1 hour' "
        "WHERE id = %s",
        delivery,
    )
    try:
        return not stage.app(
            "INSERT INTO approvals_void (review_id, reason, detail) VALUES (%s, 'revoked', '')",
            draft.newest.reviews.get().pk,
        )
    finally:
        landed(stage, delivery)


def said_by(revision, **fields) -> str:
    """The payload of a revision with other fields, in the form in which the database takes it."""
    content = (
        revision.content | {"text": f"Another answer {next(_words)}. ^{revision.initials}"} | fields
    )
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def submitted_by_sql(stage, revision, payload: str, context_version: int = 99) -> bool:
    """The author's own text by raw SQL; whether it went in."""
    return stage.app(
        """INSERT INTO approvals_revision (draft_id, number, payload, user_id,
                        person_id, is_correction, context_version, channel)
                        VALUES (%s, 0, %s, %s, %s, false, %s, '')""",
        revision.draft_id,
        payload,
        revision.user_id,
        revision.person_id,
        context_version,
    )


def another(name: str, **fields):
    """An attack: a text that names something else than its draft."""

    def differs(stage) -> bool:
        revision = stage.submitted()
        return not submitted_by_sql(stage, revision, said_by(revision, **fields))

    differs.__name__ = name
    return attack(differs)


another("a text to another post", target="4242")
another("a text from another account", account="902")
another("a text to another network", network="y")
another("a text to another surface", surface="private")
another("a text with other initials", initials="rs", text="Another answer. ^rs")
another("a text of another draft", draft=1)
another("a text without its signature", text="Another answer.")
another("a text with an open field", text="Dear {{ customer }}, yes. ^an")
another("a text in another shape", note="x")
another(
    "a text with a picture of nobody",
    attachments=[{"alt": "x", "kind": "image/png", "sha256": "0" * 64}],
)


@attack
def the_same_text_again(stage) -> bool:
    draft = stage.approved()
    return not submitted_by_sql(stage, draft.newest, draft.newest.payload, context_version=1)


@attack
def another_author_of_a_submitted_text(stage) -> bool:
    return not stage.app(
        "UPDATE approvals_draft SET writer_id = %s WHERE id = %s",
        stage.desk.bastian.pk,
        stage.submitted().draft_id,
    )


@attack
def another_id_of_a_posted_reply(stage) -> bool:
    delivery, attempt_id = flown(stage)
    number = str(next(_words) + 70_000)
    assert stage.app(
        "INSERT INTO posting_result (attempt_id, outcome, external_id, code, said) "
        "VALUES (%s, 'posted', %s, '', '')",
        attempt_id,
        number,
    )
    assert stage.app(
        "UPDATE posting_delivery "
        "SET status = 'posted', external_id = %s, leased_until = NULL "
        "WHERE id = %s",
        number,
        delivery,
    )
    return not stage.app("UPDATE posting_delivery SET external_id = '17' WHERE id = %s", delivery)


@attack
def a_take_down_of_what_is_not_posted(stage) -> bool:
    return not stage.app(
        """INSERT INTO posting_takedown (delivery_id, reason, by_id, status, code, said)
            VALUES (%s, 'x', %s, 'ordered', '', '')""",
        stage.delivery(stage.approved().newest),
        stage.desk.lena.pk,
    )


@attack
def their_words_rewritten(stage) -> bool:
    return not stage.app(
        "UPDATE tickets_postversion SET text = 'I never said that' WHERE mention_id = %s",
        stage.ticket().last_mention_id,
    )


@attack
def an_older_version_of_a_post(stage) -> bool:
    return not stage.app(
        "UPDATE tickets_mention SET newest_id = NULL WHERE id = %s", stage.ticket().last_mention_id
    )


@attack
def a_lag_forgotten(stage) -> bool:
    number = next(_words) + 80_000
    stage.own(f"""INSERT INTO tickets_ownpost (external_id, position, account_id,
                  conversation_id, text, through_desk, written_at, unseen_seconds)
                  VALUES ('{number}', {number}, {stage.desk.account.pk}, '1', 'x', true, now(),
                  40)""")
    return not stage.app(
        "UPDATE tickets_ownpost SET unseen_seconds = 0 WHERE external_id = %s", str(number)
    )


@attack
def a_revoked_token_that_comes_back(stage) -> bool:
    number = stage.ask(
        f"""INSERT INTO people_apitoken (user_id, name, sha256)
            VALUES ({stage.desk.aylin.pk}, 'x', '{next(_words)}') RETURNING id"""
    )
    stage.app("UPDATE people_apitoken SET revoked_at = now() WHERE id = %s", number)
    return not stage.app("UPDATE people_apitoken SET revoked_at = NULL WHERE id = %s", number)


@attack
def a_revision_in_anothers_name(stage) -> bool:
    revision = stage.submitted()
    if not stage.app(
        """INSERT INTO approvals_revision (draft_id, number, payload, user_id,
                        person_id, is_correction, context_version, channel, at)
                        VALUES (%s, 77, %s, %s, %s, false, 1, '', '2001-01-01')""",
        revision.draft_id,
        said_by(revision),
        stage.desk.aylin.pk,
        stage.desk.lena.person_id,
    ):
        return True
    number, person, old = stage.ask(f"""SELECT ARRAY[number::text, person_id::text, (at <
                                        '2010-01-01')::text]
                                        FROM approvals_revision
                                        WHERE draft_id = {revision.draft_id} ORDER BY id DESC
                                        LIMIT 1""")
    return (int(number), int(person), old) == (
        revision.number + 1,
        stage.desk.aylin.person_id,
        "false",
    )


@attack
def a_text_with_a_character_that_nobody_sees(stage) -> bool:
    revision = stage.submitted()
    payload = revision.payload.replace('"text":"', '"text":"\u2800')
    return not stage.app(
        """INSERT INTO approvals_revision (draft_id, number, payload,
                            user_id, person_id, is_correction, context_version, channel)
                            VALUES (%s, 77, %s, %s, %s, false, %s, '')""",
        revision.draft_id,
        payload,
        revision.user_id,
        revision.person_id,
        revision.context_version,
    )


@attack
def a_right_given_back(stage) -> bool:
    person = stage.desk.minh.person
    membership = stage.ask(
        "INSERT INTO people_membership (person_id, department_id, role) "
        f"VALUES ({person.pk}, {stage.desk.business.pk}, 'reviewer') RETURNING id"
    )
    stage.own(f"UPDATE people_membership SET ended_at = now() WHERE id = {membership}")
    try:
        return not stage.app(
            "UPDATE people_membership SET ended_at = NULL WHERE id = %s", membership
        )
    finally:
        stage.silently(f"DELETE FROM people_membership WHERE id = {membership}")


@attack
def an_escalation_ended_without_the_lead(stage) -> bool:
    from approvals.escalation import escalation

    ticket = stage.submitted().draft.ticket
    escalation.escalate(ticket, reason="Difficult.", by=stage.desk.aylin)
    return not stage.app(
        "UPDATE tickets_escalation "
        "SET ended_at = now(), ended_by_id = %s, how = 'handed_back', end_reason = 'easy' "
        "WHERE ticket_id = %s",
        stage.desk.rita.pk,
        ticket.pk,
    )


@attack
def the_context_version_turned_back(stage) -> bool:
    from approvals.escalation import escalation

    ticket = stage.approved().ticket
    escalation.escalate(ticket, reason="Difficult.", by=stage.desk.aylin)
    return not stage.app("UPDATE tickets_ticket SET context_version = 1 WHERE id = %s", ticket.pk)


@attack
def a_sign_in_moved_to_another_person(stage) -> bool:
    with contextlib.suppress(psycopg2.Error):
        stage.own(
            "BEGIN; "
            f"UPDATE people_user SET person_id = {stage.desk.rita.person_id} "
            f"WHERE id = {stage.desk.aylin.pk}; "
            "ROLLBACK"
        )
        return False
    stage.own("ROLLBACK")
    return True


@attack
def an_event_past_the_chain(stage) -> bool:
    stage.app(
        "INSERT INTO core_event (name, at, channel, topic_kind, subject_kind, data) "
        "VALUES ('x', now(), '', '', '', '{}')"
    )
    missing = stage.ask(
        "SELECT count(*) FROM core_event e "
        "WHERE NOT EXISTS (SELECT FROM core_link l WHERE l.event_id = e.id)"
    )
    stage.silently(
        "DELETE FROM core_event e "
        "WHERE NOT EXISTS (SELECT FROM core_link l WHERE l.event_id = e.id)"
    )
    return missing == 0


@attack
def an_event_with_a_time_of_its_own(stage) -> bool:
    stage.app(
        "INSERT INTO core_event (name, at, channel, topic_kind, subject_kind, data) "
        "VALUES ('backdated', '2001-01-01', '', '', '', '{}')"
    )
    wrong = stage.ask("SELECT count(*) FROM core_event WHERE at < '2010-01-01'")
    stage.silently("UPDATE core_event SET at = now() WHERE at < '2010-01-01'")
    return wrong == 0


@attack
def a_weak_role_that_became_strong(stage) -> bool:
    from servicedesk.operations import db_hardening

    return db_hardening.state() == "ok"


def changing(table: str):
    """An attack on a table of facts by its owner."""

    def changes(stage) -> bool:
        if table == "approvals_void":
            stage.app(
                "INSERT INTO approvals_void (review_id, reason, detail) VALUES (%s, 'revoked', '')",
                stage.approved().newest.reviews.get().pk,
            )
        elif table.startswith("posting_"):
            delivery, _attempt = uncertain(stage)
            stage.app(
                "INSERT INTO posting_timelinecheck (delivery_id, attempt_id) "
                "SELECT %s, max(id) FROM posting_attempt",
                delivery,
            )
        else:
            stage.approved()
        try:
            stage.own(f"BEGIN; DELETE FROM {table} WHERE false; ROLLBACK")
        except psycopg2.Error:
            stage.own("ROLLBACK")
            return True
        return False

    changes.__name__ = f"the owner deletes from {table}"
    return changes


FACTS = (
    "approvals_revision",
    "approvals_review",
    "approvals_void",
    "posting_attempt",
    "posting_result",
    "posting_timelinecheck",
    "core_event",
    "core_link",
)
for _table in FACTS:
    ATTACKS[f"the owner deletes from {_table}"] = changing(_table)


@dataclass(frozen=True)
class Safeguard:
    """A safeguard: how it is taken away, how it is put back, and what is tried meanwhile."""

    name: str
    weaken: str
    restore: str
    attacks: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line of a guard; the safeguard is the guard without it."""

    function: str
    arguments: str
    old: str
    new: str
    attacks: tuple[str, ...]

    def safeguard(self, stage: Stage) -> Safeguard:
        """Read the guard as it stands, and refuse a line that it does not have."""
        whole = stage.ask(
            f"SELECT pg_get_functiondef('public.{self.function}({self.arguments})'::regprocedure)"
        )
        place = re.compile(r"\s+".join(map(re.escape, self.old.split())))
        assert place.search(whole), f"{self.function} has no such line: {self.old}"
        return Safeguard(
            f"line of {self.function}: {' '.join(self.old.split())[:70]}",
            place.sub(lambda _found: self.new, whole),
            whole,
            self.attacks,
        )


def trigger(table: str, name: str, *attacks: str) -> Safeguard:
    """Return the safeguard that this trigger is."""
    return Safeguard(
        f"trigger {name}",
        f"ALTER TABLE {table} DISABLE TRIGGER {name}",
        f"ALTER TABLE {table} ENABLE TRIGGER {name}",
        attacks,
    )


def line(function: str, arguments: str, old: str, new: str, *attacks: str) -> Line:
    """Return the safeguard that this line of a guard is; `new` stands in its place meanwhile."""
    return Line(function, arguments, old, new, attacks)


STAMP_FAULTS = (
    ("shape", "a text in another shape"),
    ("draft", "a text of another draft"),
    ("network", "a text to another network"),
    ("surface", "a text to another surface"),
    ("account", "a text from another account"),
    ("target", "a text to another post"),
    ("initials", "a text with other initials"),
    ("signature", "a text without its signature"),
    ("open_field", "a text with an open field"),
    ("picture", "a text with a picture of nobody"),
)
RESULT = ("posting_result_real", "")
PAIR = ("approvals_pair_fault", "bigint")
DECISION = ("approvals_decision_fault", "approvals_review")
WORD = ("people_roleconfirmation_rule", "")
DELIVERY = ("posting_delivery_rule", "")
SAFEGUARDS: tuple[Safeguard | Line, ...] = (
    *(trigger(table, f"{table}_append_only", f"the owner deletes from {table}") for table in FACTS),
    trigger(
        "approvals_review",
        "approvals_review_rule",
        "one approves own words",
        "an agent approves",
        "a reviewer approves what is escalated",
    ),
    trigger("approvals_revision", "approvals_revision_stamp", "a revision in anothers name"),
    trigger("approvals_draft", "approvals_draft_author", "another author of a submitted text"),
    trigger("posting_delivery", "posting_delivery_facts", "another id of a posted reply"),
    trigger("posting_takedown", "posting_takedown_moves", "a take down of what is not posted"),
    trigger("tickets_postversion", "tickets_postversion_words", "their words rewritten"),
    trigger("tickets_mention", "tickets_mention_newest", "an older version of a post"),
    trigger("tickets_ownpost", "tickets_ownpost_facts", "a lag forgotten"),
    trigger("people_apitoken", "people_token_once", "a revoked token that comes back"),
    *(
        line("approvals_revision_stamp", "", f"IF fault = '{fault}' THEN", "IF false THEN", tried)
        for fault, tried in STAMP_FAULTS
    ),
    line(
        "approvals_revision_stamp",
        "",
        "newest.payload = NEW.payload",
        "false",
        "the same text again",
    ),
    trigger(
        "approvals_revision",
        "approvals_revision_readable",
        "a text with a character that nobody sees",
    ),
    trigger(
        "approvals_void",
        "approvals_void_lock",
        "a void after the start",
        "a request for changes that another ends",
    ),
    trigger("approvals_draft", "approvals_draft_moves", "a status is set past the rule"),
    trigger(
        "posting_delivery", "posting_delivery_rule", "a delivery without a pair", "a void approval"
    ),
    trigger("posting_attempt", "posting_attempt_real", "an attempt out of nothing"),
    trigger(
        "posting_result", "posting_result_real", "an outcome that did not happen", "absent at once"
    ),
    trigger("posting_timelinecheck", "posting_timelinecheck_real", "a reading in advance"),
    trigger("posting_doubt", "posting_doubt_real", "a doubt taken back"),
    trigger(
        "tickets_connectedaccount", "tickets_account_access", "the access of two accounts exchanged"
    ),
    line(
        *RESULT,
        "IF NEW.outcome = 'unseen' AND NOT EXISTS (",
        "IF false AND NOT EXISTS (",
        "not there at once",
    ),
    line(
        *RESULT,
        "IF NEW.outcome = 'unseen' AND EXISTS (",
        "IF false AND EXISTS (",
        "not there while a post is in doubt",
    ),
    Safeguard(
        "rights: access may be written",
        "GRANT UPDATE (credentials) ON tickets_connectedaccount TO desk_app",
        "REVOKE UPDATE (credentials) ON tickets_connectedaccount FROM desk_app",
        ("access past its routine",),
    ),
    trigger("people_membership", "people_membership_period", "a right given back"),
    trigger("people_user", "people_user_person", "a sign in moved to another person"),
    trigger(
        "tickets_escalation", "tickets_escalation_once", "an escalation ended without the lead"
    ),
    trigger("tickets_ticket", "tickets_ticket_context_version", "the context version turned back"),
    trigger("core_event", "core_event_link", "an event past the chain"),
    trigger("core_event", "core_event_stamp", "an event with a time of its own"),
    line(
        *DECISION,
        "IF people_natural(said.person_id) = people_natural(words.person_id) THEN",
        "IF false THEN",
        "a pair of one person",
    ),
    line(
        "approvals_is_newest",
        "bigint",
        "WHERE later.draft_id = revision.draft_id AND later.number > revision.number",
        "WHERE false",
        "a superseded text",
    ),
    line(
        *PAIR,
        "AND NOT EXISTS (SELECT FROM approvals_void void WHERE void.review_id = review.id)",
        "",
        "a void approval",
    ),
    line(
        *DECISION,
        "IF said.context_version <> place.context_version THEN",
        "IF false THEN",
        "an approval on another context version",
    ),
    line(
        *DECISION,
        "IF said.at <= desk_now() - interval '24 hours' THEN",
        "IF false THEN",
        "an old approval",
    ),
    line(
        *DECISION,
        "AND membership.ended_at IS NULL",
        "",
        "a membership that has ended",
    ),
    line(
        *DECISION,
        "ELSIF own_side IS NULL AND NOT (countersigns AND writer_side IS NOT NULL) THEN",
        "ELSIF false THEN",
        "an endorser who lost the right",
    ),
    line(
        *PAIR,
        "login.person_id = words.person_id AND login.is_active",
        "login.person_id = words.person_id",
        "a writer who is switched off",
    ),
    line(
        *DECISION,
        "WHERE escalation.ticket_id = place.id AND escalation.ended_at IS NULL",
        "WHERE false",
        "escalated after the approval",
    ),
    line(
        *DECISION,
        "IF people_access_set(said.person_id, words.person_id) THEN",
        "IF false THEN",
        "a pair that set each others access",
    ),
    line(
        *DECISION,
        "IF people_made_by(words.person_id, said.person_id, true) "
        "OR people_made_by(said.person_id, words.person_id, true) THEN",
        "IF false THEN",
        "a writer made by the endorser",
    ),
    line(
        "people_access_set",
        "bigint, bigint",
        "people_natural(change.setter_id) = people_natural(one)",
        "change.setter_id = one",
        "a pair of which a linked row set the access",
    ),
    line(
        "people_entitlement",
        "bigint, bigint, timestamptz, bigint",
        "AND people_role_counts(membership.id)",
        "",
        "a role that waits beside one that counts",
    ),
    line(
        "people_entitlement",
        "bigint, bigint, timestamptz, bigint",
        "department.id IN (in_department, owner)",
        "department.id = in_department",
        "two agents after a hand over",
    ),
    line(*WORD, "OR NOT own.id = ANY (people_role_powers())", "", "a role confirmed by an agent"),
    line(
        *WORD,
        "IF NOT people_role_second(NEW.membership_id, ARRAY[NEW.under_id]) THEN",
        "IF false THEN",
        "a role confirmed by its giver",
        "a role confirmed by its bearer",
    ),
    line(
        *WORD,
        "IF people_role_steered(NEW.membership_id, NEW.person_id) THEN",
        "IF false THEN",
        "a role confirmed with a password that its giver set",
    ),
    line(
        "approvals_review_rule",
        "",
        "IF NEW.initials IS NULL THEN",
        "NEW.initials := coalesce(NEW.initials, ''); IF false THEN",
        "a decision without initials",
    ),
    line(
        "people_membership_period",
        "",
        "IF NEW.given_by_id IS NOT NULL AND NOT EXISTS (",
        "IF false AND NOT EXISTS (",
        "a role given by an agent",
    ),
    trigger(
        "people_roleconfirmation",
        "people_roleconfirmation_append_only",
        "a word about a role unsaid",
    ),
    line(
        *PAIR,
        "review.decision <> 'approve'",
        "false",
        "a text with a rejection",
        "a pair beside a request for changes",
    ),
    line(
        *DELIVERY,
        "IF current_setting('transaction_isolation') <> 'read committed' THEN",
        "IF false THEN",
        "an old snapshot",
    ),
    line(
        *DELIVERY,
        "PERFORM FROM tickets_ticket ticket WHERE ticket.id = (SELECT draft.ticket_id "
        "FROM approvals_draft draft WHERE draft.id = this_draft) FOR NO KEY UPDATE; "
        "PERFORM FROM approvals_draft draft WHERE draft.id = this_draft FOR NO KEY UPDATE;",
        "",
        "a claim beside a void",
    ),
    line(
        *DELIVERY,
        "ORDER BY membership.id FOR SHARE",
        "ORDER BY membership.id",
        "a claim beside an ending membership",
    ),
    line(*DELIVERY, "IF fault IS NOT NULL THEN", "IF false THEN", "a void approval"),
    line(
        *DELIVERY,
        "IF OLD.status = 'in_flight' AND NEW.status IN",
        "IF false AND NEW.status IN",
        "due again without an outcome",
    ),
    Safeguard(
        "one in flight per account",
        "DROP INDEX delivery_one_in_flight",
        "CREATE UNIQUE INDEX delivery_one_in_flight ON posting_delivery (account_id) "
        "WHERE status = 'in_flight'",
        ("two in flight on one account",),
    ),
    Safeguard(
        "rights: facts may be updated",
        "GRANT UPDATE ON approvals_review TO desk_app",
        "REVOKE UPDATE ON approvals_review FROM desk_app",
        ("a weak role that became strong",),
    ),
)


def safeguards_of_this_desk(stage: Stage) -> tuple[Safeguard, ...]:
    """List the safeguards that need a name or a time of this desk."""
    unique = stage.ask(
        "SELECT conname FROM pg_constraint "
        "WHERE conrelid = 'posting_delivery'::regclass "
        "AND contype = 'u' "
        "AND pg_get_constraintdef(oid) = 'UNIQUE (revision_id)'"
    )
    return (
        Safeguard(
            "the settle time",
            "UPDATE posting_timing SET settle_seconds = 0, second_reading_seconds = 0",
            "UPDATE posting_timing "
            f"SET settle_seconds = {float(stage.world.times['DESK_SETTLE_SECONDS'])}, "
            f"second_reading_seconds = {float(stage.world.times['DESK_SECOND_READING_SECONDS'])}",
            ("absent at once",),
        ),
        Safeguard(
            "one delivery per revision",
            f"ALTER TABLE posting_delivery DROP CONSTRAINT {unique}",
            "BEGIN; "
            "SET LOCAL session_replication_role = replica; "
            "DELETE FROM posting_delivery a "
            "USING posting_delivery b "
            "WHERE a.revision_id = b.revision_id "
            "AND a.id > b.id; "
            f"ALTER TABLE posting_delivery ADD CONSTRAINT {unique} UNIQUE (revision_id); "
            "COMMIT",
            ("two deliveries of one text",),
        ),
        Safeguard(
            "rights: temporary tables",
            f"GRANT TEMPORARY ON DATABASE {stage.world.name} TO desk_app",
            f"REVOKE TEMPORARY ON DATABASE {stage.world.name} FROM desk_app",
            ("a weak role that became strong",),
        ),
    )


def safeguards(stage: Stage) -> list[Safeguard]:
    """List every safeguard, each by a name of its own."""
    fixed = [row.safeguard(stage) if isinstance(row, Line) else row for row in SAFEGUARDS]
    return [*fixed, *safeguards_of_this_desk(stage)]
