"""What was said and done: dated, authored, sourced statements and the registers that name things."""
