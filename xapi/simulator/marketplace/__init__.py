"""The public page of the simulated X, and its scripted customers."""
