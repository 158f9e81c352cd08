"""Words: which characters may stand, how foreign text becomes HTML, how times are said."""
