"""Benches: each prints ratios of one run, since machines are noisy.

`python -m bench` runs them all, `python -m bench.pages` one.
"""
