DECLARE
  said text;
BEGIN
  said := regexp_replace(tickets_as_read(words), '(?<=[0-9])[ ()/.,''’–-]{1,3}(?=[0-9])', '', 'g');
  said := translate(regexp_replace(said, '[^[:alnum:]\u0300-\u036F\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA\u203C\u2049\u2190-\u23FF\u2460-\u24FF\u2500-\u2BFF\u3030\u303D\u3297\u3299\U0001F000-\U0001F3FA\U0001F400-\U0001FAFF\u0001_.,@:/&''’+–-]+', ' ', 'g'), '_.,@:/&''’+–-', '');
  IF octet_length(said) > length(said) THEN
    said := normalize(regexp_replace(replace(replace(replace(normalize(translate(replace(replace(replace(said, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'øłđħıςŧ', 'oldhiσt'), NFD), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0640\u064B-\u065F\u0670\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF]', '', 'g'), NFC);
  END IF;
  RETURN btrim(regexp_replace(said, '(?<![aeiouq])([aou])e', '\1', 'g'));
END
