"""Terms, links and lines in; amounts with reasons out (shared contract: docs/reference/assessment.md)."""
