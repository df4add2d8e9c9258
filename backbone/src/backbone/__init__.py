"""The shared machinery of Chuishao: event sourcing, messaging and the service edge, without a domain word."""
