"""How customers left: recorded when a ticket is resolved, taken back with that."""
