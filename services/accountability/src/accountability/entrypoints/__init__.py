"""Where requests enter accountability."""
