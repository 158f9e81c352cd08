"""Every setting of the desk.

Development needs no environment; production names what it must (docs/reference/settings.md).
"""

from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from servicedesk import env
from servicedesk.operations import log_lines, production

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = env.flag("DESK_PRODUCTION")
DEBUG = env.flag("DESK_DEBUG")
DEMO = env.flag("DESK_DEMO")
DEVELOPMENT_KEY = "for-development-only-0123456789-0123456789-0123456789"
SECRET_KEY = env.text("DESK_SECRET_KEY", DEVELOPMENT_KEY)
DESK_URL = env.text("DESK_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.text("DESK_HOSTS", "127.0.0.1,localhost,testserver").replace(" ", "").split(",")
PROXIES = env.networks("DESK_PROXIES")
CSRF_TRUSTED_ORIGINS = [DESK_URL] if DESK_URL.startswith("https") else []

NOWHERE = "postgresql://desk_app@/desk?host=/nonexistent"
DATABASE_URL = env.text("DATABASE_URL", NOWHERE)
POOLED = env.flag("DESK_POOLED")
APP = env.database(DATABASE_URL, pooled=POOLED)
OWNER = env.database(env.text("DATABASE_OWNER_URL", DATABASE_URL))
AS_OWNER = env.flag("DESK_AS_OWNER")
DATABASES = {"default": OWNER if AS_OWNER else APP}
OWNER_IS_KNOWN = bool(env.text("DATABASE_OWNER_URL"))
APP_ROLE = APP["USER"] or "desk_app"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PAGE_SECONDS = env.number("DESK_PAGE_SECONDS", 5, least=1)

REDIS_URL = env.text("REDIS_URL", "unix:///nonexistent/valkey.sock")
LIVE_PREFIX = env.text("DESK_LIVE_PREFIX")
CELERY_BROKER_URL = env.broker(REDIS_URL)
# How long anybody waits for the broker, once: what it does is a courtesy.
BROKER_CONNECT_SECONDS = 1
BROKER_READ_SECONDS = 1.5

X_API_URL = env.text("X_API_URL", "https://api.x.com").rstrip("/")
X_IS_SIMULATED = env.flag("X_IS_SIMULATED")
X_VOCABULARY = env.text("X_VOCABULARY", "old")
X_TIMEOUT_SECONDS = env.number("X_TIMEOUT_SECONDS", 30, least=0.5)
CREDENTIALS_KEYS = env.text("DESK_CREDENTIALS_KEYS")

POLL_SECONDS = env.number("DESK_POLL_SECONDS", 15, least=1)
# How often it is asked what is due; the screen may choose a shorter interval than the setting.
POLL_TICK_SECONDS = min(5.0, POLL_SECONDS)
SEND_DELAY_SECONDS = env.number("DESK_SEND_DELAY_SECONDS", 5)
LEASE_SECONDS = env.number("DESK_LEASE_SECONDS", 90, least=1)
SETTLE_SECONDS = env.number("DESK_SETTLE_SECONDS", 120)
SECOND_READING_SECONDS = env.number("DESK_SECOND_READING_SECONDS", 60)
TICK_SECONDS = env.number("DESK_TICK_SECONDS", 2, least=0.2)
BACKOFF_SECONDS = env.number("DESK_BACKOFF_SECONDS", 5)
REOPEN_DAYS = env.number("DESK_REOPEN_DAYS", 7)

EMAIL_HOST = env.text("DESK_MAIL_HOST")
EMAIL_PORT = int(env.number("DESK_MAIL_PORT", 587, least=1))
EMAIL_HOST_USER = env.text("DESK_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("DESK_MAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("DESK_MAIL_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DESK_MAIL_FROM", "desk@localhost")

ANCHOR_FILE = env.text("DESK_ANCHOR_FILE")
METRICS_TOKEN = env.text("DESK_METRICS_TOKEN")
ANCHOR_KEY = env.text("DESK_ANCHOR_KEY")

BACKUP_DIRECTORY = env.text("DESK_BACKUP_DIRECTORY")
BACKUP_KEEP = int(env.number("DESK_BACKUP_KEEP", 4, least=1))
DATABASE_BACKUP_URL = env.text("DATABASE_BACKUP_URL")
POSTGRES_PROGRAMS = env.text("DESK_POSTGRES_PROGRAMS")

INSTALLED_APPS = [
    "core",
    "people",
    "tickets",
    "satisfaction",
    "approvals",
    "posting",
    "notices",
    "servicedesk.apps.ServicedeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servicedesk.apps.AdminSiteConfig",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "axes",
]
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "people.identity.backends.NotTooMany",
    "axes.backends.AxesStandaloneBackend",
    "people.identity.backends.ActivePeople",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AXES_FAILURE_LIMIT = 5  # wrong passwords for one sign-in from one address
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # nobody can lock a colleague elsewhere out
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "people.identity.throttling.client_address"
AXES_USERNAME_CALLABLE = "people.identity.throttling.name_of"
AXES_LOCKOUT_CALLABLE = "people.views.sign_in.locked_out"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_ENGINE = "people.identity.session_engine"
SESSION_COOKIE_AGE = int(env.number("DESK_SESSION_HOURS", 12) * 3600)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DESK_URL.startswith("https")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = PRODUCTION and DESK_URL.startswith("https")
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SILENCED_SYSTEM_CHECKS = [
    "templates.W003",  # `{% load i18n %}` loads ours on purpose, with constant words drawn once
    "security.W005",
    "security.W021",
]  # other hosts of the domain, and browsers' lists, are not the desk's to decide
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "servicedesk.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", X_API_URL if X_IS_SIMULATED else "https://pbs.twimg.com"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

MIDDLEWARE = [
    "servicedesk.operations.proxies.Proxies",
    "django.middleware.security.SecurityMiddleware",
    "servicedesk.middleware.Compressed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "servicedesk.middleware.NotKept",
    "servicedesk.middleware.BodyLimit",
    "servicedesk.middleware.ActionAddresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "servicedesk.middleware.PageStart",
    "people.identity.middleware.OwnLanguage",
    "people.identity.middleware.OwnTimes",
    "people.identity.middleware.ActingThroughSession",
    "people.identity.reauthentication.SaysAgain",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "servicedesk.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "servicedesk.urls"
WSGI_APPLICATION = "servicedesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "servicedesk.frame.indentation.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "servicedesk.frame.page_context.desk",
            ],
            "libraries": {"i18n": "core.templatetags.own_i18n"},
            "builtins": [
                "core.templatetags.addresses",
                "core.templatetags.words",
                "core.templatetags.once",
                "core.templatetags.pieces",
                "core.templatetags.truncated_lists",
                "tickets.templatetags.tickets",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.text("DESK_TIME_ZONE", "Europe/Berlin")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("DESK_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "servicedesk.static_files.finder.Joined",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "servicedesk.static_files.storage.HashedStatic"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# For each caller and web process; 0 is no limit.
API_CALLS_PER_MINUTE = {
    "read": int(env.number("DESK_API_READS_PER_MINUTE", 600, least=0)),
    "write": int(env.number("DESK_API_WRITES_PER_MINUTE", 240, least=0)),
    "decide": int(env.number("DESK_API_DECISIONS_PER_MINUTE", 60, least=0)),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.identity.api_authentication.Token",
        "people.identity.api_authentication.Session",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.base.Json"],
    "DEFAULT_METADATA_CLASS": None,  # the schema says what an operation takes
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        kind: f"{most}/min" if most else None for kind, most in API_CALLS_PER_MINUTE.items()
    },
    "NUM_PROXIES": 0,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "servicedesk.api.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Paraph",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [],
    "DESCRIPTION": "A desk that answers customers on X, with four eyes on every reply.",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "DraftStatusEnum": "approvals.states.DraftStatus",
        "ResolvedReasonEnum": "tickets.states.ResolvedReason",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "servicedesk.api.description.with_errors",
    ],
}

LOG_FORMAT = env.text("DESK_LOG_FORMAT", "plain")
if LOG_FORMAT not in log_lines.FORMATS:
    raise ImproperlyConfigured("DESK_LOG_FORMAT is 'plain' or 'json'.")
LOGGING = log_lines.configuration(LOG_FORMAT)
ALIVE_FILE = env.text("DESK_ALIVE_FILE")

if PRODUCTION and (against := production.text_of(globals())):
    raise ImproperlyConfigured(against)
if X_VOCABULARY not in {"old", "new"}:
    raise ImproperlyConfigured("X_VOCABULARY is 'old' or 'new'.")
if LEASE_SECONDS <= X_TIMEOUT_SECONDS:
    raise ImproperlyConfigured("DESK_LEASE_SECONDS must be longer than X_TIMEOUT_SECONDS.")
