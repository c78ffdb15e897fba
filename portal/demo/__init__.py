"""A county in full life: deterministic demo data, made by the same services that people use."""
