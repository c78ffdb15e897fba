"""HTTP: routing, access, errors, labels, and one folder per audience."""
