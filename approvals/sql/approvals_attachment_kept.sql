BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.draft_id, NEW.image, NEW.kind, NEW.width, NEW.height, NEW.user_id)
      IS DISTINCT FROM (OLD.draft_id, OLD.image, OLD.kind, OLD.width, OLD.height, OLD.user_id) THEN
      RAISE EXCEPTION 'a picture is never changed'
        USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_attachment_kept';
    END IF;
    RETURN NEW;
  END IF;
  PERFORM FROM tickets_ticket ticket
  WHERE ticket.id = (
    SELECT draft.ticket_id
    FROM approvals_draft draft
    WHERE draft.id = OLD.draft_id
  )
  FOR NO KEY UPDATE;
  PERFORM FROM approvals_draft draft
  WHERE draft.id = OLD.draft_id
  FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT FROM approvals_revision revision,
      jsonb_array_elements(revision.payload::jsonb -> 'attachments') entry
    WHERE revision.draft_id = OLD.draft_id AND entry ->> 'sha256' = OLD.sha256
  ) THEN
    RAISE EXCEPTION 'a submitted text names this picture'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_attachment_kept';
  END IF;
  RETURN OLD;
END
