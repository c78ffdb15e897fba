"""Official letters as PDF, one module per letter."""
