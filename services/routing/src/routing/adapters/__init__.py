"""Ports of the application over HTTP."""
