"""The evidence.

What can be shown about every reply, whether it still holds, and how it leaves the house.
"""
