"""What runs inside the peer's own environment, and nowhere else."""
