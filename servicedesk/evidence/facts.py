"""Facts and events agree.

Every fact has its event, and every decision came through a session or token of its person.
"""

from django.db import connection

from core.audit_chain import Fault
from core.models import DeskMark

WITHOUT_EVENT = {
    "revision": """
        SELECT f.id FROM approvals_revision f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'approvals.revision'
        AND e.subject_id = f.id AND e.name IN ('draft.submitted', 'review.corrected')
          AND e.data->>'sha256' = f.sha256 AND e.by_id = f.user_id)""",
    "review": """
        SELECT f.id FROM approvals_review f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'approvals.review'
        AND e.subject_id = f.id AND e.by_id = f.user_id AND e.channel = f.channel
          AND e.name = ANY (CASE f.decision
          WHEN 'approve' THEN ARRAY['review.approved', 'review.countersigned']
          WHEN 'reject' THEN ARRAY['review.rejected']
          ELSE ARRAY['review.changes_requested'] END))""",
    "void": """
        SELECT f.id FROM approvals_void f JOIN approvals_review v ON v.id = f.review_id
          JOIN approvals_revision r ON r.id = v.revision_id
        WHERE NOT EXISTS (SELECT FROM core_event e WHERE e.subject_kind = 'approvals.review'
          AND e.subject_id = f.review_id
          AND e.name IN ('approval.void', 'approval.revoked',
            'review.changes_taken_back'))
          AND NOT (f.reason = 'withdrawn' AND EXISTS (SELECT FROM core_event e
            WHERE e.subject_kind = 'approvals.draft'
                   AND e.subject_id = r.draft_id AND e.name = 'draft.withdrawn'))
          AND NOT (f.reason = 'text_changed' AND EXISTS (
            SELECT FROM core_event e JOIN approvals_revision n ON n.id = e.subject_id
              AND n.draft_id = r.draft_id AND n.number > r.number
            WHERE e.subject_kind = 'approvals.revision' AND e.name IN ('draft.submitted',
              'review.corrected')))""",
    "attempt": """
        SELECT f.id FROM posting_attempt f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'posting.delivery'
        AND e.subject_id = f.delivery_id AND e.name = 'reply.sending'
          AND (e.data->>'attempt')::bigint = f.id)""",
    "result": """
        SELECT f.id FROM posting_result f JOIN posting_attempt a ON a.id = f.attempt_id
          WHERE NOT EXISTS (
          SELECT FROM core_event e WHERE e.subject_kind = 'posting.delivery'
            AND e.subject_id = a.delivery_id
          AND (e.data->>'attempt')::bigint = a.id AND e.name = CASE f.outcome
            WHEN 'posted' THEN 'reply.posted' WHEN 'found' THEN 'reply.found'
              WHEN 'seen' THEN 'reply.said' WHEN 'unseen' THEN 'reply.said'
            WHEN 'absent' THEN 'reply.absent' WHEN 'not_sent' THEN 'reply.not_sent'
              WHEN 'refused' THEN 'reply.refused'
            ELSE 'reply.uncertain' END)""",
    "doubt": """
        SELECT f.id FROM posting_doubt f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'posting.delivery'
        AND e.subject_id = f.delivery_id AND e.name = 'reply.for_a_person'
          AND e.data->>'post' = f.external_id)
        OR (f.another_at IS NOT NULL AND NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'posting.delivery'
            AND e.subject_id = f.delivery_id AND e.name = 'reply.doubt_ended'
              AND e.by_id = f.another_by_id AND e.data->>'post' = f.external_id))""",
    "access": """
        SELECT f.id FROM tickets_connectedaccount f WHERE length(f.credentials) > 0
          AND encode(sha256(f.credentials), 'hex') IS DISTINCT FROM (
          SELECT e.data->>'sha256' FROM core_event e
            WHERE e.subject_kind = 'tickets.connectedaccount' AND e.subject_id = f.id
          AND e.name IN ('credentials.kept', 'credentials.rotated') ORDER BY e.id DESC LIMIT 1)""",
    "escalation": """
        SELECT f.id FROM tickets_escalation f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'tickets.escalation'
        AND e.subject_id = f.id AND e.name = 'ticket.escalated' AND e.by_id = f.by_id)""",
    "membership": """
        SELECT f.id FROM people_membership f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'people.membership'
        AND e.subject_id = f.id AND e.name = 'membership.opened')
        OR (f.ended_at IS NOT NULL AND NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'people.membership'
            AND e.subject_id = f.id AND e.name = 'membership.closed'))""",
    "giver of membership": """
        SELECT f.id FROM people_membership f WHERE NOT EXISTS (
          SELECT FROM core_event e WHERE e.subject_kind = 'people.membership'
            AND e.subject_id = f.id AND e.name = 'membership.opened'
          AND (e.data->>'giver')::bigint IS NOT DISTINCT FROM f.given_by_id)""",
    "confirmation of a role": """
        SELECT f.id FROM people_roleconfirmation f WHERE NOT EXISTS (
          SELECT FROM core_event e WHERE e.subject_kind = 'people.roleconfirmation'
            AND e.subject_id = f.id
          AND e.name = 'membership.' || f.word AND e.by_id = f.user_id
            AND e.channel = f.channel)""",
    "sign-in": """
        SELECT f.id FROM people_user f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'people.user'
        AND e.subject_id = f.id AND e.name = 'sign_in.added')""",
    "token": """
        SELECT f.id FROM people_apitoken f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'people.apitoken'
        AND e.subject_id = f.id AND e.name = 'token.issued')
        OR (f.revoked_at IS NOT NULL AND NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'people.apitoken'
            AND e.subject_id = f.id AND e.name = 'token.revoked'))""",
    "password of sign-in": """
        SELECT f.id FROM people_user f WHERE substr(encode(sha256(convert_to(f.password, 'UTF8')),
          'hex'), 1, 16) IS DISTINCT FROM (
          SELECT e.data->>'password' FROM core_event e WHERE (e.subject_kind = 'people.user'
            AND e.subject_id = f.id
            AND e.name IN ('sign_in.added', 'password.changed'))
              OR (e.subject_kind = 'people.invitation' AND e.by_id = f.id
            AND e.name = 'invitation.accepted') ORDER BY e.id DESC LIMIT 1)""",
    "invitation": """
        SELECT f.id FROM people_invitation f WHERE NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'people.invitation'
        AND e.subject_id = f.id AND e.name = 'invitation.made' AND e.by_id IS NOT DISTINCT
          FROM f.by_id)
        OR (f.accepted_at IS NOT NULL AND NOT EXISTS (SELECT FROM core_event e
          WHERE e.subject_kind = 'people.invitation'
            AND e.subject_id = f.id AND e.name = 'invitation.accepted'
              AND e.by_id = f.accepted_by_id))""",
}
FOREIGN_CHANNEL = """
SELECT f.kind, f.id, f.channel FROM (
  SELECT 'review' AS kind, v.id, v.user_id, v.channel FROM approvals_review v
  UNION ALL SELECT 'revision', r.id, r.user_id, r.channel FROM approvals_revision r
  UNION ALL SELECT 'confirmation of a role', c.id, c.user_id, c.channel
    FROM people_roleconfirmation c) f
WHERE NOT CASE
  WHEN f.channel LIKE 'session:%%' THEN EXISTS (
    SELECT FROM core_event e WHERE e.name = 'person.signed_in' AND e.channel = f.channel
      AND e.by_id = f.user_id)
  WHEN f.channel ~ '^token:[0-9]{1,18}$' THEN EXISTS (
    SELECT FROM people_apitoken t WHERE t.id = substr(f.channel, 7)::bigint
      AND t.user_id = f.user_id)
  ELSE f.channel = ANY (%s) END
ORDER BY f.kind, f.id
"""
# A further sign-in is its person's own doing, or came through a link that was mailed alone and
# accepted.
FOREIGN_SIGN_IN = """
SELECT f.id FROM people_user f WHERE EXISTS (SELECT FROM people_user first
  WHERE first.person_id = f.person_id AND first.id < f.id)
AND NOT EXISTS (SELECT FROM core_event added JOIN people_user own ON own.id = added.by_id
  AND own.id = f.added_by_id AND own.person_id = f.person_id
                WHERE added.subject_kind = 'people.user' AND added.subject_id = f.id
                  AND added.name = 'sign_in.added')
AND NOT EXISTS (SELECT FROM people_invitation mailed WHERE mailed.id = f.invitation_id
  AND mailed.person_id = f.person_id
                AND mailed.only_by_mail AND mailed.accepted_by_id = f.id)
ORDER BY f.id
"""
# An invitation that was accepted in a session of who made it: one human being on both sides.
OWN_INVITATION = """
SELECT f.id FROM people_invitation f JOIN core_event taken
  ON taken.subject_kind = 'people.invitation' AND taken.subject_id = f.id
AND taken.name = 'invitation.accepted' JOIN people_user inviter ON inviter.id = f.by_id
WHERE taken.channel LIKE 'session:%' AND f.accepted_by_id <> f.by_id AND EXISTS (
  SELECT FROM core_event here JOIN people_user present ON present.id = here.by_id
  WHERE here.name = 'person.signed_in' AND here.channel = taken.channel
    AND present.person_id = inviter.person_id)
ORDER BY f.id
"""
DEMO_CHANNELS = ["command:seed_demo", "command:seed_tickets", "command:campaign"]


def faults() -> list[Fault]:
    """Everything that does not agree, facts without an event first."""
    return [*facts_without_event(), *foreign_doors(), *foreign_sign_ins()]


def facts_without_event() -> list[Fault]:
    """Facts that came in past the verbs: the event that each verb leaves is missing."""
    found = []
    with connection.cursor() as cursor:
        for kind, question in WITHOUT_EVENT.items():
            cursor.execute(question + " ORDER BY 1")
            found += [
                Fault("fact_without_event", f"{kind} {number}", "no event tells of it")
                for (number,) in cursor.fetchall()
            ]
    return found


def foreign_doors() -> list[Fault]:
    """Decisions and texts whose session or token is not that person's.

    Commands count only where the database is marked as demo or scratch.
    """
    channels = DEMO_CHANNELS if DeskMark.objects.exists() else []
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_CHANNEL, [channels])
        return [
            Fault(
                "foreign_door",
                f"{kind} {number}",
                f"it came through {through or 'no channel'}, which is not that person's",
            )
            for kind, number, through in cursor.fetchall()
        ]


def foreign_sign_ins() -> list[Fault]:
    """Find sign-ins that somebody else put beside a person's own.

    And invitations that were accepted by who made them.
    """
    found = []
    with connection.cursor() as cursor:
        for code, kind, question, says in (
            (
                "foreign_sign_in",
                "sign-in",
                FOREIGN_SIGN_IN,
                "neither its person nor a link that was mailed alone added it",
            ),
            (
                "own_invitation",
                "invitation",
                OWN_INVITATION,
                "it was accepted in a session of who made it",
            ),
        ):
            cursor.execute(question)
            found += [Fault(code, f"{kind} {number}", says) for (number,) in cursor.fetchall()]
    return found
