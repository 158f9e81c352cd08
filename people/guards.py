"""What the database itself keeps true about people."""

from core.guards import Guard, Routine, refuse

ENTITLEMENT = Routine(
    name="people_entitlement", arguments="of_person bigint, in_department bigint", returns="text",
    body="""
DECLARE found text;
BEGIN
  WITH RECURSIVE up AS (
    SELECT d.id, d.parent_id FROM people_department d WHERE d.id = in_department
    UNION SELECT p.id, p.parent_id FROM people_department p JOIN up ON p.id = up.parent_id)
  SELECT CASE
    WHEN EXISTS (SELECT FROM people_membership m JOIN up ON up.id = m.department_id WHERE m.person_id = of_person
                 AND m.ended_at IS NULL AND m.role IN ('deputy', 'lead')) THEN 'lead'
    WHEN EXISTS (SELECT FROM people_membership m WHERE m.person_id = of_person AND m.department_id = in_department
                 AND m.ended_at IS NULL AND m.role = 'reviewer') THEN 'reviewer'
    WHEN EXISTS (SELECT FROM people_membership m JOIN people_department d ON d.id = m.department_id
                 WHERE m.person_id = of_person AND m.department_id = in_department AND m.ended_at IS NULL
                 AND m.role = 'agent' AND d.review_policy = 'colleagues') THEN 'colleague' END
  INTO found;
  RETURN found;
END""")

MEMBERSHIP = Guard(
    name="people_membership_period", when="BEFORE INSERT OR UPDATE OR DELETE", body=f"""
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse("people_membership_period", "memberships are closed, not deleted")} END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.started_at := desk_now();
    IF NEW.ended_at IS NOT NULL THEN {refuse("people_membership_period", "a membership begins open")} END IF;
    RETURN NEW;
  END IF;
  IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
     OR (NEW.person_id, NEW.role, NEW.started_at) IS DISTINCT FROM (OLD.person_id, OLD.role, OLD.started_at)
     OR NEW.department_id IS DISTINCT FROM OLD.department_id THEN
    {refuse("people_membership_period", "a membership is only ever closed, once")}
  END IF;
  NEW.ended_at := desk_now();
  RETURN NEW;
END""")

SAME_PERSON = Guard(
    name="people_user_person", when="BEFORE UPDATE OR DELETE", body=f"""
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse("people_user_person", "sign-ins are never deleted")} END IF;
  IF NEW.person_id <> OLD.person_id THEN {refuse("people_user_person", "a sign-in stays with its person")} END IF;
  RETURN NEW;
END""")

KEPT_INITIALS = Guard(
    name="people_person_kept", when="BEFORE DELETE", body=f"""
BEGIN {refuse("people_person_kept", "persons are never deleted")} END""")
