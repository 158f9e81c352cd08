BEGIN
  IF NEW.writer_id <> OLD.writer_id AND OLD.status NOT IN ('writing', 'changes_requested') THEN
    RAISE EXCEPTION 'what was submitted keeps its author'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_author';
  END IF;
  RETURN NEW;
END
