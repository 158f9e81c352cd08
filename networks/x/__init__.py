"""The adapter of X: what the desk asks by the client of X, and X's answers in the desk's words."""
