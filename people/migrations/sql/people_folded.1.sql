DECLARE
  folded text := written;
BEGIN
  FOR step IN 1..2 LOOP
    folded := normalize(casefold(normalize(folded, NFKC) COLLATE "pg_unicode_fast"), NFKC);
    folded := regexp_replace(folded, '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]', '', 'g');
    folded := replace(replace(folded, U&'i\0307', 'i'), U&'\0131', 'i');
  END LOOP;
  RETURN regexp_replace(folded, '^\s+|\s+$', '', 'g');
END
