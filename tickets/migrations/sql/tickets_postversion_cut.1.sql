BEGIN
  IF TG_OP = 'UPDATE'
    AND (NEW.text, NEW.links, NEW.media) IS NOT DISTINCT FROM (OLD.text, OLD.links, OLD.media) THEN
    RETURN NULL;
  END IF;
  PERFORM tickets_keep_post_words(NEW.id);
  RETURN NULL;
END
