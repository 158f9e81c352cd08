"""Our own timeline: which post on X is a reply whose outcome is unknown."""
