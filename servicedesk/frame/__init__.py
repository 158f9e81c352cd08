"""What stands around every page: the bar with its counts, and what every page begins with."""
