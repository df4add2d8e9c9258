"""门户: who sees which case; the gateway decides nothing else."""
