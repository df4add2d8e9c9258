"""How routing is reached: HTTP."""
