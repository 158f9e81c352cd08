"""Personal data in public."""
