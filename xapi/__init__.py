"""A client for the X API v2 and a simulator of it.

Plain Python: nothing here knows Django or the desk.
"""
