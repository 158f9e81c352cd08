DECLARE
  head core_chainhead;
  linked timestamptz;
BEGIN
  SELECT last.*
  INTO head
  FROM core_chainhead last
  WHERE last.id = 1
  FOR UPDATE;
  IF head.id IS NULL THEN
    INSERT INTO core_chainhead (id, number, hash)
    VALUES (1, 0, repeat('0', 64))
    ON CONFLICT DO NOTHING;
    SELECT last.*
    INTO head
    FROM core_chainhead last
    WHERE last.id = 1
    FOR UPDATE;
  END IF;
  linked := desk_now();
  head.number := head.number + 1;
  head.hash := encode(
    sha256(convert_to(head.hash || core_event_text(NEW, head.number, linked), 'UTF8')), 'hex'
  );
  INSERT INTO core_link (number, event_id, at, hash)
  VALUES (head.number, NEW.id, linked, head.hash);
  UPDATE core_chainhead
  SET number = head.number, hash = head.hash
  WHERE id = 1;
  RETURN NULL;
END
