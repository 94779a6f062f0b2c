"""HTTP: parses a request, calls one use case of `routeplanner`, returns its result."""
