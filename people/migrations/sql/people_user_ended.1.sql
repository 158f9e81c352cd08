BEGIN
  IF NEW.password <> OLD.password OR (OLD.is_active AND NOT NEW.is_active) THEN
    UPDATE people_apitoken
    SET revoked_at = desk_now()
    WHERE user_id = NEW.id AND revoked_at IS NULL;
    UPDATE people_invitation
    SET revoked_at = desk_now()
    WHERE user_id = NEW.id AND accepted_at IS NULL AND revoked_at IS NULL;
    DELETE FROM people_browsersession WHERE user_id = NEW.id;
  END IF;
  RETURN NULL;
END
