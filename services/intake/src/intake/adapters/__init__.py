"""PostgreSQL and HTTP behind intake's ports."""
