"""Commands of `manage.py`: start, backup, restore, doctor, content export and import, search index.

Each parses its arguments, calls a package, and prints the result.
"""
