DECLARE
  words approvals_revision;
  approval approvals_review;
  approvals integer;
  fault text;
BEGIN
  SELECT revision.*
  INTO words
  FROM approvals_revision revision
  WHERE revision.id = of_revision;
  IF NOT approvals_is_newest(of_revision)
    OR words.sha256 <> encode(sha256(convert_to(words.payload, 'UTF8')), 'hex') THEN
    RETURN 'text_changed';
  END IF;
  SELECT count(*)
  INTO approvals
  FROM approvals_review review
  WHERE review.revision_id = words.id
    AND review.decision = 'approve'
    AND review.sha256 = words.sha256
    AND NOT EXISTS (SELECT FROM approvals_void void WHERE void.review_id = review.id);
  IF approvals <> 1
    OR EXISTS (
      SELECT FROM approvals_review review
      WHERE review.revision_id = words.id
        AND review.decision <> 'approve'
        AND NOT (
          review.decision = 'request_changes'
          AND EXISTS (
            SELECT FROM approvals_void void
            WHERE void.review_id = review.id AND void.reason = 'revoked'
          )
        )
    ) THEN
    RETURN 'not_approved';
  END IF;
  SELECT review.*
  INTO approval
  FROM approvals_review review
  WHERE review.revision_id = words.id
    AND review.sha256 = words.sha256
    AND NOT EXISTS (SELECT FROM approvals_void void WHERE void.review_id = review.id);
  fault := approvals_decision_fault(approval);
  IF fault IN ('not_active', 'role_waits', 'not_entitled') THEN
    RETURN 'right_lost';
  END IF;
  IF fault IS NOT NULL THEN
    RETURN fault;
  END IF;
  IF NOT EXISTS (
    SELECT FROM people_user login
    WHERE login.id = words.user_id AND login.person_id = words.person_id AND login.is_active
  ) THEN
    RETURN 'right_lost';
  END IF;
  RETURN NULL;
END
