"""The access to X of an account is its own: kept by one routine alone, and never another account's."""

from core.guards import Guard, Routine, refuse

NAME = "tickets_account_access"
OWN_FRONT = "convert_to('1:' || {account}.x_id || ':', 'UTF8')"

ACCESS = Guard(
    name=NAME, when="BEFORE INSERT OR UPDATE", body=f"""
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF length(NEW.credentials) > 0 THEN {refuse(NAME, "access is kept by its routine alone")} END IF;
    RETURN NEW;
  END IF;
  IF NEW.x_id IS DISTINCT FROM OLD.x_id THEN {refuse(NAME, "an account stays the one it is on X")} END IF;
  IF NEW.credentials IS DISTINCT FROM OLD.credentials
     AND position({OWN_FRONT.format(account="NEW")} IN NEW.credentials) <> 1 THEN
    {refuse(NAME, "the access of another account")} END IF;
  RETURN NEW;
END""")

KEEP_ACCESS = Routine(
    name="tickets_keep_access", arguments="of_account bigint, access bytea, why text, by_user bigint, door text", returns="void",
    app_calls=True, writes=True, body=f"""
DECLARE account tickets_connectedaccount;
BEGIN
  SELECT kept.* INTO account FROM tickets_connectedaccount kept WHERE kept.id = of_account FOR NO KEY UPDATE;
  IF account.id IS NULL THEN {refuse(NAME, "no such account")} END IF;
  IF why NOT IN ('kept', 'rotated') THEN {refuse(NAME, "access is kept or rotated")} END IF;
  IF position({OWN_FRONT.format(account="account")} IN access) <> 1 THEN
    {refuse(NAME, "the access of another account")} END IF;
  UPDATE tickets_connectedaccount SET credentials = access, updated_at = desk_now() WHERE id = of_account;
  INSERT INTO core_event (name, by_id, through, topic_kind, topic_id, subject_kind, subject_id, department_id, data)
  VALUES ('credentials.' || why, by_user, door, 'tickets.connectedaccount', of_account, 'tickets.connectedaccount', of_account,
          account.department_id, jsonb_build_object('sha256', encode(sha256(access), 'hex')));
END""")
