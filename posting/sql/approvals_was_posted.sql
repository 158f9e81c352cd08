BEGIN
  RETURN EXISTS (
    SELECT FROM posting_delivery delivery
    WHERE delivery.revision_id = of_revision AND delivery.status = 'posted'
  );
END
