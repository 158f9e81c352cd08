"""Running an installation from one screen: what is set, whence, and whether it works."""
