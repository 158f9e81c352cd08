"""What became of a reply, in sentences."""
