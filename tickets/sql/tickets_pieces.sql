-- Words in one line, for what stands somewhere within them: folded, with nothing between the parts
-- of an address or the digits of one number.
DECLARE
  said text;
BEGIN
  said := regexp_replace(tickets_as_read(words), '{{between_digits}}', '', 'g');
  said := translate(regexp_replace(said, '{{outside}}', ' ', 'g'), '{{glue}}', '');
  IF octet_length(said) > length(said) THEN
    said := {{spelt_said}};
  END IF;
  RETURN btrim(regexp_replace(said, '{{umlaut}}', '\1', 'g'));
END
