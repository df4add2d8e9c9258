"""How intake is reached: HTTP."""
