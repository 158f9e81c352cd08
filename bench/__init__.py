"""Benches: each prints ratios of one run, since machines are noisy. `python -m bench.pages`, `python -m bench.mentions`."""
