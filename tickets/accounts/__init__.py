"""Our accounts on X: connecting, credentials, profiles, what X refuses to show."""
