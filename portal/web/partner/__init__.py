"""The partner API: what platforms' programs fetch and hand over."""
