"""Compiled code of bounds, in a folder of its own: changes of it leave the search compiled."""
