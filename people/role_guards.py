"""Whose role counts: the routines that say so, and the guard on confirmations.

A role counts once a second natural person with the right to give it has confirmed it; while there
is no such person it counts at once and is *given by one*. Roles that were set up by command count.
"""

from core.guards import Guard, Routine, only_read_committed, refuse

NAME = "people_roleconfirmation_rule"

# The newest word about a role: `confirmed`, `refused`, or none.
WORD = Routine(
    name="people_role_word",
    arguments="of_membership bigint",
    returns="text",
    body="""
BEGIN
  RETURN (SELECT newest.word FROM people_roleconfirmation newest
          WHERE newest.membership_id = of_membership ORDER BY newest.id DESC LIMIT 1);
END""",
)

# Confirmed by a chain of second persons that begins with a role set up by command. Two roles that
# one administrator gave may confirm each other; that alone makes neither of them firm.
FIRM = Routine(
    name="people_role_firm",
    arguments="of_membership bigint",
    returns="boolean",
    body="""
BEGIN
  RETURN EXISTS (
    WITH RECURSIVE behind AS (
      SELECT of_membership AS id
      UNION
      SELECT said.under_id FROM behind
      JOIN people_roleconfirmation said ON said.membership_id = behind.id AND said.word = 'confirmed'
      WHERE NOT EXISTS (SELECT FROM people_roleconfirmation later WHERE later.membership_id = said.membership_id
                        AND later.word = 'refused' AND later.id > said.id))
    SELECT FROM behind JOIN people_membership role ON role.id = behind.id WHERE role.given_by_id IS NULL);
END""",
)

# The natural persons who stand behind a role: its giver and, as long as the giver's own right is
# not firm, who gave that.
GIVERS = Routine(
    name="people_role_givers",
    arguments="of_membership bigint",
    returns="bigint[]",
    body="""
BEGIN
  RETURN ARRAY (
    WITH RECURSIVE giver AS (
      SELECT people_natural(role.given_by_id) AS person FROM people_membership role
      WHERE role.id = of_membership AND role.given_by_id IS NOT NULL
      UNION
      SELECT people_natural(theirs.given_by_id) FROM giver
      JOIN people_membership theirs ON people_natural(theirs.person_id) = giver.person
      WHERE theirs.role = 'administrator' AND NOT EXISTS (
        SELECT FROM people_membership firm WHERE people_natural(firm.person_id) = giver.person
        AND firm.role = 'administrator' AND people_role_firm(firm.id)))
    SELECT giver.person FROM giver);
END""",
)

# Whether one of these roles belongs to a second person with the right to give that role: not who
# receives it, not who gave it; an administrator, or a lead of its department or of one above. An
# administrator's role may be confirmed by any lead.
SECOND = Routine(
    name="people_role_second",
    arguments="of_membership bigint, among bigint[]",
    returns="boolean",
    app_calls=True,
    body="""
DECLARE given people_membership; givers bigint[];
BEGIN
  SELECT role.* INTO given FROM people_membership role WHERE role.id = of_membership;
  givers := people_role_givers(of_membership);
  RETURN EXISTS (
    WITH RECURSIVE up AS (
      SELECT place.id, place.parent_id FROM people_department place WHERE place.id = given.department_id
      UNION
      SELECT above.id, above.parent_id FROM people_department above JOIN up ON above.id = up.parent_id)
    SELECT FROM people_membership second WHERE second.id = ANY (among)
    AND people_natural(second.person_id) <> people_natural(given.person_id)
    AND people_natural(second.person_id) <> ALL (givers)
    AND (second.role = 'administrator' OR given.role = 'administrator'
         OR second.department_id IN (SELECT up.id FROM up)));
END""",
)

# The open roles of leads and administrators that count. Of those that nobody confirmed, an elder
# one comes before a younger, so that two of them never wait for each other.
POWERS = Routine(
    name="people_role_powers",
    arguments="",
    returns="bigint[]",
    body="""
DECLARE standing bigint[]; one record;
BEGIN
  SELECT coalesce(array_agg(role.id), '{}') INTO standing FROM people_membership role
  WHERE role.role IN ('lead', 'administrator') AND role.ended_at IS NULL
  AND (role.given_by_id IS NULL OR people_role_word(role.id) = 'confirmed')
  AND EXISTS (SELECT FROM people_user theirs WHERE theirs.person_id = role.person_id AND theirs.is_active);
  FOR one IN
    SELECT role.id FROM people_membership role
    WHERE role.role IN ('lead', 'administrator') AND role.ended_at IS NULL
    AND role.given_by_id IS NOT NULL AND people_role_word(role.id) IS NULL
    AND EXISTS (SELECT FROM people_user theirs WHERE theirs.person_id = role.person_id AND theirs.is_active)
    ORDER BY role.id
  LOOP
    IF NOT people_role_second(one.id, standing) THEN standing := standing || one.id; END IF;
  END LOOP;
  RETURN standing;
END""",
)

# How a role stands. The first three count.
STANDING = Routine(
    name="people_role_standing",
    arguments="of_membership bigint",
    returns="text",
    app_calls=True,
    body="""
DECLARE given people_membership; word text; powers bigint[];
BEGIN
  SELECT role.* INTO given FROM people_membership role WHERE role.id = of_membership;
  IF given.id IS NULL THEN RETURN NULL; END IF;
  IF given.given_by_id IS NULL THEN RETURN 'command'; END IF;
  word := people_role_word(of_membership);
  IF word = 'refused' THEN RETURN 'refused'; END IF;
  IF word = 'confirmed' THEN
    RETURN CASE WHEN people_role_firm(of_membership) THEN 'confirmed' ELSE 'by_one' END; END IF;
  powers := people_role_powers();
  IF of_membership = ANY (powers) OR NOT people_role_second(of_membership, powers) THEN RETURN 'by_one'; END IF;
  RETURN 'waits';
END""",
)

COUNTS = Routine(
    name="people_role_counts",
    arguments="of_membership bigint",
    returns="boolean",
    body="""
BEGIN
  RETURN coalesce(people_role_standing(of_membership) IN ('command', 'confirmed', 'by_one'), false);
END""",
)

# Whether one of two natural persons set the other's access within the last seven days.
ACCESS_SET = Routine(
    name="people_access_set",
    arguments="one bigint, other bigint",
    returns="boolean",
    app_calls=True,
    body="""
BEGIN
  RETURN EXISTS (
    SELECT FROM people_accesschange change WHERE change.at > desk_now() - interval '7 days'
    AND ((people_natural(change.setter_id) = people_natural(one) AND people_natural(change.subject_id) = people_natural(other))
      OR (people_natural(change.setter_id) = people_natural(other) AND people_natural(change.subject_id) = people_natural(one))));
END""",
)

# Whether `person` is at the desk by the word of `other` alone (or of somebody who holds `other`'s
# access): no role of theirs was ever set up by command or confirmed. `counting` asks whether that
# stops the two, which it does only while somebody else could confirm.
MADE_BY = Routine(
    name="people_made_by",
    arguments="person bigint, other bigint, counting boolean",
    returns="boolean",
    app_calls=True,
    body="""
BEGIN
  IF EXISTS (SELECT FROM people_membership role WHERE role.person_id = person AND CASE
      WHEN counting THEN people_role_counts(role.id) ELSE people_role_firm(role.id) END) THEN RETURN false; END IF;
  RETURN EXISTS (
    SELECT FROM people_membership role, unnest(people_role_givers(role.id)) AS giver(person_id)
    WHERE role.person_id = person AND (giver.person_id = people_natural(other) OR EXISTS (
      SELECT FROM people_accesschange change WHERE change.at > desk_now() - interval '7 days'
      AND people_natural(change.setter_id) = giver.person_id
      AND people_natural(change.subject_id) = people_natural(other))));
END""",
)

# Whether who gave or received the role set `second`'s e-mail, password or person within the last
# seven days, so that they could speak with that person's sign-in. Giving a role opens no sign-in.
STEERED = Routine(
    name="people_role_steered",
    arguments="of_membership bigint, second bigint",
    returns="boolean",
    app_calls=True,
    body="""
DECLARE behind bigint[];
BEGIN
  SELECT people_role_givers(role.id) || people_natural(role.person_id) INTO behind
  FROM people_membership role WHERE role.id = of_membership;
  RETURN EXISTS (
    SELECT FROM people_accesschange change WHERE change.at > desk_now() - interval '7 days' AND change.kind <> 'role'
    AND people_natural(change.subject_id) = people_natural(second)
    AND people_natural(change.setter_id) = ANY (behind)
    AND people_natural(change.setter_id) <> people_natural(second));
END""",
)

CONFIRMATION = Guard(
    name=NAME,
    when="BEFORE INSERT",
    definer=True,
    body=f"""
DECLARE given people_membership; own people_membership;
BEGIN
  {only_read_committed(NAME)}
  PERFORM pg_advisory_xact_lock(hashtext('{NAME}'));
  PERFORM FROM people_membership role WHERE role.id = NEW.membership_id FOR NO KEY UPDATE;
  PERFORM FROM people_membership role WHERE role.id = NEW.under_id FOR SHARE;
  SELECT role.* INTO given FROM people_membership role WHERE role.id = NEW.membership_id;
  SELECT role.* INTO own FROM people_membership role WHERE role.id = NEW.under_id;
  SELECT theirs.person_id INTO NEW.person_id FROM people_user theirs WHERE theirs.id = NEW.user_id AND theirs.is_active;
  NEW.at := desk_now();
  IF given.ended_at IS NOT NULL OR given.given_by_id IS NULL THEN
    {refuse(NAME, "no open role that somebody gave")} END IF;
  IF NEW.person_id IS NULL OR own.person_id IS DISTINCT FROM NEW.person_id OR NOT own.id = ANY (people_role_powers()) THEN
    {refuse(NAME, "not an active person whose own role counts")} END IF;
  IF NOT people_role_second(NEW.membership_id, ARRAY[NEW.under_id]) THEN
    {refuse(NAME, "nobody confirms what they gave or received, nor elsewhere")} END IF;
  IF people_role_steered(NEW.membership_id, NEW.person_id) THEN
    {refuse(NAME, "their access was set by who gave or received the role")} END IF;
  IF NEW.word = 'refused' AND given.role = 'administrator' AND NOT EXISTS (
      SELECT FROM people_membership other WHERE other.role = 'administrator' AND other.id = ANY (people_role_powers())
      AND people_natural(other.person_id) <> people_natural(given.person_id)) THEN
    {refuse(NAME, "the last administrator stays")} END IF;
  RETURN NEW;
END""",
)
