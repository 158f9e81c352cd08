BEGIN
  RETURN lower(
    regexp_replace(
      translate(
        regexp_replace(normalize(words, NFKC), '[\u00AD\u034F\u061C\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFE00-\uFE0F\uFEFF\u20E3\U0001F3FB-\U0001F3FF\U000E0000-\U000E0FFF\u0001]', '', 'g'),
        '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९',
        '012345678901234567890123456789'
      ),
      '(?<=[[:lower:]])(?=[[:upper:]])|(?<=[[:alpha:]])(?=[0-9])|(?<=[0-9])(?=[[:alpha:]])',
      E'\u0001',
      'g'
    ) COLLATE pg_c_utf8
  );
END
