"""Reads the world in: form fields and uploaded files become frozen dataclasses."""
