-- The one rule by which words are cut, those that are kept and those that are typed.
-- Gives forms: `unit` is what stands together, `part` what of it was typed apart (0: the
-- unit as one, -1: found, but never asked for), `begins` whether longer words fit too.
-- Numbers of six digits and more come out first, whatever stands between the digits; then scripts
-- without blanks, by pairs of signs; then pictures; then words.
-- Words stand without accents, with umlauts written out, and by their German and English stem.
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
  -- words, which will be folded
  word_units integer[] := '{}';
  word_parts integer[] := '{}';
  words_found text[] := '{}';
  stemmed boolean[] := '{}';
  -- the forms
  units integer[] := '{}';
  parts integer[] := '{}';
  lexemes text[] := '{}';
  beginnings boolean[] := '{}';
BEGIN
  said := tickets_as_read(words);

  IF said ~ '{{number}}' THEN
    FOR found IN SELECT regexp_matches(said, '{{number}}', 'g') LOOP
      at_unit := at_unit + 1;
      run := found[1];
      joined := regexp_replace(run, '[^0-9]', '', 'g');
      bits := string_to_array(btrim(regexp_replace(run, '[^0-9]+', ' ', 'g')), ' ');
      plain := ltrim(joined, '0');
      IF run ~ '^([+]|00)' THEN
        plain := ltrim(regexp_replace(plain, '^{{country}}', ''), '0');
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
    said := regexp_replace(said, '{{number}}', ' ', 'g');
  END IF;

  IF said ~ '{{dense}}' THEN
    FOR found IN SELECT regexp_matches(said, '{{dense}}', 'g') LOOP
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
    said := regexp_replace(said, '{{dense}}', ' ', 'g');
  END IF;

  IF said ~ '{{picture}}' THEN
    FOR found IN SELECT regexp_matches(said, '{{picture}}', 'g') LOOP
      at_unit := at_unit + 1;
      units := units || at_unit;
      parts := parts || 0;
      lexemes := lexemes || found[1];
      beginnings := beginnings || false;
    END LOOP;
  END IF;

  FOREACH run IN ARRAY string_to_array(regexp_replace(said, '{{between}}', ' ', 'g'), ' ') LOOP
    run := btrim(run, '{{glue}}');
    CONTINUE WHEN run = '';
    at_unit := at_unit + 1;
    joined := translate(run, '{{glue}}', '');
    bits := array_remove(string_to_array(translate(run, '{{typed_glue}}', '{{blanks}}'), ' '), '');
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
    bits := array_remove(string_to_array(translate(run, '{{glue}}', '{{blanks}}'), ' '), '');
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
      CASE WHEN octet_length(word.said) = length(word.said) THEN word.said ELSE {{plain_word}} END
        AS plain,
      CASE WHEN octet_length(word.said) = length(word.said) THEN word.said ELSE {{spelt_word}} END
        AS spelt
    FROM unnest(word_units, word_parts, words_found, stemmed)
      AS word(at_unit, at_part, said, stems)
  ),
  stem AS (
    SELECT folded.at_unit, folded.at_part, folded.plain,
      regexp_replace(folded.spelt, '{{umlaut}}', '\1', 'g') AS flat
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
