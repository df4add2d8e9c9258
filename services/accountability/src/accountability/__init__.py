"""督办 (accountability): clocks, the working calendar, policies and figures."""
