"""A conversation as the desk shows it, and the notes beside it."""
