"""Read models of accountability, fed by its own log and those of the services it follows."""
