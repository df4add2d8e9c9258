"""督办: the pure rules of clocks, the working calendar and policies; standard library only."""
