"""Two tickets of one customer that are answered as one: merging, parting, locking both."""
