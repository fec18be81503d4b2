"""The texts that bind or commit parties: one same-shaped folder each, and how parties stand to them."""
