DECLARE
  words approvals_revision;
  place tickets_ticket;
  owner bigint;
  own_side text;
  writer_side text;
  countersigns boolean;
BEGIN
  SELECT revision.*
  INTO words
  FROM approvals_revision revision
  WHERE revision.id = said.revision_id;
  SELECT ticket.*
  INTO place
  FROM tickets_ticket ticket
  JOIN approvals_draft draft ON draft.ticket_id = ticket.id
  WHERE draft.id = words.draft_id;
  IF said.sha256 <> words.sha256 THEN
    RETURN 'other_text';
  END IF;
  IF people_natural(said.person_id) = people_natural(words.person_id) THEN
    RETURN 'one_person';
  END IF;
  IF said.context_version <> place.context_version THEN
    RETURN 'context_changed';
  END IF;
  IF said.at <= desk_now() - interval '24 hours' THEN
    RETURN 'expired';
  END IF;
  IF NOT EXISTS (
    SELECT FROM people_user login
    WHERE login.id = said.user_id AND login.person_id = said.person_id AND login.is_active
  )
    OR NOT EXISTS (
      SELECT FROM people_membership membership
      WHERE membership.id = said.membership_id
        AND membership.person_id = said.person_id
        AND membership.ended_at IS NULL
    ) THEN
    RETURN 'not_active';
  END IF;
  SELECT account.department_id
  INTO owner
  FROM tickets_connectedaccount account
  WHERE account.id = place.account_id;
  own_side := people_entitlement(said.person_id, place.department_id, words.at, owner);
  writer_side := people_entitlement(words.person_id, place.department_id, words.at, owner);
  countersigns := said.decision = 'approve'
    AND EXISTS (
      SELECT FROM approvals_revision earlier
      WHERE earlier.draft_id = words.draft_id
        AND people_natural(earlier.person_id) = people_natural(said.person_id)
        AND earlier.number < words.number
    );
  IF NOT countersigns AND NOT people_role_counts(said.membership_id) THEN
    RETURN 'role_waits';
  END IF;
  IF EXISTS (
    SELECT FROM tickets_escalation escalation
    WHERE escalation.ticket_id = place.id AND escalation.ended_at IS NULL
  ) THEN
    IF own_side IS DISTINCT FROM 'lead'
      AND NOT (countersigns AND writer_side IS NOT DISTINCT FROM 'lead') THEN
      RETURN 'needs_lead';
    END IF;
  ELSIF own_side IS NULL AND NOT (countersigns AND writer_side IS NOT NULL) THEN
    RETURN 'not_entitled';
  END IF;
  IF said.decision <> 'approve' THEN
    RETURN NULL;
  END IF;
  IF people_made_by(words.person_id, said.person_id, true)
    OR people_made_by(said.person_id, words.person_id, true) THEN
    RETURN 'made_by_one';
  END IF;
  IF people_access_set(said.person_id, words.person_id) THEN
    RETURN 'access_changed';
  END IF;
  RETURN NULL;
END
