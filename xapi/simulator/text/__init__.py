"""How the simulated X reads a text: links, mentions, emoji, weights."""
