"""What the desk promises, as tests that read like sentences."""
