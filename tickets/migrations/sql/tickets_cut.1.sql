DECLARE
  said text;
  found text[];
  run text;
  joined text;
  bits text[];
  place integer;
  at_unit integer := 0;
  at_part integer;
  plain text;
  word_units integer[] := '{}';
  word_parts integer[] := '{}';
  words_found text[] := '{}';
  stemmed boolean[] := '{}';
  units integer[] := '{}';
  parts integer[] := '{}';
  lexemes text[] := '{}';
  beginnings boolean[] := '{}';
BEGIN
  said := tickets_as_read(words);

  IF said ~ '[+]?[(]?(?:(?<![0-9\u0001])|(?=[0-9]{6}))[0-9](?:[0-9]|[ ()/.,''’–-]{1,3}(?![0-9]+\u0001)[0-9]){5,33}' THEN
    FOR found IN SELECT regexp_matches(said, '[+]?[(]?(?:(?<![0-9\u0001])|(?=[0-9]{6}))[0-9](?:[0-9]|[ ()/.,''’–-]{1,3}(?![0-9]+\u0001)[0-9]){5,33}', 'g') LOOP
      at_unit := at_unit + 1;
      run := found[1];
      joined := regexp_replace(run, '[^0-9]', '', 'g');
      bits := string_to_array(btrim(regexp_replace(run, '[^0-9]+', ' ', 'g')), ' ');
      plain := ltrim(joined, '0');
      IF run ~ '^([+]|00)' THEN
        plain := ltrim(regexp_replace(plain, '^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(?!1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])[0-9]{3})', ''), '0');
      END IF;
      units := units || at_unit || at_unit || at_unit;
      parts := parts || 0 || 0 || 0;
      lexemes := lexemes || joined || plain || ('<' || reverse(plain));
      beginnings := beginnings || true || true || true;
      at_part := CASE WHEN run ~ '(^|[^0-9])[0-9]{1,3}([^0-9]|$)' THEN -1 ELSE 0 END;
      FOR place IN 1 .. cardinality(bits) LOOP
        EXIT WHEN cardinality(bits) = 1;
        joined := array_to_string(bits[place:], '');
        units := units || at_unit || at_unit || at_unit;
        parts := parts || CASE WHEN at_part = 0 THEN place ELSE -1 END || -1 || -1;
        lexemes := lexemes || bits[place] || joined || ltrim(joined, '0');
        beginnings := beginnings || (length(bits[place]) > 1) || true || true;
      END LOOP;
    END LOOP;
    said := regexp_replace(said, '[+]?[(]?(?:(?<![0-9\u0001])|(?=[0-9]{6}))[0-9](?:[0-9]|[ ()/.,''’–-]{1,3}(?![0-9]+\u0001)[0-9]){5,33}', ' ', 'g');
  END IF;

  IF said ~ '[\u0E01-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17D3\u3005-\u3007\u3041-\u3096\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U000323AF]+' THEN
    FOR found IN SELECT regexp_matches(said, '[\u0E01-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17D3\u3005-\u3007\u3041-\u3096\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U000323AF]+', 'g') LOOP
      at_unit := at_unit + 1;
      run := found[1];
      FOR place IN 1 .. length(run) LOOP
        units := units || at_unit || at_unit;
        parts := parts || CASE WHEN length(run) = 1 THEN 0 ELSE -1 END
          || CASE WHEN place < length(run) THEN place ELSE -1 END;
        lexemes := lexemes || substr(run, place, 1) || substr(run, place, 2);
        beginnings := beginnings || false || false;
      END LOOP;
    END LOOP;
    said := regexp_replace(said, '[\u0E01-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17D3\u3005-\u3007\u3041-\u3096\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U000323AF]+', ' ', 'g');
  END IF;

  IF said ~ '[\u203C\u2049\u2190-\u23FF\u2460-\u24FF\u2500-\u2BFF\u3030\u303D\u3297\u3299\U0001F000-\U0001F3FA\U0001F400-\U0001FAFF]' THEN
    FOR found IN SELECT regexp_matches(said, '[\u203C\u2049\u2190-\u23FF\u2460-\u24FF\u2500-\u2BFF\u3030\u303D\u3297\u3299\U0001F000-\U0001F3FA\U0001F400-\U0001FAFF]', 'g') LOOP
      at_unit := at_unit + 1;
      units := units || at_unit;
      parts := parts || 0;
      lexemes := lexemes || found[1];
      beginnings := beginnings || false;
    END LOOP;
  END IF;

  FOREACH run IN ARRAY string_to_array(regexp_replace(said, '[^[:alnum:]\u0300-\u036F\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA\u0001_.,@:/&''’+–-]+', ' ', 'g'), ' ') LOOP
    run := btrim(run, '_.,@:/&''’+–-');
    CONTINUE WHEN run = '';
    at_unit := at_unit + 1;
    joined := translate(run, '_.,@:/&''’+–-', '');
    bits := array_remove(string_to_array(translate(run, '_.,@:/&''’+–-', '             '), ' '), '');
    place := cardinality(bits);
    FOR at_part IN 1 .. place LOOP
      word_units := word_units || at_unit;
      word_parts := word_parts || CASE WHEN place = 1 THEN 0 ELSE at_part END;
      words_found := words_found || translate(bits[at_part], E'\u0001', '');
      stemmed := stemmed || true;
    END LOOP;
    CONTINUE WHEN joined = run;
    word_units := word_units || at_unit;
    word_parts := word_parts || 0;
    words_found := words_found || joined;
    stemmed := stemmed || false;
    bits := array_remove(string_to_array(translate(run, '_.,@:/&''’+–-', '             '), ' '), '');
    FOR place IN 1 .. least(cardinality(bits), 24) LOOP
      word_units := word_units || at_unit || at_unit;
      word_parts := word_parts || -1 || -1;
      words_found := words_found || bits[place] || array_to_string(bits[place:], '');
      stemmed := stemmed || true || false;
    END LOOP;
  END LOOP;

  RETURN QUERY
  WITH folded AS MATERIALIZED (
    SELECT word.at_unit, word.at_part, word.stems,
      CASE WHEN octet_length(word.said) = length(word.said) THEN word.said ELSE normalize(regexp_replace(replace(replace(replace(normalize(translate(word.said, 'øłđħıςŧ', 'oldhiσt'), NFD), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0640\u064B-\u065F\u0670\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF]', '', 'g'), NFC) END
        AS plain,
      CASE WHEN octet_length(word.said) = length(word.said) THEN word.said ELSE normalize(regexp_replace(replace(replace(replace(normalize(translate(replace(replace(replace(word.said, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'øłđħıςŧ', 'oldhiσt'), NFD), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0640\u064B-\u065F\u0670\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF]', '', 'g'), NFC) END
        AS spelt
    FROM unnest(word_units, word_parts, words_found, stemmed)
      AS word(at_unit, at_part, said, stems)
  ),
  stem AS (
    SELECT folded.at_unit, folded.at_part, folded.plain,
      regexp_replace(folded.spelt, '(?<![aeiouq])([aou])e', '\1', 'g') AS flat
    FROM folded
    WHERE folded.stems AND folded.spelt ~ '^[a-z]{3,40}$'
  )
  SELECT form.at_unit, form.at_part, form.said, form.begins
  FROM unnest(units, parts, lexemes, beginnings) AS form(at_unit, at_part, said, begins)
  WHERE form.said <> ''
  UNION
  SELECT folded.at_unit, folded.at_part, left(folded.plain, 64), length(folded.plain) > 1
  FROM folded
  WHERE folded.plain <> ''
  UNION
  SELECT folded.at_unit, folded.at_part, left(folded.spelt, 64), length(folded.spelt) > 1
  FROM folded
  WHERE folded.spelt <> folded.plain
  UNION
  SELECT stem.at_unit, stem.at_part, '~' || root.said, false
  FROM stem
  CROSS JOIN LATERAL unnest(
    ts_lexize('german_stem', stem.flat) || ts_lexize('english_stem', stem.plain)
  ) AS root(said);
END
