"""Long runs against the whole: hostile queries, broken rows, swaps, kills (``make soak``)."""
