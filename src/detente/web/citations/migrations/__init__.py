"""What was done to the database, step by step; `detente serve` does what is left to do when it starts."""
