"""A simulated X.

An HTTP server that speaks the X API v2, remembers everything it ever showed, and is steered
over HTTP.

For trying out, training and tests. The desk reaches it by base URL only and imports nothing
from here.
"""
