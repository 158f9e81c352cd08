"""Telling people what concerns them.

Rows made from the audit trail, shown live, sent by e-mail, put on the desktop.
"""
