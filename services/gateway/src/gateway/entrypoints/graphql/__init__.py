"""The GraphQL interface: one schema for consoles and machines."""
