DECLARE
  pictures text;
BEGIN
  IF jsonb_typeof(content) IS DISTINCT FROM 'object'
    OR jsonb_typeof(content -> 'attachments') IS DISTINCT FROM 'array' THEN
    RETURN NULL;
  END IF;
  SELECT string_agg(
    '{"alt":' || to_json(picture.entry ->> 'alt')
      || ',"kind":' || to_json(picture.entry ->> 'kind')
      || ',"sha256":' || to_json(picture.entry ->> 'sha256')
      || '}',
    ',' ORDER BY picture.place
  )
  INTO pictures
  FROM jsonb_array_elements(content -> 'attachments') WITH ORDINALITY AS picture (entry, place);
  RETURN '{"account":' || to_json(content ->> 'account')
    || ',"attachments":[' || coalesce(pictures, '')
    || '],"draft":' || (content ->> 'draft')
    || ',"initials":' || to_json(content ->> 'initials')
    || ',"network":' || to_json(content ->> 'network')
    || ',"surface":' || to_json(content ->> 'surface')
    || ',"target":' || to_json(content ->> 'target')
    || ',"text":' || to_json(content ->> 'text')
    || ',"version":2}';
END
