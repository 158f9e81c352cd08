BEGIN
  RETURN (
    WITH form AS (
      SELECT cut.unit, cut.part,
        quote_literal(cut.lexeme) || CASE WHEN cut.begins THEN ':*' ELSE '' END AS lexeme
      FROM tickets_cut(words) cut
      WHERE cut.part >= 0
    ),
    part AS (
      SELECT form.unit, form.part, string_agg(form.lexeme, ' | ') AS forms
      FROM form
      GROUP BY form.unit, form.part
    ),
    unit AS (
      SELECT part.unit, concat_ws(
        ' | ',
        max(part.forms) FILTER (WHERE part.part = 0),
        '(' || string_agg('(' || part.forms || ')', ' & ') FILTER (WHERE part.part > 0) || ')'
      ) AS forms
      FROM part
      GROUP BY part.unit
      ORDER BY part.unit
      LIMIT 8
    )
    SELECT string_agg('(' || unit.forms || ')', ' & ')::tsquery FROM unit
  );
END
