"""Pages of people who work for a partner platform."""
