"""What connects accountability to the world around it."""
