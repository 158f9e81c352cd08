-- Keep the words of one version of one post: of its text, of where its links lead, of what is
-- said of its media.
BEGIN
  INSERT INTO tickets_postwords (version_id, words, pieces)
  SELECT of_version, coalesce(forms.words, ''), tickets_pieces(said.words)
  FROM (
    SELECT concat_ws(
      ' ',
      version.text,
      (
        SELECT string_agg(link.address #>> '{}', ' ')
        FROM jsonb_path_query(version.links, '$[*].expanded_url') AS link(address)
      ),
      (
        SELECT string_agg(medium.words #>> '{}', ' ')
        FROM jsonb_path_query(version.media, '$[*].alt_text') AS medium(words)
      )
    ) AS words
    FROM tickets_postversion version
    WHERE version.id = of_version
  ) said
  CROSS JOIN LATERAL (
    SELECT array_to_tsvector(array_agg(DISTINCT cut.lexeme)) AS words
    FROM tickets_cut(said.words) cut
  ) forms
  ON CONFLICT (version_id) DO UPDATE SET words = excluded.words, pieces = excluded.pieces;
END
