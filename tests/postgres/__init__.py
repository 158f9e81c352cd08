"""A database engine that makes and empties test databases as the owner.

Everything else in the test process is the app's role.
"""
