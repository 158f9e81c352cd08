"""Running the desk: figures, probes, what production refuses, the broker's line."""
