"""이음 (Ieum): a portal for small-business O2O support programmes; see docs/explanation/architecture.md."""
