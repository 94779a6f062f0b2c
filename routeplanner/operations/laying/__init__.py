"""Lays a plan's cycle on dates (handbook part 2): what is lost goes by rules, all of it listed."""

from routeplanner.operations.laying.lay import lay_cycle

__all__ = ["lay_cycle"]
