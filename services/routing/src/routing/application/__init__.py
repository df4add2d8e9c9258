"""What routing does for whom: permission, sealing, and the facts others learn."""
