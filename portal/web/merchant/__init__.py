"""Pages of the merchant audience."""
