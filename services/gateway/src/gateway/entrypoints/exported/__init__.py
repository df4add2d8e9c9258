"""Lists as tables: for each list of the API what stands in a line, and the pages its lines come from."""
