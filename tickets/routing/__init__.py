"""Which department a new ticket goes to."""
