DECLARE
  first_at timestamptz;
  ends_at timestamptz;
BEGIN
  PERFORM FROM satisfaction_asking asking
  WHERE asking.id = NEW.asking_id
  FOR NO KEY UPDATE;
  NEW.at := desk_now();
  SELECT min(answer.at)
  INTO first_at
  FROM satisfaction_answer answer
  WHERE answer.asking_id = NEW.asking_id;
  SELECT asking.expires_at
  INTO ends_at
  FROM satisfaction_asking asking
  WHERE asking.id = NEW.asking_id;
  IF NEW.at > ends_at OR NEW.at > first_at + interval '1 hour' THEN
    RAISE EXCEPTION 'this link is over'
      USING ERRCODE = 'DK403', CONSTRAINT = 'satisfaction_answer_rule';
  END IF;
  RETURN NEW;
END
