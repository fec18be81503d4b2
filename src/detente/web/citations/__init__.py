"""Citations: short permanent addresses for what a page said, kept with the fingerprint of its answer."""
