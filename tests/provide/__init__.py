"""Gets what the tests need beyond Python: a browser and a PostgreSQL. `python -m tests.provide` then runs them all."""
