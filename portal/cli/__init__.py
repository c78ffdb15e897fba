"""Flask commands, one file per noun."""
