"""Backups, restores, and what is wrong with a deployment."""
