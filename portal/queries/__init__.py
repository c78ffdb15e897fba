"""Look-ups for pages, work queues and statistics; they never add and never flush."""
