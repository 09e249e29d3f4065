"""Commands of `manage.py` for accounts. May import accounts and what is below."""
