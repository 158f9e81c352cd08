DECLARE
  content jsonb;
  signature text;
  words text;
  account text;
  network text;
  initials text;
  target text;
BEGIN
  content := payload::jsonb;
  IF payload IS DISTINCT FROM approvals_canonical(content) THEN
    RETURN 'shape';
  END IF;
  SELECT own.network, own.external_id, author.initials,
    coalesce(version.external_id, mention.external_id)
  INTO network, account, initials, target
  FROM approvals_draft draft
  JOIN tickets_ticket ticket ON ticket.id = draft.ticket_id
  JOIN tickets_connectedaccount own ON own.id = ticket.account_id
  JOIN people_user writer ON writer.id = draft.writer_id
  JOIN people_person author ON author.id = writer.person_id
  LEFT JOIN tickets_mention mention
    ON mention.id = draft.target_id
    AND EXISTS (
      SELECT FROM tickets_ticket own
      WHERE own.id = mention.ticket_id
        AND coalesce(own.merged_into_id, own.id) = draft.ticket_id
    )
  LEFT JOIN tickets_postversion version ON version.id = mention.newest_id
  WHERE draft.id = of_draft;
  IF content ->> 'draft' IS DISTINCT FROM of_draft::text THEN
    RETURN 'draft';
  END IF;
  IF content ->> 'network' IS DISTINCT FROM network THEN
    RETURN 'network';
  END IF;
  IF content ->> 'surface' IS DISTINCT FROM 'public' THEN
    RETURN 'surface';
  END IF;
  IF content ->> 'account' IS DISTINCT FROM account THEN
    RETURN 'account';
  END IF;
  IF target IS NULL OR content ->> 'target' <> target THEN
    RETURN 'target';
  END IF;
  IF initials IS NULL OR content ->> 'initials' <> initials THEN
    RETURN 'initials';
  END IF;
  words := content ->> 'text';
  signature := ' ^' || initials;
  IF right(words, length(signature)) <> signature
    OR btrim(left(words, -length(signature)), E' \n\t') = '' THEN
    RETURN 'signature';
  END IF;
  IF approvals_open_field(words)
    OR EXISTS (
      SELECT FROM jsonb_array_elements(content -> 'attachments') entry
      WHERE approvals_open_field(entry ->> 'alt')
    ) THEN
    RETURN 'open_field';
  END IF;
  IF EXISTS (
    SELECT FROM jsonb_array_elements(content -> 'attachments') entry
    WHERE btrim(entry ->> 'alt') = ''
      OR NOT EXISTS (
        SELECT FROM approvals_attachment picture
        WHERE picture.draft_id = of_draft
          AND picture.sha256 = entry ->> 'sha256'
          AND picture.kind = entry ->> 'kind'
      )
  ) THEN
    RETURN 'picture';
  END IF;
  RETURN NULL;
END
