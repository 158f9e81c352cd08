"""Invitations, links to choose a password, and the e-mails that carry them."""
