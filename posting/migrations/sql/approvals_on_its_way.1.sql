DECLARE
  since timestamptz;
BEGIN
  SELECT delivery.claimed_at
  INTO since
  FROM posting_delivery delivery
  JOIN approvals_revision revision ON revision.id = delivery.revision_id
  WHERE revision.draft_id = of_draft
    AND delivery.status IN ('in_flight', 'uncertain', 'for_a_person', 'posted')
  ORDER BY delivery.id DESC
  LIMIT 1;
  RETURN since;
END
