"""The portal's settings for `make dev`: static files as they are, the debug toolbar when asked for.

`helpdesk.settings` knows nothing of the toolbar, so no variable can turn it on where the portal is operated.
"""

from helpdesk import environment
from helpdesk.settings import *  # noqa: F403
from helpdesk.settings import DEBUG, INSTALLED_APPS, MIDDLEWARE, SECURE_CSP, STORAGES, env

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

if DEBUG and environment.switch(env, "DEBUG_TOOLBAR"):
    ROOT_URLCONF = "dev.urls"
    INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar"]
    # After the compression, so that it finds pages it can read.
    _place = MIDDLEWARE.index("helpdesk.web.compression.CompressionMiddleware") + 1
    MIDDLEWARE = [*MIDDLEWARE[:_place], "debug_toolbar.middleware.DebugToolbarMiddleware", *MIDDLEWARE[_place:]]
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    # Its panels have styles of their own in the page, and pictures in their style sheets.
    SECURE_CSP = SECURE_CSP | {"style-src": ["'self'", "'unsafe-inline'"], "img-src": ["'self'", "data:"]}
