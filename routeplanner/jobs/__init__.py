"""Durable jobs: the row of a job is the truth, Procrastinate's queue wakes workers."""
