"""Who belongs where in which role, and who confirmed it."""
