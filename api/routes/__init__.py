"""The resources, one module each; endpoints parse, call one use case, return."""
