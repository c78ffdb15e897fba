"""The tables, one aggregate per file."""
