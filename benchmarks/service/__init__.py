"""Measures the service over HTTP: `python -m benchmarks.service`."""
