"""Files by content, settlement lines as Parquet, and the sandboxed readers."""
