"""Writes the world out: letters, statistics, bank files, open data."""
