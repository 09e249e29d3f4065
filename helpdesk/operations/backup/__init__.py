"""Backups of the database and the images as one file, and their restore.

Offers `creation` and `restoration` to the commands, and the list of backups to the diagnostics. SQLite's backup API,
`pg_dump` and `pg_restore` do the work.
"""
