"""Finds the smallest set of relaxations that makes an over-full scenario fit."""
