"""Where requests enter: GraphQL over HTTP and WebSocket."""
