BEGIN
  RETURN coalesce(people_role_standing(of_membership) IN ('command', 'confirmed', 'by_one'), false);
END
