"""Benchmarks against the budgets: `python -m tests.benchmarks`."""
