BEGIN
  IF NEW.newest_id IS DISTINCT FROM OLD.newest_id
    AND NOT EXISTS (
      SELECT FROM tickets_postversion later
      WHERE later.id = NEW.newest_id
        AND later.mention_id = NEW.id
        AND NOT EXISTS (
          SELECT FROM tickets_postversion former
          WHERE former.id = OLD.newest_id AND former.position > later.position
        )
    ) THEN
    RAISE EXCEPTION 'a later version of the same post, or none'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_mention_newest';
  END IF;
  RETURN NEW;
END
