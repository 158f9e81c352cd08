BEGIN
  IF (
    (NEW.text = '' AND OLD.text <> '')
      OR (NEW.links = '[]' AND OLD.links <> '[]')
      OR (NEW.media = '[]' AND OLD.media <> '[]')
      OR (NEW.text = '' AND NEW.named = '[]' AND OLD.named <> '[]')
      OR (NEW.text = '' AND NEW.extras = '[]' AND OLD.extras <> '[]')
  )
    AND NOT EXISTS (
      SELECT FROM tickets_mention mention
      WHERE mention.id = NEW.mention_id AND mention.gone_confirmed_at IS NOT NULL
    ) THEN
    RAISE EXCEPTION 'emptied is what X twice said to be gone'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_postversion_words';
  END IF;
  IF (NEW.text, NEW.links, NEW.media, NEW.named, NEW.extras)
    IS DISTINCT FROM (OLD.text, OLD.links, OLD.media, OLD.named, OLD.extras)
    AND OLD.text <> ''
    AND (
      NEW.text <> ''
        OR NEW.links <> '[]'
        OR NEW.media <> '[]'
        OR NEW.named <> '[]'
        OR NEW.extras <> '[]'
    ) THEN
    RAISE EXCEPTION 'their words are emptied, never changed'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_postversion_words';
  END IF;
  RETURN NEW;
END
