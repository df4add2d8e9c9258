"""What intake does for whom: permission, sealing, numbering, and the facts others learn."""
