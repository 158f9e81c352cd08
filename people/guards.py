"""What the database itself keeps true about people."""

from core.guards import Guard, Routine, refuse

NATURAL = Routine(
    name="people_natural",
    arguments="of_person bigint",
    returns="bigint",
    app_calls=True,
    body="""
DECLARE found bigint := of_person; next_one bigint;
BEGIN
  FOR step IN 1..20 LOOP
    SELECT k.same_as_id INTO next_one FROM people_personlink k WHERE k.person_id = found;
    EXIT WHEN next_one IS NULL;
    found := next_one;
  END LOOP;
  RETURN found;
END""",
)

# A role counts only where it stands (`people_role_standing`), and one that somebody gave to
# themselves
# after `written_at` does not count for what was written before. Under the policy `colleagues` any
# member
# endorses, but only if the department that owns the account (`owner`) has that policy too.
ENTITLEMENT = Routine(
    name="people_entitlement",
    arguments="of_person bigint, in_department bigint, written_at timestamptz, owner bigint",
    returns="text",
    body="""
DECLARE found text;
BEGIN
  WITH RECURSIVE up AS (
    SELECT d.id, d.parent_id FROM people_department d WHERE d.id = in_department
    UNION SELECT p.id, p.parent_id FROM people_department p JOIN up ON p.id = up.parent_id),
  held AS (
    SELECT m.* FROM people_membership m WHERE m.person_id = of_person AND m.ended_at IS NULL
    AND (m.given_by_id IS NULL OR people_natural(m.given_by_id) <> people_natural(m.person_id) OR m.started_at <= written_at)
    AND people_role_counts(m.id))
  SELECT CASE
    WHEN EXISTS (SELECT FROM held m JOIN up ON up.id = m.department_id WHERE m.role IN ('deputy', 'lead')) THEN 'lead'
    WHEN EXISTS (SELECT FROM held m WHERE m.department_id = in_department AND m.role = 'reviewer') THEN 'reviewer'
    WHEN EXISTS (SELECT FROM held m WHERE m.department_id = in_department AND m.role = 'agent')
     AND NOT EXISTS (SELECT FROM people_department d WHERE d.id IN (in_department, owner) AND d.review_policy <> 'colleagues') THEN 'colleague' END
  INTO found;
  RETURN found;
END""",
)

LAST_ADMINISTRATOR = """
  IF {leaves} THEN
    PERFORM pg_advisory_xact_lock(hashtext('people_last_administrator'));
    IF NOT EXISTS (SELECT FROM people_membership m JOIN people_user u ON u.person_id = m.person_id AND u.is_active
                   WHERE m.role = 'administrator' AND m.ended_at IS NULL AND {others} AND people_role_counts(m.id)) THEN
      {refusal}
    END IF;
  END IF;
"""

LINK = Guard(
    name="people_link_root",
    when="BEFORE INSERT",
    definer=True,
    body=f"""
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('people_link_root'));
  IF people_natural(NEW.person_id) = people_natural(NEW.same_as_id) THEN
    {refuse("people_link_root", "these two are one person already")} END IF;
  NEW.at := desk_now();
  RETURN NEW;
END""",
)

MEMBERSHIP = Guard(
    name="people_membership_period",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=f"""
BEGIN
  IF TG_OP = 'DELETE' THEN {
        refuse("people_membership_period", "memberships are closed, not deleted")
    } END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.started_at := desk_now();
    IF NEW.ended_at IS NOT NULL THEN {
        refuse("people_membership_period", "a membership begins open")
    } END IF;
    IF NEW.given_by_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM people_membership m WHERE m.role = 'administrator' AND m.person_id = NEW.given_by_id AND m.id = ANY (people_role_powers())) THEN
      {
        refuse(
            "people_membership_period", "only an administrator whose own role counts gives roles"
        )
    } END IF;
    RETURN NEW;
  END IF;
  IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
     OR (NEW.person_id, NEW.role, NEW.started_at) IS DISTINCT FROM (OLD.person_id, OLD.role, OLD.started_at)
     OR NEW.department_id IS DISTINCT FROM OLD.department_id OR NEW.given_by_id IS DISTINCT FROM OLD.given_by_id THEN
    {refuse("people_membership_period", "a membership is only ever closed, once")}
  END IF;
  {
        LAST_ADMINISTRATOR.format(
            leaves="OLD.role = 'administrator'",
            others="people_natural(m.person_id) <> people_natural(OLD.person_id)",
            refusal=refuse("people_membership_period", "the last administrator stays"),
        )
    }
  NEW.ended_at := desk_now();
  RETURN NEW;
END""",
)

SAME_PERSON = Guard(
    name="people_user_person",
    when="BEFORE UPDATE OR DELETE",
    definer=True,
    body=f"""
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse("people_user_person", "sign-ins are never deleted")} END IF;
  IF NEW.person_id <> OLD.person_id THEN {
        refuse("people_user_person", "a sign-in stays with its person")
    } END IF;
  {
        LAST_ADMINISTRATOR.format(
            leaves="OLD.is_active AND NOT NEW.is_active AND EXISTS (SELECT FROM people_membership x WHERE x.person_id = OLD.person_id "
            "AND x.role = 'administrator' AND x.ended_at IS NULL)",
            others="(people_natural(m.person_id) <> people_natural(OLD.person_id) "
            "OR (u.id <> OLD.id AND u.person_id = OLD.person_id))",
            refusal=refuse("people_user_person", "the last administrator stays"),
        )
    }
  RETURN NEW;
END""",
)

KEPT_INITIALS = Guard(
    name="people_person_kept",
    when="BEFORE DELETE",
    body=f"""
BEGIN {refuse("people_person_kept", "persons are never deleted")} END""",
)

INITIALS = Guard(
    name="people_person_initials",
    when="AFTER INSERT OR UPDATE",
    definer=True,
    body=f"""
DECLARE bearer bigint;
BEGIN
  IF NEW.initials IS NULL THEN RETURN NULL; END IF;
  INSERT INTO people_usedinitials (initials, person_id, at) VALUES (NEW.initials, NEW.id, desk_now()) ON CONFLICT (initials) DO NOTHING;
  SELECT x.person_id INTO bearer FROM people_usedinitials x WHERE x.initials = NEW.initials;
  IF bearer <> NEW.id THEN {refuse("people_person_initials", "somebody else bore these initials")} END IF;
  RETURN NULL;
END""",
)
