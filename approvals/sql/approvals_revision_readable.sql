DECLARE
  text_of text;
BEGIN
  FOR text_of IN
    SELECT NEW.payload::jsonb ->> 'text'
    UNION ALL
    SELECT picture ->> 'alt'
    FROM jsonb_array_elements(
      CASE jsonb_typeof(NEW.payload::jsonb -> 'attachments')
        WHEN 'array' THEN NEW.payload::jsonb -> 'attachments'
        ELSE '[]'
      END
    ) picture
  LOOP
    IF regexp_replace(text_of, '{{flags}}', '', 'g') ~ '[{{never}}]' THEN
      RAISE EXCEPTION 'a character that nobody can see'
        USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_readable';
    END IF;
  END LOOP;
  RETURN NEW;
END
