DECLARE
  given people_membership;
  own people_membership;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'only under read committed'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_roleconfirmation_rule';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('people_roleconfirmation_rule'));
  PERFORM FROM people_membership role
  WHERE role.id = NEW.membership_id
  FOR NO KEY UPDATE;
  PERFORM FROM people_membership role
  WHERE role.id = NEW.under_id
  FOR SHARE;
  SELECT role.*
  INTO given
  FROM people_membership role
  WHERE role.id = NEW.membership_id;
  SELECT role.*
  INTO own
  FROM people_membership role
  WHERE role.id = NEW.under_id;
  SELECT theirs.person_id
  INTO NEW.person_id
  FROM people_user theirs
  WHERE theirs.id = NEW.user_id AND theirs.is_active;
  NEW.at := desk_now();
  IF given.ended_at IS NOT NULL OR given.given_by_id IS NULL THEN
    RAISE EXCEPTION 'no open role that somebody gave'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_roleconfirmation_rule';
  END IF;
  IF NEW.person_id IS NULL
    OR own.person_id IS DISTINCT FROM NEW.person_id
    OR NOT own.id = ANY (people_role_powers()) THEN
    RAISE EXCEPTION 'not an active person whose own role counts'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_roleconfirmation_rule';
  END IF;
  IF NOT people_role_second(NEW.membership_id, ARRAY[NEW.under_id]) THEN
    RAISE EXCEPTION 'nobody confirms what they gave or received, nor elsewhere'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_roleconfirmation_rule';
  END IF;
  IF people_role_steered(NEW.membership_id, NEW.person_id) THEN
    RAISE EXCEPTION 'their access was set by who gave or received the role'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_roleconfirmation_rule';
  END IF;
  IF NEW.word = 'refused'
    AND given.role = 'administrator'
    AND NOT EXISTS (
      SELECT FROM people_membership other
      WHERE other.role = 'administrator'
        AND other.id = ANY (people_role_powers())
        AND people_natural(other.person_id) <> people_natural(given.person_id)
    ) THEN
    RAISE EXCEPTION 'the last administrator stays'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_roleconfirmation_rule';
  END IF;
  RETURN NEW;
END
