"""Who somebody is: signing in, sessions, tokens, passwords."""
