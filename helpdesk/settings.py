"""Settings of the portal, all from environment variables; docs/settings.md lists them.

A wrong value stops the start with one clear line (`helpdesk.environment`).
"""

import os
import re
from datetime import timedelta
from pathlib import Path

from helpdesk import environment
from helpdesk.environment import WrongSetting
from helpdesk.identity.totp import totp_issuer

BASE_DIR = Path(__file__).resolve().parent.parent
env = os.environ

# What the operator decides

DATA_DIR = environment.directory(env, "DATA_DIR", BASE_DIR / "var")
# Where `manage.py backup` puts what it makes.
BACKUP_DIR = environment.folder_name(env, "BACKUP_DIR", DATA_DIR / "backups")
HOST = environment.listening_address(env, "HOST", "127.0.0.1")
PORT = environment.integer(env, "PORT", 8000, lowest=1, highest=65535)
WEB_CONCURRENCY = environment.integer(env, "WEB_CONCURRENCY", len(os.sched_getaffinity(0)), lowest=1, highest=128)
WORKER_MEMORY_MB = environment.integer(env, "WORKER_MEMORY_MB", 0, lowest=0, highest=1_048_576)
DEBUG = environment.switch(env, "DEBUG")
LOG_LEVEL = environment.choice(env, "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOG_FORMAT = environment.choice(env, "LOG_FORMAT", "TEXT", ("TEXT", "JSON"))
# A line for each request; a query that took longer is logged (milliseconds, 0 for none).
LOG_REQUESTS = environment.switch(env, "LOG_REQUESTS")
SLOW_QUERY_MS = environment.integer(env, "SLOW_QUERY_MS", 500, lowest=0, highest=600_000)
# Where Prometheus asks (0: nowhere), and where Sentry is told of errors.
METRICS_HOST = environment.listening_address(env, "METRICS_HOST", "127.0.0.1")
METRICS_PORT = environment.integer(env, "METRICS_PORT", 0, lowest=0, highest=65535)
if METRICS_PORT == PORT:
    raise WrongSetting("METRICS_PORT must be another port than PORT: visitors would get what it says.")
SENTRY_DSN = environment.sentry_dsn(env, "SENTRY_DSN")
PAGE_CACHE_MB = environment.integer(env, "PAGE_CACHE_MB", 64, lowest=0, highest=65536)
CDN_SECONDS = environment.integer(env, "CDN_SECONDS", 0, lowest=0, highest=31_536_000)
PURGE_URL = environment.endpoint(env, "PURGE_URL")
PURGE_HEADER = environment.header(env, "PURGE_HEADER")
SECRET_KEY = environment.secret_key(env, "SECRET_KEY", DATA_DIR / "secret_key")
DATABASE_POOL = environment.integer(env, "DATABASE_POOL", 4, lowest=1, highest=100)
# Whether the portal may run on a database that can forget, in a power cut, what it has acknowledged.
DATABASE_MAY_FORGET = environment.switch(env, "DATABASE_MAY_FORGET")
DATABASES = {"default": environment.database(env, "DATABASE_URL", DATA_DIR, pool=DATABASE_POOL)}
CACHES = {"default": environment.cache(env, "CACHE_URL")}
PORTAL_NAME = environment.text(env, "PORTAL_NAME", "Login help")
OPERATOR_NAME = environment.text(env, "OPERATOR_NAME", "Interactive Brokers")
TIME_ZONE = environment.time_zone(env, "TIME_ZONE", "UTC")

PUBLIC_URL = environment.web_address(env, "PUBLIC_URL")
ALLOWED_HOSTS = environment.hosts(env, "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
if PUBLIC_URL:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, re.sub(r":\d+$", "", PUBLIC_URL.partition("://")[2])]

# How many proxies in front of the portal set the forwarding headers. With none, a visitor could forge them.
TRUSTED_PROXIES = environment.integer(env, "TRUSTED_PROXIES", 0, lowest=0, highest=9)

# Whether staff need a second factor to do anything at all.
REQUIRE_2FA = environment.switch(env, "REQUIRE_2FA")

# The networks from which /admin/ is there at all; everywhere when none is named.
ADMIN_NETWORKS = environment.networks(env, "ADMIN_NETWORKS")

# Where somebody who found a weakness reports it: said in /.well-known/security.txt.
SECURITY_CONTACT = environment.security_contact(env, "SECURITY_CONTACT")

# Whether `manage.py check_links` asks the sites that pages link to; and never those in private networks.
CHECK_LINKS = environment.switch(env, "CHECK_LINKS")
CHECK_LINKS_IN_PRIVATE_NETWORKS = False

# Parts

INSTALLED_APPS = [
    "helpdesk.flags",
    "helpdesk.accounts",
    "helpdesk.images",
    "helpdesk.addresses",
    "helpdesk.redirects",
    "helpdesk.outside",
    "helpdesk.identity",
    "helpdesk.guides",
    "helpdesk.announcements",
    "helpdesk.faq",
    "helpdesk.legal",
    "helpdesk.feedback",
    "helpdesk.search",
    "helpdesk.pagecache",
    "helpdesk.transfer",
    "helpdesk.reports",
    "helpdesk.agents",
    "helpdesk",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "admin_ordering",
    "django_htmx",
    "helpdesk.contentadmin.apps.ContentAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "helpdesk.observability.request_log.RequestLogMiddleware",
    "helpdesk.web.headers.MethodMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise, so that static files and refusals carry the headers as well.
    "helpdesk.web.headers.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # After WhiteNoise, whose files are compressed already.
    "helpdesk.web.compression.CompressionMiddleware",
    "helpdesk.outside.links.OutsideLinksMiddleware",
    # Before anything that asks for which host a request is, or how the database was.
    "helpdesk.operations.health.HealthMiddleware",
    "helpdesk.operations.outage.OutageMiddleware",
    # Before anything that would tell a staff page from an unknown address.
    "helpdesk.accounts.middleware.NetworkMiddleware",
    "helpdesk.redirects.middleware.PermanenceMiddleware",
    "helpdesk.web.headers.HostMiddleware",
    # The token of staff forms. Public posts are exempt: `public_post` checks their origin.
    "django.middleware.csrf.CsrfViewMiddleware",
    "helpdesk.accounts.staff_middleware.StaffMiddleware",
]

# Runs for /admin/ only, in this order.
STAFF_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "helpdesk.permissions.actor.ActorMiddleware",
    # Requests without a complete login end here.
    "helpdesk.accounts.middleware.StaffAccessMiddleware",
]

ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "helpdesk.web.context.portal",
                "helpdesk.identity.context.portal_identity",
                "helpdesk.announcements.context.announcements",
                "helpdesk.portal.context.ways_on",
            ],
        },
    }
]

# Data

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "helpdesk.web.compression.SmallStaticFilesStorage"},
}

# Nobody else's pages use our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Languages and time

LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["helpdesk.formats"]
USE_I18N = USE_TZ = True

# Safety

SECURE_CSP = {
    "default-src": ["'none'"],
    **{name: ["'self'"] for name in ("script-src", "style-src", "img-src", "connect-src", "form-action")},
    **{name: ["'none'"] for name in ("frame-ancestors", "base-uri")},
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

CSRF_FAILURE_VIEW = "helpdesk.accounts.views.csrf_failure.csrf_failure"

# The first one only says no, to an address that guesses (django-axes).
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "helpdesk.accounts.backend.StaffBackend"]

# After so many wrong passwords or codes for one name from one address, it waits; helpdesk/accounts/throttling.py.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "helpdesk.accounts.throttling.ThrottlingHandler"
AXES_CLIENT_IP_CALLABLE = "helpdesk.web.origin.counted_address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Its notes of what was sent have neither of these; the portal has a log and admin pages of its own.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "kept", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

OTP_TOTP_ISSUER = totp_issuer

# Only staff have cookies, so no cookie ever leaves the staff's part of the site.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# A session ends with the browser, after this time at the latest, and earlier when nothing is asked of it.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_AGE = 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Whoever watches over the machine asks it directly, without the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

if PUBLIC_URL.startswith("https://"):
    if not TRUSTED_PROXIES:
        # The portal itself speaks plain http. It would send every visitor round in circles to https.
        raise WrongSetting("PUBLIC_URL is https, so a proxy stands in front: set TRUSTED_PROXIES=1, or how many do.")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True

SILENCED_SYSTEM_CHECKS = [
    # Authentication, messages and sessions are in STAFF_MIDDLEWARE (tests/accounts/test_staff_middleware.py).
    "admin.E408",
    "admin.E409",
    "admin.E410",
    # The middleware of django-axes: the sign-in page itself answers who has to wait.
    "axes.W002",
    # HSTS preload: it binds a whole domain for years, so its owner has to ask for it, not one site on it.
    "security.W021",
]

# Long texts go in, but no more than a person can write; more is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Logs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": f"helpdesk.observability.log_format.{LOG_FORMAT.capitalize()}Formatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": LOG_LEVEL},
        "none": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django would mail errors and print requests; here everything goes one way.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # A query log is of use to nobody but who asks for it.
        "django.db.backends": {"level": "INFO"},
        # What Sentry's own library has to say of itself.
        "sentry_sdk": {"level": "ERROR"},
        # What a visitor did wrong (4xx) is said to the visitor; here stands what the portal did wrong.
        "django.request": {"level": "ERROR"},
        # What staff do is logged by helpdesk.accounts, in plainer words.
        "axes": {"level": "ERROR"},
        # Scanners send what is refused all day, hosts that are not ours and bodies that are too large; the answer is
        # all there is to say. Each of them would leave a page of the log here.
        "django.security": {"handlers": ["none"], "propagate": False},
    },
}
