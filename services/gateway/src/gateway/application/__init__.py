"""What the gateway does for its callers: pass commands on, and wait until their effect can be read."""
