-- Keep the words of one customer: of handle and name.
BEGIN
  INSERT INTO tickets_customerwords (customer_id, words, pieces)
  SELECT of_customer, coalesce(forms.words, ''), tickets_pieces(said.words)
  FROM (
    SELECT concat_ws(' ', customer.handle, customer.name) AS words
    FROM tickets_customer customer
    WHERE customer.id = of_customer
  ) said
  CROSS JOIN LATERAL (
    SELECT array_to_tsvector(array_agg(DISTINCT cut.lexeme)) AS words
    FROM tickets_cut(said.words) cut
  ) forms
  ON CONFLICT (customer_id) DO UPDATE SET words = excluded.words, pieces = excluded.pieces;
END
