"""What the database itself keeps true about posts: what X showed us is not written anew, by nobody."""

from core.guards import Guard, refuse

OWN_POST = Guard(
    name="tickets_ownpost_facts", when="BEFORE UPDATE", body=f"""
BEGIN
  IF NEW.unseen_seconds < OLD.unseen_seconds
     OR (OLD.seen_at IS NOT NULL AND NEW.seen_at IS DISTINCT FROM OLD.seen_at)
     OR (OLD.gone_at IS NOT NULL AND NEW.gone_at IS DISTINCT FROM OLD.gone_at) THEN
    {refuse("tickets_ownpost_facts", "what was seen of our post stays as it was seen")} END IF;
  RETURN NEW;
END""")

NEWEST_VERSION = Guard(
    name="tickets_mention_newest", when="BEFORE UPDATE OF newest_id", definer=True, body=f"""
BEGIN
  IF NEW.newest_id IS DISTINCT FROM OLD.newest_id AND NOT EXISTS (
      SELECT FROM tickets_postversion later WHERE later.id = NEW.newest_id AND later.mention_id = NEW.id
      AND NOT EXISTS (SELECT FROM tickets_postversion former WHERE former.id = OLD.newest_id AND former.x_id > later.x_id)) THEN
    {refuse("tickets_mention_newest", "a later version of the same post, or none")} END IF;
  RETURN NEW;
END""")

WORDS_KEPT = Guard(
    name="tickets_postversion_words", when="BEFORE UPDATE", body=f"""
BEGIN
  IF (NEW.text, NEW.links, NEW.media) IS DISTINCT FROM (OLD.text, OLD.links, OLD.media) AND OLD.text <> ''
     AND (NEW.text <> '' OR NEW.links <> '[]' OR NEW.media <> '[]') THEN
    {refuse("tickets_postversion_words", "their words are emptied, never changed")} END IF;
  RETURN NEW;
END""")
