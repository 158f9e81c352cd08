"""What the simulated X sends: answers in its words, webhooks, streams."""
