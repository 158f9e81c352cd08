DECLARE
  said approvals_review;
  words approvals_revision;
  endorser people_membership;
  writer people_membership;
  countersigned boolean;
BEGIN
  SELECT one.*
  INTO said
  FROM approvals_review one
  WHERE one.id = of_review;
  SELECT one.*
  INTO words
  FROM approvals_revision one
  WHERE one.id = said.revision_id;
  SELECT role.*
  INTO endorser
  FROM people_membership role
  WHERE role.id = said.membership_id;
  SELECT role.*
  INTO writer
  FROM people_membership role
  WHERE role.id = words.membership_id;
  countersigned := EXISTS (
    SELECT FROM approvals_revision earlier
    WHERE earlier.draft_id = words.draft_id
      AND people_natural(earlier.person_id) = people_natural(said.person_id)
      AND earlier.number < words.number
  );
  IF countersigned AND endorser.role = 'agent' THEN
    IF writer.id IS NOT NULL AND NOT people_role_firm(writer.id) THEN
      RETURN true;
    END IF;
  ELSIF NOT people_role_firm(endorser.id) THEN
    RETURN true;
  END IF;
  RETURN people_made_by(
    words.person_id, said.person_id, false
  ) OR people_made_by(said.person_id, words.person_id, false);
END
