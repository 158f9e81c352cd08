"""How posts come in: polling, intake, gaps, refresh, retention."""
