"""Telling people what concerns them: rows made from the audit trail, shown live, sent by e-mail, put on the desktop."""
