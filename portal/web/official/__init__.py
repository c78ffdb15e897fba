"""Pages of the official audience."""
