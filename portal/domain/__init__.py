"""The rules, with the standard library alone."""
