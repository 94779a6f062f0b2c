"""Durable jobs: the row of a plan or import is the truth, Procrastinate's queue wakes workers."""
