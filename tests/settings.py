"""The portal's own settings, in a world of their own: whatever the caller's environment says, a test run sees this.

Only DATABASE_URL is taken over, so that the same suite runs on SQLite and on PostgreSQL.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

_DATA_DIR = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, _DATA_DIR, ignore_errors=True)

_SETTINGS = Path(__file__).parent.parent / "helpdesk" / "settings.py"
for _name in re.findall(r'env, "([A-Z0-9_]+)"', _SETTINGS.read_text()):
    if _name != "DATABASE_URL":
        os.environ.pop(_name, None)
os.environ["DATA_DIR"] = _DATA_DIR
os.mkdir(f"{_DATA_DIR}/static")  # WhiteNoise warns of a folder that is not there

from helpdesk.settings import *  # noqa: E402, F403
from helpdesk.settings import DATABASES, STORAGES  # noqa: E402

# The address that Django's test client sends.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

# No collectstatic before a test.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

# Signing in is no part of most tests; the slow hash is Django's to test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, since threads of the live server would share the one connection to a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": f"{_DATA_DIR}/test.sqlite3"}
    # Nothing here has to survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
