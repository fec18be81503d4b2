"""The only door for writing: it examines the form of a statement, never its substance, keeps it, and notifies."""
