"""What to talk about next: findings, deadlines and lapsed meetings become the agenda of a meeting."""
