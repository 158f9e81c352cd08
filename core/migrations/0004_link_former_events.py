"""Events from before the chain get their links, in the order of their numbers; and everybody signs in once more.

From here on a sign-in is an event, and a decision names the session it came through: sessions from before have none.
"""

from django.db import migrations

LINK_FORMER = """
DO $former$
DECLARE entry core_event; head core_chainhead; linked timestamptz;
BEGIN
  FOR entry IN SELECT e.* FROM core_event e WHERE NOT EXISTS (SELECT FROM core_link l WHERE l.event_id = e.id) ORDER BY e.id LOOP
    SELECT x.* INTO head FROM core_chainhead x WHERE x.id = 1;
    IF head.id IS NULL THEN
      INSERT INTO core_chainhead (id, number, hash) VALUES (1, 0, repeat('0', 64));
      SELECT x.* INTO head FROM core_chainhead x WHERE x.id = 1;
    END IF;
    linked := desk_now();
    head.number := head.number + 1;
    head.hash := encode(sha256(convert_to(head.hash || core_event_text(entry, head.number, linked), 'UTF8')), 'hex');
    INSERT INTO core_link (number, event_id, at, hash) VALUES (head.number, entry.id, linked, head.hash);
    UPDATE core_chainhead SET number = head.number, hash = head.hash WHERE id = 1;
  END LOOP;
END $former$;
DELETE FROM django_session;
"""


class Migration(migrations.Migration):
    """Data only; there is nothing to undo."""

    dependencies = [("core", "0003_chain"), ("sessions", "0001_initial")]
    operations = [migrations.RunSQL(LINK_FORMER, migrations.RunSQL.noop)]
