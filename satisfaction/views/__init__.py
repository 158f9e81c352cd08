"""Pages of the package: the one behind a survey's link, the surveys, the figures."""
