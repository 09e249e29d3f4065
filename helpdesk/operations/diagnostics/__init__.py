"""Diagnostics: Django system checks of a deployment, which `manage.py doctor` runs.

Offers `examine`. The checks are registered when this package is imported, which only doctor does: `check --deploy` has
to run without a database. Every check returns one message; an `Info` says that all is well.
"""

from helpdesk.operations.diagnostics import database_checks, deployment_checks, machine_checks
from helpdesk.operations.diagnostics.registry import Section, examine

__all__ = ["Section", "database_checks", "deployment_checks", "examine", "machine_checks"]
