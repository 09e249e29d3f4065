"""Commands of `manage.py` for accounts: `reset_second_factor`."""
