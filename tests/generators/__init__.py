"""Makers of test data and the oracles that say what must come of it; nothing here asks the product."""
