"""The tests of the campaigns themselves: the attacker, the logbook, the judges."""
