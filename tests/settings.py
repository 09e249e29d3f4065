"""The portal's own settings, in a world of their own: whatever the caller's environment says, a test run sees this.

Only DATABASE_URL is taken over, so that the same suite runs on SQLite and on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile

_DATA_DIR = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, _DATA_DIR, ignore_errors=True)

for _name in ("ALLOWED_HOSTS", "CACHE_URL", "DEBUG", "HOST", "LOG_LEVEL", "OPERATOR_NAME", "PORT", "PORTAL_NAME"):
    os.environ.pop(_name, None)
for _name in ("ADMIN_NETWORKS", "CDN_SECONDS", "DATABASE_MAY_FORGET", "DATABASE_POOL", "LOG_FORMAT", "PAGE_CACHE_MB"):
    os.environ.pop(_name, None)
for _name in ("PURGE_HEADER", "PURGE_URL", "SECURITY_CONTACT"):
    os.environ.pop(_name, None)
for _name in ("PUBLIC_URL", "REQUIRE_2FA", "SECRET_KEY", "TIME_ZONE", "TRUSTED_PROXIES", "WEB_CONCURRENCY"):
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
