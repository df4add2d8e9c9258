"""门户 (gateway): one GraphQL interface over the read models of all services."""
