"""Measures the search: published instances and generated territories, beside two peers."""
