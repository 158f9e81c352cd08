DECLARE
  recorded tickets_outcome;
BEGIN
  SELECT outcome.*
  INTO recorded
  FROM tickets_outcome outcome
  WHERE outcome.id = NEW.outcome_id;
  IF NOT recorded.sampled
    OR EXISTS (SELECT FROM tickets_outcome taken WHERE taken.undoes_id = recorded.id) THEN
    RAISE EXCEPTION 'only an outcome that was drawn and holds is checked'
      USING ERRCODE = 'DK403', CONSTRAINT = 'satisfaction_outcomecheck_rule';
  END IF;
  IF NOT EXISTS (
    SELECT FROM people_user checker, people_user recorder
    WHERE checker.id = NEW.by_id
      AND checker.is_active
      AND recorder.id = recorded.by_id
      AND people_natural(checker.person_id) <> people_natural(recorder.person_id)
  ) THEN
    RAISE EXCEPTION 'who recorded an outcome does not check it'
      USING ERRCODE = 'DK403', CONSTRAINT = 'satisfaction_outcomecheck_rule';
  END IF;
  NEW.at := desk_now();
  RETURN NEW;
END
