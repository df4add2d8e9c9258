"""派单 (routing): who answers a whistle, and the responsibility list that says so."""
