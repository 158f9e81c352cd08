"""When a department is on duty, and who is."""
