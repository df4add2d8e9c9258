"""One county week on a running system: every transition of every case, told by the people who make it."""
