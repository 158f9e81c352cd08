"""What every model stands on: guards, rights, moves, locks and the database's own time."""
