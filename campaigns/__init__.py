"""Correctness under faults, with a seed: `python3 manage.py campaign NAME`."""
