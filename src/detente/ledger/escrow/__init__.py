"""The escrow: a party commits to a complete declaration at the outset and opens it step by step."""
