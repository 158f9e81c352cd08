"""What each person chooses for themselves."""
