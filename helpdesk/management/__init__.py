"""Commands of `manage.py` for operators. May import everything below; imported by nothing."""
