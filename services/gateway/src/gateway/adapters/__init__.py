"""What connects the gateway to the world around it."""
