"""What accountability does: keep every clock, by the facts of other services and the rules in force."""
