DECLARE
  folded text := written;
BEGIN
  FOR step IN 1..2 LOOP
    folded := normalize(casefold(normalize(folded, NFKC) COLLATE "pg_unicode_fast"), NFKC);
    folded := regexp_replace(folded, '{{unseen}}', '', 'g');
    folded := replace(replace(folded, U&'i\0307', 'i'), U&'\0131', 'i');
  END LOOP;
  RETURN regexp_replace(folded, '^\s+|\s+$', '', 'g');
END
