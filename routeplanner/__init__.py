"""Periodic visit planning for field sales: from a store list to a repeating cycle of day routes."""

__version__ = "0.1.0"
