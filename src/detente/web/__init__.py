"""The web face: any day opened in a browser, in two languages; it reads the record and writes nothing into it."""
