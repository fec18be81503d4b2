"""Pictures: numbers turned into coordinates; the templates draw them as SVG, with the numbers beside."""
