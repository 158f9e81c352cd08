-- Words as they are read before they are cut: composed, small, without what nobody sees, with the
-- digits of ASCII, and our own mark where small letters meet capital ones, or letters digits.
BEGIN
  RETURN lower(
    regexp_replace(
      translate(
        regexp_replace(normalize(words, NFKC), '{{hidden}}', '', 'g'),
        '{{digits}}',
        '{{ascii_digits}}'
      ),
      '{{within}}',
      E'\u0001',
      'g'
    ) COLLATE pg_c_utf8
  );
END
