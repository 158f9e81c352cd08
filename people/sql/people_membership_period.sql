BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'memberships are closed, not deleted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_membership_period';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.started_at := desk_now();
    IF NEW.ended_at IS NOT NULL THEN
      RAISE EXCEPTION 'a membership begins open'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_membership_period';
    END IF;
    IF NEW.given_by_id IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM people_membership membership
        WHERE membership.role = 'administrator'
          AND membership.person_id = NEW.given_by_id
          AND membership.id = ANY (people_role_powers())
      ) THEN
      RAISE EXCEPTION 'only an administrator whose own role counts gives roles'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_membership_period';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.ended_at IS NOT NULL
    OR NEW.ended_at IS NULL
    OR (NEW.person_id, NEW.role, NEW.started_at)
      IS DISTINCT FROM (OLD.person_id, OLD.role, OLD.started_at)
    OR NEW.department_id IS DISTINCT FROM OLD.department_id
    OR NEW.given_by_id IS DISTINCT FROM OLD.given_by_id THEN
    RAISE EXCEPTION 'a membership is only ever closed, once'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_membership_period';
  END IF;
  IF OLD.role = 'administrator' THEN
    PERFORM pg_advisory_xact_lock(hashtext('people_last_administrator'));
    IF NOT EXISTS (
      SELECT FROM people_membership membership
      JOIN people_user login ON login.person_id = membership.person_id AND login.is_active
      WHERE membership.role = 'administrator'
        AND membership.ended_at IS NULL
        AND people_natural(membership.person_id) <> people_natural(OLD.person_id)
        AND people_role_counts(membership.id)
    ) THEN
      RAISE EXCEPTION 'the last administrator stays'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_membership_period';
    END IF;
  END IF;
  NEW.ended_at := desk_now();
  RETURN NEW;
END
