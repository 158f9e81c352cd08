DECLARE
  account tickets_connectedaccount;
BEGIN
  SELECT kept.*
  INTO account
  FROM tickets_connectedaccount kept
  WHERE kept.id = of_account
  FOR NO KEY UPDATE;
  IF account.id IS NULL THEN
    RAISE EXCEPTION 'no such account'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_account_access';
  END IF;
  IF why NOT IN ('kept', 'rotated') THEN
    RAISE EXCEPTION 'access is kept or rotated'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_account_access';
  END IF;
  IF position(convert_to('1:' || account.external_id || ':', 'UTF8') IN access) <> 1 THEN
    RAISE EXCEPTION 'the access of another account'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_account_access';
  END IF;
  UPDATE tickets_connectedaccount
  SET credentials = access, updated_at = desk_now()
  WHERE id = of_account;
  INSERT INTO core_event (
    name, by_id, channel, topic_kind, topic_id, subject_kind, subject_id, department_id, data
  )
  VALUES (
    'credentials.' || why, by_user, channel, 'tickets.connectedaccount', of_account,
    'tickets.connectedaccount', of_account, account.department_id,
    jsonb_build_object('sha256', encode(sha256(access), 'hex'))
  );
END
