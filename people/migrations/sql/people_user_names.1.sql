DECLARE
  wanted text;
  letters text COLLATE "pg_unicode_fast" := NEW.username;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.username, NEW.email) = (OLD.username, OLD.email) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' OR NEW.username <> OLD.username THEN
    IF letters !~ '^[[:alnum:]._+-]+$'
      OR NEW.username IS NOT NFKC NORMALIZED
      OR (
        letters ~ '[A-Za-z\u00c0-\u024f]'
          AND letters ~ '(?![A-Za-z\u00c0-\u024f\u1e00-\u1eff])[[:alpha:]]'
      ) THEN
      RAISE EXCEPTION 'a user name has letters of one script, digits and . _ + - only'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_user_names';
    END IF;
  END IF;
  DELETE FROM people_loginname known WHERE known.user_id = NEW.id;
  FOR wanted IN
    SELECT DISTINCT people_folded(one) AS folded
    FROM unnest(ARRAY[NEW.username, NEW.email]) one
    WHERE one <> ''
    ORDER BY folded
  LOOP
    INSERT INTO people_loginname (folded, user_id)
    VALUES (wanted, NEW.id)
    ON CONFLICT (folded) DO NOTHING;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'somebody else signs in with this name or address'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_user_names';
    END IF;
  END LOOP;
  RETURN NULL;
END
