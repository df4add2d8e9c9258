"""派单域: who answers a whistle, decided without clock, chance or I/O."""
