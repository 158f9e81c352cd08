BEGIN
  IF TG_OP = 'UPDATE'
    AND (NEW.handle, NEW.name) IS NOT DISTINCT FROM (OLD.handle, OLD.name) THEN
    RETURN NULL;
  END IF;
  PERFORM tickets_keep_customer_words(NEW.id);
  RETURN NULL;
END
