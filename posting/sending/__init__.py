"""Posting a reply once: the look before, the upload, the call, the record."""
